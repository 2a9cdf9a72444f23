import Capture
import CommandLine
import Service
import Testing

@testable import lifecycle

@Suite struct `policy` {
    let shop: CornerShop

    init() throws { shop = try CornerShop() }

    @Test func `check gives a customer for each rule`() {
        let session = shop.run("policy", "check", "./policy.yaml")
        #expect(session.code == .done)
        #expect(
            session.output == """
                ./policy.yaml: ok: 6 rules, 6 stages; 160 kinds of customer checked
                  line  stage     for example
                     7  lost      silence 180 days 1 ms, orders 2
                     8  dormant   silence 90 days 1 ms, orders 2
                     9  won_back  silence 0, silence before last order 90 days 1 ms, orders 2
                    10  regular   silence 0, orders 2
                    11  new       silence 0, orders 1
                    12  visitor   silence unknown, orders 0

                """)
    }

    @Test func `check names line, column and what was meant, and ends with 1`() throws {
        try shop.write(CornerShop.policy.replacing("silence > 90", with: "silense > 90"), to: "policy.yaml")
        let session = shop.run("policy", "check", "./policy.yaml")
        #expect(session.code == .answerIsNo)
        #expect(
            session.output == "./policy.yaml:8:15: error: unknown word \"silense\"; did you mean \"silence\"?\n")
        let report = try shop.object("policy", "check", "./policy.yaml", code: .answerIsNo)
        #expect(report["ok"] as? Bool == false)
        let error = try #require((report["errors"] as? [[String: Any]])?.first)
        #expect(error["line"] as? Int == 8)
        #expect(error["column"] as? Int == 15)
    }

    @Test func `check lists what is not in force yet`() throws {
        try shop.write(CornerShop.policy + "segments:\n  - buyers: orders >= 1\n", to: "policy.yaml")
        let session = shop.run("policy", "check", "./policy.yaml")
        #expect(session.code == .done)
        #expect(session.output.hasPrefix("./policy.yaml:13:1: note: \"segments\" is not in force yet\n"))
    }

    @Test(arguments: ["check", "show"])
    func `has the documented members in JSON`(command: String) throws {
        let report = try shop.object("policy", command, "./policy.yaml")
        #expect(Set(report.keys) == ["ok", "file", "errors", "notes", "name", "hash", "stages", "rules"])
        #expect(report["ok"] as? Bool == true)
        #expect(report["stages"] as? [String] == ["lost", "dormant", "won_back", "regular", "new", "visitor"])
        let rules = try #require(report["rules"] as? [[String: Any]])
        #expect(rules.map { $0["line"] as? Int } == [7, 8, 9, 10, 11, 12])
    }

    @Test func `show prints the file, the one in force, or the built-in one`() {
        #expect(
            shop.run("policy", "show", "./policy.yaml") == Session(code: .done, output: CornerShop.policy, errors: ""))
        shop.importOrders()
        #expect(shop.run("policy", "show", "--data", "./data").output == CornerShop.policy)
        #expect(shop.run("policy", "show").output.hasPrefix("policy: default\n"))
    }

    @Test func `ends with 2 for a file that is not there`() {
        #expect(shop.run("policy", "check", "./nowhere.yaml").code == .usage)
    }
}
