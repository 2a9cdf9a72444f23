import CustomerLifecycle
import Foundation
import Processor
import Storage
import Testing

@testable import Wire
@testable import lifecycle

/// What a small shop's changes look like to who follows them.
@Suite struct `watch` {
    let shop: CornerShop

    init() throws {
        shop = try CornerShop()
        shop.importOrders("--partitions", "1")
    }

    private func follow(_ words: String...) -> Session {
        shop.run(["watch", "--data", "./data", "--from", "beginning"] + words)
    }

    @Test func `says who went from where to where, when, why, and on which evidence`() {
        let session = follow("--customer", "anna", "--count", "5")
        #expect(session.code == .done)
        #expect(session.errors.isEmpty)
        #expect(
            session.output == """
                2025-01-10T00:00:00Z  u:anna  → new
                      new, line 11: orders is 1; seen in order o-1

                """)
    }

    @Test(arguments: [
        (["--customer", "u:anna"], 1, "u:anna"), (["--customer", "bert"], 1, "u:bert"),
        (["--stage", "won_back"], 1, "→ won_back"), (["--stage", "lost", "--customer", "anna"], 2, "lost → won_back"),
        (["--stage", "regular"], 2, "regular → dormant"),
    ])
    func `shows what was asked for alone`(words: [String], count: Int, last: String) throws {
        let session = shop.run(["watch", "--data", "./data", "--from", "beginning", "--count", "\(count)"] + words)
        let heads = session.output.split(separator: "\n").filter { !$0.hasPrefix(" ") }
        #expect(heads.count == count)
        #expect(heads.last?.contains(last) == true)
    }

    @Test func `in JSON is an event a line: its attributes beside its data`() throws {
        let lines = follow("--json", "--customer", "anna", "--count", "3").output.split(separator: "\n")
        #expect(lines.count == 3)
        let events = try lines.map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        let last = try #require(events.last)
        #expect(last["type"] as? String == "lifecycle.stage.changed.v1")
        #expect(last["subject"] as? String == "u:anna")
        #expect(last["datacontenttype"] as? String == "application/json")
        let data = try #require(last["data"] as? [String: Any])
        #expect(data["previous_stage"] as? String == "regular")
        #expect(data["stage"] as? String == "dormant")
        #expect((data["reason"] as? [String: Any])?["trigger"] as? String == "silence")
    }

    @Test func `from now on shows what another process appends, and ends when told to`() throws {
        try shop.write("order_id,customer_id,ordered_at\no-9,emil,2025-12-30\n", to: "more.csv")
        let place = try DataDirectory(shop.path + "/data", .readOnly)
        let watch = try Watch(place, from: .now, filter: ChangeFilter(), countMax: nil)
        var seen: [String] = []
        var pauseCount = 0
        try watch.run(until: { !seen.isEmpty || pauseCount > 20 }) { change in
            seen.append("\(change.notice.customer) \(change.notice.stage)")
        } onPause: {
            // The first time all there was before is passed over.
            if pauseCount == 0 { #expect(shop.run("import", "./more.csv", "--data", "./data").code == .done) }
            pauseCount += 1
        }
        #expect(seen == ["u:emil new"])
    }
}

@Suite struct `A change in words` {
    private let lines = ChangeLine(columnCount: 60, style: .plain)

    private func notice(
        _ facts: [FactOutput] = [], evidence: ShortList<EvidenceOutput> = ShortList([]), late: Int64? = nil
    ) -> ChangeNotice {
        ChangeNotice(
            customer: "u:a\u{1B}[2J", previousStage: "active", stage: "at_risk", enteredAt: Instant(milliseconds: 1_767_139_200_000),
            rule: "at_risk, line 21", trigger: .silence, facts: facts, evidence: evidence, lateBySeconds: late)
    }

    @Test func `is harmless to a terminal`() {
        #expect(!lines.printed(notice()).joined().contains("\u{1B}"))
    }

    @Test func `has values and limits in the words of policies`() {
        let facts = [
            FactOutput(name: "silence", value: .duration(.days(91)), threshold: .duration(.days(90))),
            FactOutput(name: "orders", value: .count(2), threshold: .count(2)),
            FactOutput(name: "identified", value: .flag(true), threshold: nil),
            FactOutput(name: "last survey", value: nil, threshold: nil),
        ]
        #expect(
            lines.printed(notice(facts)).dropFirst().map { $0.trimmingCharacters(in: .whitespaces) }
                .joined(separator: " ")
                == "at_risk, line 21: silence is 91 days, against 90 days; orders is 2; identified: yes; "
                + "last survey is unknown")
    }

    @Test func `says how much evidence it leaves out, and that it corrects an earlier one`() {
        let evidence = ShortList(first: [EvidenceOutput(kind: "order", id: "o-1")], of: 12)
        let text = lines.printed(notice(evidence: evidence, late: 7_200)).joined(separator: " ")
        #expect(text.contains("seen in order o-1 and 11 more"))
        #expect(text.contains("a correction: the news came 2 hours late"))
    }
}
