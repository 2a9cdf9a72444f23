import Foundation
import Testing

extension OnKafka {
    /// Two exports of a shop, the later one with what has changed, beside live events about the same orders.
    @Suite struct `A later file of orders on Kafka` {
        private static let orderCount = 3_000

        /// The orders of one year, a day's orders a row; every seventh is another in the later file.
        private static func file(isLater: Bool) -> String {
            var rows = ["order_id,customer_id,ordered_at,total,currency,status"]
            for number in 0..<orderCount {
                let day = number % 330
                let isChanged = isLater && number.isMultiple(of: 7)
                let status = isChanged != number.isMultiple(of: 5) ? "cancelled" : "paid"
                rows.append(
                    "\(number),c\(number % 700),2025-\(twoDigits(day / 28 + 1))-\(twoDigits(day % 28 + 1)),"
                        + "\(isChanged ? 20 : 10).00,EUR,\(status)")
            }
            if isLater { rows.append("new,c0,2025-12-20,5.00,EUR,paid") }
            return rows.joined(separator: "\n") + "\n"
        }

        private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

        /// Cancellations that the later file has counted in, and one after its newest date.
        private static let live = [(1, "2025-12-01"), (2, "2025-12-02"), (3, "2025-12-24")].map { order, day in
            #"{"type":"track","event":"Order Cancelled","messageId":"m\#(order)","userId":"c\#(order)","#
                + #""timestamp":"\#(day)T12:00:00Z","properties":{"order_id":"\#(order)"}}"#
        }

        private struct Report: Decodable {
            struct Changes: Decodable, Equatable {
                let new: Int
                let changed: Int
                let unchanged: Int
            }

            let number: Int
            let changes: Changes?
            let isImportedBefore: Bool

            enum CodingKeys: String, CodingKey {
                case number = "import_number"
                case changes = "order_changes"
                case isImportedBefore = "imported_before"
            }
        }

        @Test func `decides, however often its import was killed, as in an embedded log`() throws {
            let shop = try KafkaShop()
            try shop.create()
            let processor = try shop.start()
            try eventually("time moves") { try shop.status()?.worker("projector")?.seenUntil != nil }
            try shop.tools.produce(Self.live.map { "\(UUID())|\($0)" }, to: shop.input)
            try shop.drain(processor)
            let files = try [false, true].map { isLater in
                let path = shop.workplace.path + (isLater ? "/later.csv" : "/first.csv")
                try Self.file(isLater: isLater).write(toFile: path, atomically: true, encoding: .utf8)
                return path
            }
            let events = shop.workplace.path + "/events.ndjson"
            try (Self.live.joined(separator: "\n") + "\n").write(toFile: events, atomically: true, encoding: .utf8)
            var generator = SeededGenerator(seed: 5)
            let policy = ["--policy", Settings.policy("ref-1")]
            try shop.workplace.run(["import", events, "--data", shop.workplace.data, "--more"] + policy)

            for (place, file) in files.enumerated() {
                let words = ["import", file, "--batch", "40", "--json"]
                let embedded = try report(shop, words + ["--data", shop.workplace.data, "--more"])
                for _ in 0..<6 {
                    let child = try shop.workplace.start(words + shop.connection + ["--more"])
                    pass(Duration.milliseconds(Int.random(in: 50..<600, using: &generator)))
                    child.kill()
                    _ = try child.wait()
                }
                let found = try report(shop, words + shop.connection + ["--more"])
                #expect(found.number == place + 1 && embedded.number == place + 1)
                // The first comparison meets what came in live.
                #expect(found.changes == embedded.changes)
            }
            let before = try report(shop, ["import", files[0], "--json", "--more"] + shop.connection)
            #expect(before.isImportedBefore && before.number == 1)
            try shop.workplace.run(["import", "--finish"] + shop.connection)
            try shop.drain(processor)
            try shop.stop(processor)
            let end = "2026-06-01T00:00:00Z"
            #expect(try shop.digest(at: end) == shop.workplace.digest(at: end))
            let kept = try shop.ask("customers", "--limit", "1000", as: Kept.self).customers.reduce(0) {
                $0 + $1.orders
            }
            let cancelled = (0..<Self.orderCount).count { $0.isMultiple(of: 7) != $0.isMultiple(of: 5) }
            #expect(kept == Self.orderCount - cancelled + 1 - 1, "the new one came, and one was cancelled later")
        }

        private struct Kept: Decodable {
            struct Row: Decodable { let orders: Int }
            let customers: [Row]
        }

        private func report(_ shop: KafkaShop, _ words: [String]) throws -> Report {
            try JSONDecoder().decode(Report.self, from: Data(try shop.workplace.run(words).output.utf8))
        }
    }
}
