import Capture
import CommandLine
import CustomerLifecycle
import Foundation
import Processor
import Service
import Storage
import Testing
import Wire

@testable import lifecycle

@Suite struct `Who watches` {
    let shop: CornerShop

    init() throws {
        shop = try CornerShop()
        shop.importOrders("--partitions", "1")
    }

    private func watch(_ words: String...) -> Session {
        shop.run(["watch", "--data", "./data", "--from", "beginning"] + words)
    }

    @Test func `tells who went where, when, why, and on which evidence`() {
        let session = watch("--customer", "anna", "--count", "5")
        #expect(session.code == .done)
        #expect(
            session.output == """
                2025-01-10 00:00:00  u:anna  → new
                      line 11: orders is 1; seen in order o-1
                2025-02-20 00:00:00  u:anna  new → regular
                      line 10: orders is 2; seen in order o-2, order o-1
                2025-05-21 00:00:00  u:anna  regular → dormant
                      line 8: silence is 90 days; seen in order o-2
                2025-08-19 00:00:00  u:anna  dormant → lost
                      line 7: silence is 180 days; seen in order o-2
                2025-11-30 00:00:00  u:anna  lost → won_back
                      line 9: silence before last order is 283 days, against 90 days; seen in
                      order o-4, order o-2

                """)
    }

    @Test(arguments: [
        (["--stage", "won_back", "--count", "1"], ["u:anna  lost → won_back"]),
        (
            ["--stage", "dormant", "--count", "4"],
            ["u:anna  regular → dormant", "u:anna  dormant → lost", "u:bert  new → dormant", "u:bert  dormant → lost"]
        ),
        (["--customer", "u:bert", "--stage", "new", "--count", "2"], ["u:bert  → new", "u:bert  new → dormant"]),
    ])
    func `shows what its filters let through, to a stage or from it`(words: [String], heads: [String]) {
        let session = shop.run(["watch", "--data", "./data", "--from", "beginning"] + words)
        let lines = session.output.split(separator: "\n").filter { !$0.hasPrefix(" ") }
        #expect(Set(lines.map { String($0.dropFirst(21)) }) == Set(heads))
    }

    @Test func `in JSON is a CloudEvent on each line, its attributes beside its data`() throws {
        let lines = watch("--count", "2", "--json").output.split(separator: "\n")
        #expect(lines.count == 2)
        let event = try #require(JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
        #expect(event["specversion"] as? String == "1.0")
        #expect(event["type"] as? String == OutputType.stageChange.name)
        #expect(event["datacontenttype"] as? String == "application/json")
        #expect(event["subject"] as? String == (event["data"] as? [String: Any])?["customer_id"] as? String)
        #expect(event["replaymode"] as? String == "backfill")
        #expect((event["data"] as? [String: Any])?["stage"] as? String == "new")
    }

    @Test func `without --from shows what is published from now on alone`() throws {
        try shop.write("order_id,customer_id,ordered_at,total\nn-1,nora,2026-01-05,9.00\n", to: "more.csv")
        let place = try DataDirectory(shop.path + "/data", .readOnly)
        let watch = try Watch(place, from: .now, filter: ChangeFilter(stage: "new"), countMax: 1)
        var shown: [String] = []
        var pauses = 0
        let isTooLate = { pauses > 50 }
        try watch.run(until: isTooLate) {
            shown.append($0.output.head.customer)
        } onPause: {
            pauses += 1
            if pauses == 1 { #expect(shop.run("import", "./more.csv", "--data", "./data").code == .done) }
        } onUnreadable: {
            Issue.record("\($0)")
        }
        #expect(shown == ["u:nora"])
    }

    @Test func `ends between two looks when it is told to`() throws {
        let place = try DataDirectory(shop.path + "/data", .readOnly)
        let watch = try Watch(place, from: .now, filter: ChangeFilter(), countMax: nil)
        var pauses = 0
        let isToldToStop = { pauses == 2 }
        try watch.run(until: isToldToStop) {
            Issue.record("nothing was published: \($0.output)")
        } onPause: {
            pauses += 1
        } onUnreadable: {
            Issue.record("\($0)")
        }
        #expect(pauses == 2)
    }
}
