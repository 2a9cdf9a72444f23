import Brokers
import CustomerLifecycle
import Hostile
import PolicyLanguage
import Processor
import Wire

/// An event on its whole way: decoded, redacted and written by the Router, read from the log, and folded.
struct EventAttack: Attack {
    static let name = "events"

    private let log: SampleLog
    private let cache = PolicyCache()
    private let kept = KeptRecords()
    private let writer: LogWriter<KeptRecords>
    /// Made anew now and then, so that what the other keeps from event to event is seen to make no difference.
    private var fresh: LogWriter<KeptRecords>
    private var fold: LogFold
    private var decoder = EventDecoder.Owner()
    private var count = 0

    private static let attemptsPerFold = 2_000
    private static let attemptsPerWriter = 100

    init() throws {
        log = try SampleLog()
        writer = Self.newWriter()
        fresh = Self.newWriter()
        fold = try log.fold(cache)
    }

    private static func newWriter() -> LogWriter<KeptRecords> {
        LogWriter(names: SampleLog.names, partitionCount: 1, settings: SampleLog.settings)
    }

    static func samples() -> [[UInt8]] { SampleEvents.all }

    mutating func attempt(_ bytes: [UInt8]) throws(BrokenPromise) -> Verdict {
        count += 1
        if count % Self.attemptsPerFold == 0 { fold = try log.fold(cache) }
        if count % Self.attemptsPerWriter == 0 { fresh = Self.newWriter() }
        let verdict = try route(bytes, by: writer)
        let records = kept.records
        guard try route(bytes, by: fresh) == verdict, kept.records == records else {
            throw BrokenPromise("The same bytes are routed in two ways: \(verdict)")
        }
        for record in records {
            try readBack(record)
            if let reason = try SampleLog.fold(record, in: fold) {
                throw BrokenPromise("What the Router took cannot be folded: \(reason)")
            }
        }
        return verdict
    }

    /// Leaves in `kept` what is appended. The links of other attempts are forgotten.
    private func route(_ bytes: [UInt8], by writer: LogWriter<KeptRecords>) throws(BrokenPromise) -> Verdict {
        kept.removeAll()
        defer { writer.turnLost() }
        let result: Result<Int, Rejection>
        do throws(BrokerError) {
            result = try SampleLog.append(bytes, by: writer, to: kept)
        } catch {
            throw BrokenPromise("Nothing is refused by a list: \(error)")
        }
        switch result {
        case .success(let count):
            guard count == kept.records.count, count > 0 else {
                throw BrokenPromise("\(count) records were counted, and \(kept.records.count) appended.")
            }
            return .taken("\(count) records")
        case .failure(let rejection):
            guard kept.records.isEmpty, !rejection.sentence.isEmpty else {
                throw BrokenPromise("A rejection says why, and nothing of it is appended: \(rejection)")
            }
            return .refused(rejection.reason.rawValue)
        }
    }

    private mutating func readBack(_ record: KeptRecords.Record) throws(BrokenPromise) {
        guard let key = record.key, key.count > 2 else { throw BrokenPromise("A record has a subject.") }
        try lending(record.value, padding: 64) { value throws(BrokenPromise) in
            do {
                let read = try LogRecord(value)
                guard case .event(let body) = try read.contents() else { return }
                try decoder.decode(body, header: read.header)
            } catch {
                throw BrokenPromise("What the Router took is not read back: \(error)")
            }
        }
    }
}

extension EventDecoder {
    /// Owns a decoder and the memory of its events.
    final class Owner {
        private var decoder = EventDecoder()
        private var event = StorefrontEvent(
            claimed: .distantPast, received: .distantPast, tieBreaker: 0, kind: .unrelated)

        func decode(_ body: UnsafeRawBufferPointer, header: LogHeader) throws(EventError) {
            try decoder.decode(body, header: header, into: &event)
            guard decoder.messageID?.isEmpty == false else { preconditionFailure("An event has a message id.") }
        }
    }
}
