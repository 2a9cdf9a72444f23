import Capture
import CommandLine
import CustomerLifecycle
import PolicyLanguage
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
            session.output == """
                ./policy.yaml:8:15: error: unknown word "silense"; did you mean "silence"?
                  8 |   - dormant:  silense > 90 days
                    |               ^

                """)
        let report = try shop.object("policy", "check", "./policy.yaml", code: .answerIsNo)
        #expect(report["ok"] as? Bool == false)
        let error = try #require((report["errors"] as? [[String: Any]])?.first)
        #expect(error["line"] as? Int == 8)
        #expect(error["column"] as? Int == 15)
    }

    @Test func `check names what a line asks for and a log never fed, where a log is named`() throws {
        try shop.write(
            CornerShop.policy + "segments:\n  angry: open complaints >= 1\n  buyer: orders >= 1\n", to: "policy.yaml")
        #expect(shop.run("import", "./orders.csv", "--data", "./data", "--policy", "./policy.yaml").code != .usage)
        let session = shop.run("policy", "check", "./policy.yaml", "--data", "./data")
        #expect(session.code == .done)
        let note =
            "./policy.yaml:14:10: note: nothing in this log feeds \"open complaints\": \"angry\" (line 14) waits for it\n"
        #expect(session.output.contains(note), "\(session.output)")
        #expect(session.output.ranges(of: "nothing in this log").count == 1)
        #expect(!shop.run("policy", "check", "./policy.yaml").output.contains("nothing in this log"))
    }

    @Test func `check names what an action waits for and a log never fed`() throws {
        let actions = """
            actions:
              sorry: {after: each overdue delivery, while: open complaints = 0, task: {tell: at once}}
              thanks: {after: first order, task: {tell: at once}}
            """
        try shop.write(
            CornerShop.policy + "assume: {delivery promise: 48 hours}\n" + actions, to: "policy.yaml")
        #expect(shop.run("import", "./orders.csv", "--data", "./data", "--policy", "./policy.yaml").code != .usage)
        let session = shop.run("policy", "check", "./policy.yaml", "--data", "./data")
        let notes = session.output.split(separator: "\n").filter { $0.contains("nothing in this log") }
        #expect(
            notes == [
                "./policy.yaml:15:3: note: nothing in this log feeds \"delivery overdue\": \"sorry\" (line 15) waits for it",
                "./policy.yaml:15:48: note: nothing in this log feeds \"open complaints\": \"sorry\" (line 15) waits for it",
            ])
    }

    @Test func `check lists what is not in force yet`() throws {
        let referral = "referral:\n  limit: 5 friends\n"
        try shop.write(CornerShop.policy + referral, to: "policy.yaml")
        let session = shop.run("policy", "check", "./policy.yaml")
        #expect(session.code == .done)
        #expect(session.output.hasPrefix("./policy.yaml:13:1: note: \"referral\" is not in force yet\n"))
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
                "    10  regular   no example was found: the one history that was tried does not end here"))
        let rules = try #require(try shop.object("policy", "check", "./policy.yaml")["rules"] as? [[String: Any]])
        let example = try #require(rules[3]["example"] as? [String: Any])
        #expect(example.keys.sorted() == ["not_found"])
    }

    /// Wide characters stand before one place, a long line is cut before another, and lines end as on Windows.
    @Test(arguments: ["\n", "\r\n"])
    func `check points at each of several errors`(end: String) throws {
        let windows = (1...3).map { "orders in last \($0) days >= \($0)" }.joined(separator: " and ")
        let lines = [
            "policy: t", "stages:", "  - a: {any: [\"\u{4E2D}\", oders = 1]}",
            "  - b: \(windows) and xyzzy and orders in last 4 days >= 4", "  - c: otherwise",
        ]
        try shop.write(lines.joined(separator: end), to: "policy.yaml")
        let session = shop.run("policy", "check", "./policy.yaml")
        #expect(session.code == .answerIsNo)
        #expect(
            session.output == """
                ./policy.yaml:3:16: error: unexpected "\u{4E2D}"
                  3 |   - a: {any: ["\u{4E2D}", oders = 1]}
                    |                ^
                ./policy.yaml:3:20: error: unknown word "oders"; did you mean "orders"?
                  3 |   - a: {any: ["\u{4E2D}", oders = 1]}
                    |                     ^
                ./policy.yaml:4:101: error: unknown word "xyzzy"
                  4 | …ders in last 2 days >= 2 and orders in last 3 days >= 3 and xyzzy and orders in last 4 days >= 4
                    |                                                              ^

                """)
    }

    @Test func `refuses a preset that is not there with 2, and names those there are`() {
        for arguments in [
            ["check", "preset:five-step"], ["show", "preset:five-step"], ["show", "--preset", "five-step"],
        ] {
            let session = shop.run(["policy"] + arguments)
            #expect(session.code == .usage)
            #expect(
                session.errors
                    == "lifecycle: no preset is called five-step; did you mean five-steps? There are default, "
                    + "five-steps, four-phases, working-set, five-stages, ref-1. "
                    + "`lifecycle policy presets` says what each is.\n")
        }
    }

    @Test func `check takes a preset`() {
        let session = shop.run("policy", "check", "preset:ref-1")
        #expect(session.code == .done)
        #expect(session.output.hasPrefix("preset:ref-1: ok: 8 rules, 8 stages; 385 kinds of customer checked\n"))
    }

    @Test func `presets lists them`() throws {
        let session = shop.run("policy", "presets")
        #expect(session.code == .done)
        #expect(session.output.contains("\n  four-phases  attention, fidelisation, consolidation, separation\n"))
        let presets = try #require(try shop.object("policy", "presets")["presets"] as? [[String: Any]])
        #expect(presets.count == 6)
        #expect(presets[2]["stages"] as? [String] == ["separation", "fidelisation", "consolidation", "attention"])
    }

    /// A later import that names the preset again means the one the log was founded under, in its own currency.
    @Test func `presets begin a log in the currency of its orders`() throws {
        try shop.write(CornerShop.orders.replacing("EUR", with: "USD"), to: "orders.csv")
        let first = shop.run("import", "./orders.csv", "--data", "./data", "--policy", "preset:default")
        #expect(first.code == .someInputRefused, "\(first.errors)")
        #expect(
            first.output.contains("the log is begun under preset:default, which counts in USD, as most orders are\n"))
        #expect(first.output.contains("look at 500 USD on line 33, 2 USD on line 57, 60 USD on line 58\n"))
        let dollars = try #require(Currency("USD".utf8))
        #expect(
            shop.run("policy", "show", "--data", "./data", "--source").output == Preset.default.text(in: dollars))
        try shop.write("order_id,customer_id,ordered_at,total\no-9,anna,2026-01-01,5.00\n", to: "more.csv")
        let import2 = ["import", "./more.csv", "--data", "./data", "--policy"]
        #expect(shop.run(import2 + ["preset:default"]).code == .done)
        #expect(shop.run(import2 + ["preset:five-steps"]).code == .usage)
    }

    @Test func `presets are tried in a made-up shop`() {
        let session = shop.run("simulate", "--policy", "preset:ref-1", "--seeds", "1")
        #expect(session.code == .done, "\(session.errors)")
    }

    @Test func `show prints a preset to be saved, in the shop's currency`() throws {
        #expect(
            shop.run("policy", "show", "--preset", "ref-1")
                == Session(code: .done, output: Preset.reference.text, errors: ""))
        let session = shop.run("policy", "show", "--preset", "default", "--currency", "JPY")
        #expect(session.code == .done)
        #expect(session.output.contains("\ncurrency: JPY\n"))
        #expect(
            session.errors
                == "preset:default: its figures were chosen for EUR and are not converted: look at 500 JPY on line 33, "
                + "2 JPY on line 57, 60 JPY on line 58\n")
        try shop.write(session.output, to: "policy.yaml")
        #expect(shop.run("policy", "check", "./policy.yaml").code == .done)
    }

    @Test(arguments: [
        ["./policy.yaml", "--currency", "USD"], ["./policy.yaml", "--preset", "default"],
        ["--data", "./data", "--currency", "USD"],
    ])
    func `show refuses what does not go together`(arguments: [String]) {
        shop.importOrders()
        let session = shop.run(["policy", "show"] + arguments)
        #expect(session.code == .usage)
        #expect(session.output.isEmpty && !session.errors.isEmpty)
    }

    @Test func `show says each line in words, with a customer who stands there`() {
        let session = shop.run("policy", "show", "./policy.yaml")
        #expect(session.code == .done)
        #expect(
            session.output.contains(
                """
                  won_back (line 9)
                    Of the others, a customer who had been silent for more than 90 days before
                    the last order.
                    For example: 2025-09-30 first order of 40.00 EUR
                                 2025-12-30 order of 40.00 EUR

                """))
    }

    @Test(arguments: [[], ["--source"]])
    func `show refuses a file that is no policy`(options: [String]) throws {
        try shop.write(CornerShop.policy.replacing("silence > 90", with: "silense > 90"), to: "policy.yaml")
        let session = shop.run(["policy", "show", "./policy.yaml"] + options)
        #expect(session.code == .answerIsNo)
        #expect(session.output.isEmpty)
        #expect(session.errors.hasPrefix("./policy.yaml:8:15: error: unknown word \"silense\""))
        #expect(
            try shop.object("policy", "show", "./policy.yaml", code: .answerIsNo)["ok"] as? Bool == false)
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

    @Test func `show --source prints the file, the one in force, or the built-in one`() {
        #expect(
            shop.run("policy", "show", "./policy.yaml", "--source")
                == Session(code: .done, output: CornerShop.policy, errors: ""))
        shop.importOrders()
        #expect(shop.run("policy", "show", "--data", "./data", "--source").output == CornerShop.policy)
        #expect(shop.run("policy", "show", "--data", "./data").output.hasPrefix("corner_shop\n"))
        #expect(shop.run("policy", "show", "--source").output.hasPrefix("policy: default\n"))
        #expect(shop.run("policy", "show").output.hasPrefix("default: From first visit to advocate"))
    }

    @Test func `ends with 2 for a file that is not there`() {
        #expect(shop.run("policy", "check", "./nowhere.yaml").code == .usage)
    }
}
