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
                  line  stage     for example, as of 2026-01-01
                     7  lost      2025-07-04 first order of 40.00 EUR
                     8  dormant   2025-10-02 first order of 40.00 EUR
                     9  won_back  2025-09-30 first order of 40.00 EUR
                                  2025-12-30 order of 40.00 EUR
                    10  regular   2025-11-30 first order of 40.00 EUR
                                  2025-12-30 order of 40.00 EUR
                    11  new       2025-12-30 first order of 40.00 EUR
                    12  visitor   2025-12-31 visit, not identified

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
        try shop.write(CornerShop.policy + "actions:\n  thanks: {after: first order}\n", to: "policy.yaml")
        let session = shop.run("policy", "check", "./policy.yaml")
        #expect(session.code == .done)
        #expect(session.output.hasPrefix("./policy.yaml:13:1: note: \"actions\" is not in force yet\n"))
    }

    @Test func `check gives each rule's history in JSON`() throws {
        let report = try shop.object("policy", "check", "./policy.yaml")
        let rules = try #require(report["rules"] as? [[String: Any]])
        let example = try #require(rules[2]["example"] as? [String: Any])
        #expect(example["as_of"] as? String == "2026-01-01T00:00:00.000Z")
        let history = try #require(example["history"] as? [[String: String]])
        #expect(
            history == [
                ["at": "2025-09-30T00:00:00.000Z", "text": "first order of 40.00 EUR"],
                ["at": "2025-12-30T00:00:00.000Z", "text": "order of 40.00 EUR"],
            ])
    }

    @Test func `check says for which rule it found no example`() throws {
        let policy = CornerShop.policy.replacing("orders >= 2", with: "orders >= 600")
        try shop.write(policy, to: "policy.yaml")
        let session = shop.run("policy", "check", "./policy.yaml")
        #expect(session.code == .done)
        #expect(
            session.output.contains(
                "    10  regular   no example was found: the one history that was tried does not end here\n"))
        let rules = try #require(try shop.object("policy", "check", "./policy.yaml")["rules"] as? [[String: Any]])
        let example = try #require(rules[3]["example"] as? [String: Any])
        #expect(example.keys.sorted() == ["not_found"])
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
