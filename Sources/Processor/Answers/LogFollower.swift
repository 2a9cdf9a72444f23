package import Brokers
package import Storage

/// A log that is folded on as it grows, publishing nothing. Owned by one thread.
package final class LogFollower<B: Broker> {
    private let broker: B
    private let names: Names
    private let cache: PolicyCache
    private var parts: [Part]

    private struct Part {
        let reader: B.Reader
        var replay: Replay
    }

    /// Folds the log to its end as it is now.
    package init(
        _ view: LogView<B, some Disk>, onProgress: @escaping @Sendable (Int) -> Void
    ) throws(ProcessorError) {
        broker = view.broker
        names = view.names
        cache = view.cache
        let folds = try view.current(onProgress: onProgress).folds
        parts = []
        for fold in folds {
            let reader = try ProcessorError.translating { () throws(BrokerError) in
                try view.broker.reader(of: view.names.log(fold.index), from: fold.next)
            }
            parts.append(Part(reader: reader, replay: Replay(fold: fold)))
        }
    }

    /// Folds what has come since. Returns how many records that were.
    package func goOn() throws(ProcessorError) -> Int {
        var count = 0
        for place in parts.indices {
            try parts[place].replay.run(parts[place].reader, upTo: NextOffset(.max)) { count += $0 }
        }
        return count
    }

    /// Under which policy, and as of when, it answers.
    package var moment: LogMoment {
        get throws(ProcessorError) { try FoldedLog(folds: parts.map(\.replay.fold), asOf: nil).moment }
    }

    /// The folds as they stand, for who asks; nothing may be folded on while an answer is under way.
    package var log: LiveLog<B>? {
        LiveLog(broker: broker, names: names, cache: cache, folds: parts.map(\.replay.fold))
    }
}

extension LiveLog {
    /// Which state of the log it is: answers of the same question that have one tag are equal.
    package var tag: String {
        let offsets = offsets.sorted { $0.key < $1.key }.map { "\($0.value)" }.joined(separator: ".")
        return "\(folds.first?.policy?.number ?? 0)-\(LogFold.version)-\(offsets)"
    }
}
