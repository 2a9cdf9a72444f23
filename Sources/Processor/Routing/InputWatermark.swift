package import Brokers
package import CustomerLifecycle
import Wire

/// Up to when everything that reached a live input has also reached the log: the least `seen` over all their
/// partitions.
///
/// Anyone may ask; it is read from what the router's group committed, and an older reading is a safe lower bound.
package struct InputWatermark<B: Broker>: Sendable {
    package enum Reading: Equatable, Sendable {
        /// Nil: no input is live, and the broker's clock says so.
        case at(Instant, limitedBy: TopicPartition?)
        /// This input has never been read to its end.
        case heldBack(by: TopicPartition)

        /// The input partition that holds time back.
        package var limit: TopicPartition? {
            switch self {
            case .at(_, let partition): partition
            case .heldBack(let partition): partition
            }
        }
    }

    private let broker: B
    private let names: Names

    package init(broker: B, names: Names) {
        self.broker = broker
        self.names = names
    }

    /// Without a live input it is the broker's clock.
    package func read() throws(ProcessorError) -> Reading {
        try ProcessorError.translating { () throws(BrokerError) in
            // Read first: a caller that asks for an end afterwards knows of everything up to then.
            let clock = Instant(milliseconds: try broker.now())
            var least: (seen: Instant, partition: TopicPartition)?
            for (partition, progress) in try inputs() where progress?.mode != .backfill {
                guard let seen = progress?.seen else { return .heldBack(by: partition) }
                if seen < least?.seen ?? .never { least = (seen, partition) }
            }
            return .at(least?.seen ?? clock, limitedBy: least?.partition)
        }
    }

    /// Records of an input that the router has not committed yet; nil where it never committed any.
    package func unreadCount(of partition: TopicPartition) throws(ProcessorError) -> Int64? {
        try ProcessorError.translating { () throws(BrokerError) in
            guard let next = try broker.committed(by: names.router, on: partition)?.next else { return nil }
            return max(try broker.end(of: partition).value - next.value, 0)
        }
    }

    /// A backfill input that the router has not read to its end: its history is not complete yet.
    package func unreadBackfill() throws(ProcessorError) -> TopicPartition? {
        try ProcessorError.translating { () throws(BrokerError) in
            let committed = try broker.committedAtLeast(by: names.router)
            for (partition, progress) in try inputs() where progress?.mode == .backfill {
                guard let next = committed[partition]?.next, next >= (try broker.end(of: partition)) else {
                    return partition
                }
            }
            return nil
        }
    }

    /// Every partition of each topic that the router has offsets for, in order; nil where it has none yet.
    private func inputs() throws(BrokerError) -> [(TopicPartition, InputProgress?)] {
        let committed = try broker.committedAtLeast(by: names.router)
        var inputs: [(TopicPartition, InputProgress?)] = []
        for topic in Set(committed.keys.map(\.topic)).sorted() {
            for number in 0..<(try broker.partitionCount(of: topic) ?? 0) {
                let partition = TopicPartition(topic, number)
                inputs.append((partition, committed[partition].flatMap { InputProgress($0.metadata) }))
            }
        }
        return inputs
    }
}

/// What was asked about the log's partitions: how far time had come, and *then* where they ended. All that reached an
/// input before the watermark stands before those ends.
///
/// A tick waits until that is folded: a customer whose review an event there puts off needs none.
package struct LogEnds<B: Broker>: Sendable {
    package let reading: InputWatermark<B>.Reading
    /// Records of the input that limits the watermark which the router has not committed yet; nil where it never
    /// committed any, or no input limits it.
    package let unreadCount: Int64?
    package let clock: Instant
    package let ends: [TopicPartition: NextOffset]

    package static func request(
        _ broker: B, _ watermark: InputWatermark<B>, about partitions: [TopicPartition]
    ) throws(ProcessorError) -> Self {
        let reading = try watermark.read()
        let unreadCount = try reading.limit.flatMap { partition throws(ProcessorError) in
            try watermark.unreadCount(of: partition)
        }
        return try ProcessorError.translating { () throws(BrokerError) in
            let clock = Instant(milliseconds: try broker.now())
            return Self(
                reading: reading, unreadCount: unreadCount, clock: clock, ends: try broker.ends(of: partitions))
        }
    }
}

/// What was asked about input partitions: the clock, and *then* where they ended. What is appended later says nothing
/// about that clock.
package struct InputEnds: Sendable {
    package let clock: Instant
    package let ends: [TopicPartition: NextOffset]

    package static func request(
        _ broker: some Broker, about partitions: [TopicPartition]
    ) throws(ProcessorError) -> Self {
        try ProcessorError.translating { () throws(BrokerError) in
            let clock = Instant(milliseconds: try broker.now())
            return Self(clock: clock, ends: try broker.ends(of: partitions))
        }
    }
}
