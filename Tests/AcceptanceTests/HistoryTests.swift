import Brokers
import Foundation
import Testing

/// A real shop's eighteen months under the reference policy, against numbers that others computed.
@Suite(.whereSharedDataAreGiven) struct `CDNOW under the reference policy` {
    @Test(arguments: [1, 4, 12])
    func `gives every number of the reference`(partitions: Int) throws {
        let reference = try CDNOW.reference()
        let workplace = try Workplace()
        try workplace.run(CDNOW.importing(into: workplace.data, partitions: partitions))

        let end = try workplace.stages(at: CDNOW.end)
        #expect(end.inhabited == reference.stageAtEnd)
        #expect(end.transitions == reference.transitions)
        #expect(reference.stageAsOf.count == 18)
        for (instant, stages) in reference.stageAsOf {
            let at = instant.replacing(" ", with: "T") + "Z"
            #expect(try workplace.stages(at: at).inhabited == stages, "\(instant)")
        }

        let log = try ForeignLog(workplace)
        #expect(try log.broker.partitionCount(of: ForeignLog.changes) == partitions)
        let changes = try log.changes()
        let summary = ChangesSummary(changes, upTo: CDNOW.end)
        #expect(summary.transitions == reference.transitions)
        #expect(summary.idCount == changes.count)
        #expect(summary.broken.isEmpty)
    }
}

/// The same history, however it came into the log.
@Suite(.whereSharedDataAreGiven) struct `The digest as of an instant` {
    @Test func `does not know the partitions, the file's order, a second import, or the checkpoints`() throws {
        let first = try Workplace()
        try first.run(CDNOW.importing(into: first.data))
        let digest = try first.digest()

        let single = try Workplace()
        try single.run(CDNOW.importing(into: single.data, partitions: 1))
        #expect(try single.digest() == digest)

        let shuffled = try Workplace()
        let file = try shuffledOrders(in: shuffled, seed: 20_261_123)
        try shuffled.run(CDNOW.importing(into: shuffled.data, file: file))
        #expect(try shuffled.digest() == digest)
        #expect(
            try ChangesSummary(ForeignLog(shuffled).changes()) == ChangesSummary(ForeignLog(first).changes()))

        let byteCount = try first.logByteCount()
        let again = try first.run(CDNOW.importing(into: first.data))
        let answer = try JSONDecoder().decode(ImportAnswer.self, from: Data(again.output.utf8))
        #expect((answer.appended, answer.alreadyThere) == (0, Settings.cdnowRowCount))
        #expect(try first.logByteCount() == byteCount)
        #expect(try first.digest() == digest)

        let now = try first.ask("digest", as: DigestAnswer.self)
        try FileManager.default.removeItem(atPath: first.data + "/checkpoints")
        #expect(try first.ask("digest", as: DigestAnswer.self) == now)
        #expect(try first.digest() == digest)
    }

    @Test func `knows one order more, and one instant more`() throws {
        let whole = try Workplace()
        try whole.run(CDNOW.importing(into: whole.data))
        let less = try Workplace()
        let file = less.path + "/less.csv"
        try orders().dropLast().joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
        try less.run(CDNOW.importing(into: less.data, file: file))
        #expect(try less.digest() != whole.digest())
        #expect(try whole.digest(at: "1998-06-29T23:59:59.999Z") != whole.digest())
    }

    /// Returns the file's lines, the header first.
    private func orders() throws -> [Substring] {
        let unpacked = try Workplace()
        try Gzip.unpack(Settings.cdnow, to: unpacked.path + "/all")
        return try String(contentsOfFile: unpacked.path + "/all", encoding: .utf8).split(separator: "\n")
    }

    private func shuffledOrders(in workplace: Workplace, seed: UInt64) throws -> String {
        var lines = try orders()
        var generator = SeededGenerator(seed: seed)
        try #require(lines.count == Settings.cdnowRowCount + 1)
        lines[1...].shuffle(using: &generator)
        let file = workplace.path + "/shuffled.csv"
        try lines.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
        return file
    }
}
