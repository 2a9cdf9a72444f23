package import Brokers
package import CustomerLifecycle
package import Wire

/// A storefront topic, and whether it brings what happens now or what happened long ago.
package struct InputTopic: Equatable, Sendable {
    package let topic: Topic
    package let mode: RouterInput.Mode
    /// What turns its records into events; nil where they are events already.
    package let mapping: RecordMapping?
    /// Whether only the shop itself writes it.
    package let isOfOperator: Bool

    package init(
        _ topic: Topic, _ mode: RouterInput.Mode, mapping: RecordMapping? = nil, isOfOperator: Bool = false
    ) {
        self.topic = topic
        self.mode = mode
        self.mapping = mapping
        self.isOfOperator = isOfOperator
    }

    /// Makes the topic, with the router's first offset in the same transaction: from then on a missing offset means
    /// lost, never new.
    package func create<D, Clock>(
        partitionCount: Int, in broker: EmbeddedBroker<D, Clock>, names: Names
    ) throws(ProcessorError) {
        try ProcessorError.translating { () throws(BrokerError) in
            let producer = try broker.producer(transactionalID: "\(names.prefix)lifecycle-founding")
            try producer.begin()
            try producer.create(topic, partitionCount: partitionCount)
            let nothing = CommittedOffset(next: NextOffset(0), metadata: "\(InputProgress(mode: mode, seen: nil))")
            for partition in 0..<partitionCount {
                try producer.commit(nothing, of: TopicPartition(topic, partition), for: names.router, as: nil)
            }
            _ = try producer.end()
        }
    }
}

/// What the router commits beside its offset of an input partition: `live seen=<clock, ms>`, `live` or `backfill`.
package struct InputProgress: Equatable, Sendable, LosslessStringConvertible {
    package let mode: RouterInput.Mode
    /// All that was in the partition when the clock said so is in the log. Nil until its end was reached once.
    package let seen: Instant?

    package init(mode: RouterInput.Mode, seen: Instant?) {
        self.mode = mode
        self.seen = mode == .live ? seen : nil
    }

    package init?(_ description: String) {
        switch description {
        case "backfill": self.init(mode: .backfill, seen: nil)
        case "live": self.init(mode: .live, seen: nil)
        default:
            guard description.hasPrefix("live seen="), let clock = Int64(description.dropFirst(10)) else { return nil }
            self.init(mode: .live, seen: Instant(milliseconds: clock))
        }
    }

    package var description: String {
        switch mode {
        case .backfill: "backfill"
        case .live: seen.map { "live seen=\($0.milliseconds)" } ?? "live"
        }
    }
}
