import Foundation
import Testing

/// CDNOW in an embedded log, as a measure for the same history on Kafka; whole, or every fifth customer's.
struct EmbeddedHistory {
    let stages: StagesAnswer
    let digest: String
    let changes: ChangesSummary

    static let whole = Result { try EmbeddedHistory { _ in true } }
    static let fifth = Result { try EmbeddedHistory(isWanted) }

    static func isWanted(_ customer: Substring) -> Bool { customer.hasSuffix("0") || customer.hasSuffix("5") }

    private init(_ isWanted: (Substring) -> Bool) throws {
        let workplace = try Workplace()
        let file = try Self.file(in: workplace, isWanted)
        try workplace.run(CDNOW.importing(into: workplace.data, file: file))
        stages = try workplace.stages(at: CDNOW.end)
        digest = try workplace.digest()
        changes = ChangesSummary(try ForeignLog(workplace).changes(), upTo: CDNOW.end)
    }

    /// The rows of those customers, as a file to import.
    static func file(in workplace: Workplace, _ isWanted: (Substring) -> Bool) throws -> String {
        let all = workplace.path + "/all.csv"
        try Gzip.unpack(Settings.cdnow, to: all)
        let rows = try String(contentsOfFile: all, encoding: .utf8).split(separator: "\n")
        let kept = rows.prefix(1) + rows.dropFirst().filter { isWanted($0.split(separator: ",")[1]) }
        let file = workplace.path + "/wanted.csv"
        try (kept.joined(separator: "\n") + "\n").write(toFile: file, atomically: false, encoding: .utf8)
        return file
    }
}

extension OnKafka {
    /// The whole file goes through four partitions, a part of it through others.
    @Suite struct `A real shop's history on Kafka` {
        @Test(arguments: [1, 4, 12])
        func `carried by run from a backfill topic is what it is in an embedded log`(partitions: Int) throws {
            let shop = try KafkaShop(partitions: partitions, inputPartitions: 3, mode: "backfill")
            try shop.create()
            var lines = try Orders.cdnow(in: shop.workplace)
            if partitions != 4 { lines.removeAll { !EmbeddedHistory.isWanted($0.prefix { $0 != "|" }) } }
            try shop.tools.produce(lines, to: shop.input)
            let start = ContinuousClock.now
            let processor = try shop.start()
            try shop.drain(processor)
            print("\(lines.count) orders over both hops, \(partitions) partitions: \(ContinuousClock.now - start)")
            try shop.workplace.run(["import", "--finish"] + shop.connection)
            try shop.drain(processor)
            try shop.stop(processor)
            try check(shop, partitions == 4 ? EmbeddedHistory.whole.get() : EmbeddedHistory.fifth.get())
        }

        @Test(arguments: [1, 4, 12])
        func `imported is what it is in an embedded log`(partitions: Int) throws {
            let shop = try KafkaShop(partitions: partitions)
            try shop.create()
            let file = try EmbeddedHistory.file(in: shop.workplace) {
                partitions == 4 || EmbeddedHistory.isWanted($0)
            }
            // Whoever closes a history asks how far the live input is read: somebody has to read it.
            let processor = try shop.start()
            try eventually("time moves") { try shop.status()?.lane("projector")?.seenUntil != nil }
            try shop.workplace.run(["import", file] + shop.connection)
            let again = try shop.workplace.run(["import", file, "--json"] + shop.connection)
            let answer = try JSONDecoder().decode(ImportAnswer.self, from: Data(again.output.utf8))
            #expect(answer.appended == 0 && answer.alreadyThere == answer.rows)
            try shop.drain(processor)
            try shop.stop(processor)
            try check(shop, partitions == 4 ? EmbeddedHistory.whole.get() : EmbeddedHistory.fifth.get())
        }

        private func check(_ shop: KafkaShop, _ embedded: EmbeddedHistory) throws {
            let stages: StagesAnswer = try shop.ask("stages", "--at", CDNOW.end)
            #expect(stages.inhabited == embedded.stages.inhabited)
            #expect(stages.transitions == embedded.stages.transitions)
            #expect(try shop.digest(at: CDNOW.end) == embedded.digest)
            let changes = try shop.changes()
            let summary = ChangesSummary(changes, upTo: CDNOW.end)
            #expect(summary.transitions == embedded.changes.transitions)
            #expect(summary.broken.isEmpty)
            #expect(summary.idCount == changes.count)
        }
    }
}
