import CustomerLifecycle
import Processor
import Wire

/// The value of a record of the log: read, and folded behind records that are valid.
struct RecordAttack: Attack {
    static let name = "records"

    private let log: SampleLog
    private var cache = PolicyCache()
    /// Some customers, with all that is known of them, and reviews. What is folded behind them is taken back.
    private var fold: LogFold
    private var count = 0

    /// Policies that were compiled are kept, and damaged ones are many.
    private static let attemptsPerCache = 1_000

    init() throws {
        log = try SampleLog()
        fold = try Self.fold(log, cache)
    }

    private static func fold(_ log: SampleLog, _ cache: PolicyCache) throws(BrokenPromise) -> LogFold {
        let fold = try log.fold(cache)
        for record in log.records.dropLast(SampleLog.ownCount) {
            if let reason = try SampleLog.fold(record, in: fold) {
                throw BrokenPromise("A sample is folded: \(reason)")
            }
        }
        return fold
    }

    static func samples() throws -> [[UInt8]] {
        let log = try SampleLog()
        return [log.genesis.value] + log.records.map(\.value)
    }

    mutating func attempt(_ bytes: [UInt8]) throws(BrokenPromise) -> Verdict {
        count += 1
        if count % Self.attemptsPerCache == 0 {
            cache = PolicyCache()
            fold = try Self.fold(log, cache)
        }
        var first = try folded(bytes)
        guard try folded(bytes) == first else { throw BrokenPromise("The same record is folded in two ways.") }
        if bytes.count > 1, bytes[1] == LogKind.genesis.rawValue { first.reason = try begin(bytes) }
        guard let reason = try read(bytes) else { return first.reason.map { .refused($0) } ?? .taken(first.chains) }
        guard first.reason != nil else { throw BrokenPromise("Folded, though it cannot be read: \(reason)") }
        return .refused(reason)
    }

    /// Returns why it cannot be read; nil where it can.
    private func read(_ bytes: [UInt8]) throws(BrokenPromise) -> String? {
        do {
            return try lending(bytes, padding: 64) { value in
                let record = try LogRecord(value)
                _ = try record.contents()
                return nil
            }
        } catch {
            guard let error = error as? LogRecordError, !error.description.isEmpty else {
                throw BrokenPromise("A log record is refused for another reason: \(error)")
            }
            return error.description
        }
    }

    private struct Folding: Equatable {
        var reason: String?
        var chains: String
    }

    /// Folds it behind the others.
    private func folded(_ bytes: [UInt8]) throws(BrokenPromise) -> Folding {
        let record = KeptRecords.Record(partition: SampleLog.names.log(0), key: log.records.first?.key, value: bytes)
        fold.beginTurn()
        defer { fold.abandonTurns() }
        let reason = try SampleLog.fold(record, in: fold)
        if let reason { return Folding(reason: reason, chains: "") }
        // Time goes on behind it: a tick, an adoption and a generation.
        for own in log.records.suffix(SampleLog.ownCount) { _ = try SampleLog.fold(own, in: fold) }
        return Folding(reason: nil, chains: "\(fold.logChain) \(fold.outputChain)")
    }

    /// Folds it as the first record of a log, which alone is a genesis. Returns why it cannot be; nil where it can.
    private func begin(_ bytes: [UInt8]) throws(BrokenPromise) -> String? {
        let record = KeptRecords.Record(partition: SampleLog.names.log(0), key: nil, value: bytes)
        return try SampleLog.fold(record, in: LogFold(index: 0, cache: cache))
    }
}
