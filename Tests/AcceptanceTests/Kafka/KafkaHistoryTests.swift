import Foundation
import Testing

/// CDNOW in an embedded log, to compare with the same history on Kafka.
struct EmbeddedHistory {
    let stages: StagesAnswer
    let digest: String
    let changes: ChangesSummary

    static let whole = Result { try EmbeddedHistory() }

    private init() throws {
        let workplace = try Workplace()
        try workplace.run(CDNOW.importing(into: workplace.data))
        stages = try workplace.stages(at: CDNOW.end)
        digest = try workplace.digest()
        changes = ChangesSummary(try ForeignLog(workplace).changes(), upTo: CDNOW.end)
    }
}

extension OnKafka {
    /// The history comes in once live and once by import. That the count of partitions changes nothing is tested on
    /// embedded logs.
    @Suite struct `A real shop's history on Kafka` {
        @Test func `carried by run from a backfill topic is what it is in an embedded log`() throws {
            let shop = try KafkaShop(partitions: 4, inputPartitions: 3, mode: "backfill")
            try shop.create()
            let lines = try Orders.cdnow(in: shop.workplace)
            try shop.tools.produce(lines, to: shop.input)
            let start = ContinuousClock.now
            let processor = try shop.start()
            try shop.drain(processor)
            print("\(lines.count) orders over both hops: \(ContinuousClock.now - start)")
            try shop.workplace.run(["import", "--finish"] + shop.connection)
            try shop.drain(processor)
            try shop.stop(processor)
            // Not the digest: what a file says of an order is kept apart from what events report.
            try check(shop, EmbeddedHistory.whole.get())
        }

        @Test func `imported is what it is in an embedded log`() throws {
            let shop = try KafkaShop(partitions: 12)
            try shop.create()
            // Closing a history needs to know how far the live input is read, so a processor has to read it.
            let processor = try shop.start()
            try eventually("time moves") { try shop.status()?.worker("projector")?.seenUntil != nil }
            try shop.workplace.run(["import", Settings.cdnow] + shop.connection)
            let again = try shop.workplace.run(["import", Settings.cdnow, "--json"] + shop.connection)
            let answer = try JSONDecoder().decode(ImportAnswer.self, from: Data(again.output.utf8))
            #expect(answer.appended == 0 && answer.alreadyThere == answer.rows)
            try shop.drain(processor)
            try shop.stop(processor)
            try check(shop, EmbeddedHistory.whole.get())
            #expect(try shop.digest(at: CDNOW.end) == EmbeddedHistory.whole.get().digest)
        }

        private func check(_ shop: KafkaShop, _ embedded: EmbeddedHistory) throws {
            let stages: StagesAnswer = try shop.ask("stages", "--at", CDNOW.end)
            #expect(stages.inhabited == embedded.stages.inhabited)
            #expect(stages.transitions == embedded.stages.transitions)
            let changes = try shop.changes()
            let summary = ChangesSummary(changes, upTo: CDNOW.end)
            #expect(summary.transitions == embedded.changes.transitions)
            #expect(summary.broken.isEmpty)
            #expect(summary.idCount == changes.count)
        }
    }
}
