import Brokers
import Foundation
import Glibc
import Testing

/// What a process leaves behind that is killed at any place, and how the same command goes on from there.
@Suite(.whereSharedDataAreGiven) struct `An import that is killed` {
    private static let killCount = 20
    /// Small batches, so that there are many places to be killed at.
    private static let batch = 200

    /// An import without a kill.
    private struct Whole {
        let digest: String
        let changes: ChangesSummary

        init() throws {
            let workplace = try Workplace()
            try workplace.run(CDNOW.importing(into: workplace.data))
            let log = try ForeignLog(workplace)
            digest = try workplace.digest()
            changes = ChangesSummary(try log.changes())
            try #require(try log.orderCount() == Settings.cdnowRowCount)
        }
    }

    @Test func `goes on where it stood: twenty different rows, the same digest, the same changes`() throws {
        let whole = try Whole()
        var rows: Set<Int> = []
        var attempts = 0
        while rows.count < Self.killCount {
            attempts += 1
            try #require(attempts <= 3 * Self.killCount, "Killed too late too often: \(rows.sorted())")
            let target = (attempts % Self.killCount + 1) * Settings.cdnowRowCount / (Self.killCount + 2)
            let workplace = try Workplace()
            let words = CDNOW.importing(
                into: workplace.data, partitions: 1 + rows.count % 4, batch: Self.batch)
            let row = try killed(workplace, words) { try $0.orderCount() >= target }.orderCount()
            guard (1..<Settings.cdnowRowCount).contains(row), rows.insert(row).inserted else { continue }
            try resume(workplace, words, expecting: whole, "killed after \(row) rows")
        }
        print("killed after these committed rows of \(Settings.cdnowRowCount): \(rows.sorted())")
    }

    @Test func `goes on publishing where it stood`() throws {
        let whole = try Whole()
        let all = whole.changes.idCount
        var counts: [Int] = []
        for part in 1...6 {
            let workplace = try Workplace()
            let words = CDNOW.importing(into: workplace.data, partitions: part == 6 ? 1 : 4)
            let log = try killed(workplace, words) {
                try $0.recordCount(of: ForeignLog.changes) >= part * all / 8
            }
            let count = try log.recordCount(of: ForeignLog.changes)
            try #require((1..<all).contains(count), "It had published all \(all) before it was killed.")
            counts.append(count)
            try resume(workplace, words, expecting: whole, "killed after \(count) changes")
        }
        print("killed after these published changes of \(all): \(counts)")
    }

    /// Starts an import, kills it as soon as its log is seen to be far enough, and opens what it left.
    private func killed(
        _ workplace: Workplace, _ words: [String], when isFar: (ForeignLog) throws -> Bool
    ) throws -> ForeignLog {
        let child = try workplace.start(words)
        var log: ForeignLog?
        while !child.hasEnded {
            sched_yield()
            do {
                if let log {
                    if try log.broker.refresh(), try isFar(log) { child.kill() }
                } else {
                    log = try ForeignLog(workplace)
                }
            } catch is BrokerError {
                // The log does not exist yet.
                continue
            }
        }
        let run = try child.wait()
        try #require(run.code == nil || run.code == 0, "\(run.errors)")
        return try ForeignLog(workplace)
    }

    private func resume(
        _ workplace: Workplace, _ words: [String], expecting whole: Whole, _ story: Comment
    ) throws {
        let before = try ForeignLog(workplace).orderCount()
        let answer = try JSONDecoder().decode(
            ImportAnswer.self, from: Data(workplace.run(words).output.utf8))
        #expect(answer.alreadyThere == before, story)
        #expect(answer.appended == Settings.cdnowRowCount - before, story)
        #expect(try workplace.digest() == whole.digest, story)
        let changes = ChangesSummary(try ForeignLog(workplace).changes())
        #expect(changes == whole.changes, story)
        #expect(changes.broken.isEmpty, story)
    }
}
