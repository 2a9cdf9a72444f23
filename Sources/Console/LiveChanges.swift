package import Brokers
import CommandLine
import CustomerLifecycle
package import HTTP
package import Processor
import Service
import Synchronization
import Wire

/// The changes of a log as they are published: told to whoever keeps a stream open, the newest of them kept.
package final class LiveChanges: Sendable {
    package let streams = EventStreams()
    private let newest = Mutex<[Told]>([])

    /// A change in words, and as a stream sends it.
    struct Told: Sendable {
        /// `partition-offset`.
        let id: String
        let customer: String
        let at: Instant
        /// `active → loyal`, and why.
        let text: String
        let event: String
    }

    /// As many as are kept: who comes back has missed no more than these, or does not learn of it.
    private static let keptCountMax = 200

    package init() {}

    /// Follows the feed on the calling thread until `isStopping`. `wait` waits until something may have come.
    package func follow<B: Broker>(
        _ feed: ChangeFeed<B>, wait: (Int) throws(BrokerError) -> Void, until isStopping: () -> Bool
    ) throws(ProcessorError) {
        let line = ChangeLine(columnCount: .max, style: .plain)
        while !isStopping() {
            let count = try feed.lendBatch { record throws(ProcessorError) in
                // What an import brings, cannot be read or is of a type that is not known is no news.
                guard case .success(let output?) = record.content, !output.head.isBackfill else { return }
                tell(
                    output, in: line, id: "\(record.partition.partition)-\(record.record.offset)",
                    event: try CloudEvent.structured(record.record))
            }
            guard count == 0 else { continue }
            try ProcessorError.translating { () throws(BrokerError) in try wait(50) }
        }
    }

    private func tell(_ output: PublishedOutput, in line: ChangeLine, id: String, event: String) {
        let told = line.told(output)
        let text = told.because.isEmpty ? told.what : "\(told.what), because \(told.because)"
        var words = JSONWriter()
        words.value(text)
        // An attribute more, as CloudEvents has it: what people read.
        let data = event.dropLast() + ",\"words\":\(words.text)}"
        let sent = EventText.of("change", id: id, data: String(data))
        newest.withLock { newest in
            newest.append(
                Told(id: id, customer: output.head.customer, at: told.at, text: text, event: sent))
            if newest.count > Self.keptCountMax { newest.removeFirst(newest.count - Self.keptCountMax) }
        }
        streams.publish(sent)
    }

    /// The newest first.
    func newest(_ count: Int) -> [Told] { newest.withLock { $0.suffix(count).reversed() } }

    /// A stream, for one who had the event of that id last; nil for one who is new.
    func open(after id: String?) throws(ProblemDetails) -> EventStream {
        let missed = newest.withLock { newest in
            guard let id, let place = newest.lastIndex(where: { $0.id == id }) else { return [String]() }
            return newest[(place + 1)...].map(\.event)
        }
        return try streams.open(beginningWith: missed)
    }
}
