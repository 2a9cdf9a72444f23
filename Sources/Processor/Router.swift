package import Brokers
import CustomerLifecycle
package import Wire

/// Reads the shop's topics and appends what they say to the log: log records, rejects and input offsets in one
/// transaction, so that each input record is routed exactly once.
///
/// With each offset of a live input it commits up to when the input was read to its end (Design.md, Time): time in the
/// log never passes an order that still waits.
package final class Router<B: Broker> {
    private let broker: B
    private let names: Names
    private let producer: B.Producer
    private let writer: LogWriter<B.Producer>
    private let rejects: RejectWriter
    /// Input records in one transaction.
    private let recordCountMax: Int
    private var lanes: [Lane] = []
    /// Of committed transactions.
    package private(set) var routedCount = 0
    package private(set) var rejectedCount = 0

    /// One input partition.
    private struct Lane {
        let partition: TopicPartition
        let topicName: [UInt8]
        let mode: RouterInput.Mode
        var reader: B.Reader
        /// As committed last.
        var seen: Instant?
    }

    /// What an open transaction holds.
    private struct Batch {
        var routedCount = 0
        var rejectedCount = 0
    }

    /// Takes up each input where the router's group left off.
    package init(
        broker: B, names: Names, producer: B.Producer, inputs: [InputTopic], settings: RouterSettings,
        recordCountMax: Int = 5_000
    ) throws(ProcessorError) {
        self.broker = broker
        self.names = names
        self.producer = producer
        self.recordCountMax = recordCountMax
        let counts = try ProcessorError.translating { () throws(BrokerError) in
            (log: try broker.partitionCount(of: names.log), rejected: try broker.partitionCount(of: names.rejected))
        }
        guard let logCount = counts.log, let rejectedCount = counts.rejected else {
            throw ProcessorError(.notOurLog, "There is no \(names.log) with its \(names.rejected) yet.")
        }
        writer = LogWriter(names: names, partitionCount: logCount, settings: settings)
        rejects = RejectWriter(names: names, partitionCount: rejectedCount)
        for input in inputs { lanes += try open(input) }
    }

    /// Routes everything that was in the inputs when it began, and commits how far that is. Returns the number of input
    /// records.
    package func pass() throws(ProcessorError) -> Int {
        // First the clock, then the ends: what is appended to an input later than `clock` says nothing about `seen`.
        let clock = try ProcessorError.translating { () throws(BrokerError) in
            Instant(milliseconds: try broker.now())
        }
        var ends: [NextOffset] = []
        for lane in lanes { ends.append(try end(of: lane.partition)) }
        var count = 0
        while true {
            do throws(BatchLost) {
                let isDone = try transaction(upTo: ends, clock: clock, count: &count)
                if isDone { return count }
            } catch {
                if case .stop(let error) = error { throw error }
                for index in lanes.indices { lanes[index] = try reopened(lanes[index]) }
            }
        }
    }

    // MARK: Inputs

    private func open(_ input: InputTopic) throws(ProcessorError) -> [Lane] {
        let (partitionCount, committed) = try ProcessorError.translating { () throws(BrokerError) in
            (try broker.partitionCount(of: input.topic), try broker.committed(by: names.router))
        }
        guard let partitionCount else {
            throw ProcessorError(.usage, "There is no topic \(input.topic) to read from.")
        }
        let isKnown = committed.keys.contains { $0.topic == input.topic }
        var lanes: [Lane] = []
        for number in 0..<partitionCount {
            let partition = TopicPartition(input.topic, number)
            // A partition that was added to a topic we know begins at 0; a topic without any offset was lost.
            guard isKnown else {
                throw ProcessorError(
                    .offsetMissing,
                    "Group \(names.router) has no offset on \(input.topic): it was lost, or the topic is new.")
            }
            let offset = committed[partition]
            lanes.append(
                Lane(
                    partition: partition, topicName: Array(input.topic.name.utf8), mode: input.mode,
                    reader: try reader(of: partition, from: offset?.next ?? NextOffset(0)),
                    seen: offset.flatMap { InputProgress($0.metadata) }?.seen))
        }
        return lanes
    }

    /// The lane at what is committed, after a transaction that came to nothing.
    private func reopened(_ lane: Lane) throws(ProcessorError) -> Lane {
        let offset = try ProcessorError.translating { () throws(BrokerError) in
            try broker.committed(by: names.router, on: lane.partition)
        }
        var lane = lane
        lane.reader = try reader(of: lane.partition, from: offset?.next ?? NextOffset(0))
        return lane
    }

    private func reader(of partition: TopicPartition, from next: NextOffset) throws(ProcessorError) -> B.Reader {
        try ProcessorError.translating { () throws(BrokerError) in try broker.reader(of: partition, from: next) }
    }

    private func end(of partition: TopicPartition) throws(ProcessorError) -> NextOffset {
        try ProcessorError.translating { () throws(BrokerError) in try broker.bounds(of: partition).end }
    }
}

// MARK: - One transaction

extension Router {
    private enum BatchLost: Error {
        /// Nothing of it is visible.
        case again
        case stop(ProcessorError)
    }

    /// Says whether every input was read up to its end, or has nothing to give just now.
    private func transaction(
        upTo ends: [NextOffset], clock: Instant, count: inout Int
    ) throws(BatchLost) -> Bool {
        try stopping { () throws(BrokerError) in try producer.begin() }
        var batch = Batch()
        var isDone = true
        for (lane, end) in zip(lanes, ends) {
            while lane.reader.position < end {
                let room = recordCountMax - batch.routedCount - batch.rejectedCount
                guard room > 0 else {
                    isDone = false
                    break
                }
                guard try route(lane, countMax: room, clock: clock, into: &batch) > 0 else { break }
            }
        }
        try commit(upTo: ends, clock: clock)
        routedCount += batch.routedCount
        rejectedCount += batch.rejectedCount
        count += batch.routedCount + batch.rejectedCount
        return isDone
    }

    private func route(
        _ lane: Lane, countMax: Int, clock: Instant, into batch: inout Batch
    ) throws(BatchLost) -> Int {
        do throws(ReadError<BrokerError>) {
            return try lane.reader.read(countMax: countMax) { records throws(BrokerError) in
                for record in records { try route(record, of: lane, clock: clock, into: &batch) }
            }
        } catch {
            switch error {
            case .broker(let error), .body(let error): throw .stop(ProcessorError(error))
            }
        }
    }

    private func route(
        _ record: LentRecord, of lane: Lane, clock: Instant, into batch: inout Batch
    ) throws(BrokerError) {
        let input = RouterInput(
            value: record.value,
            kafkaTime: record.timestamp >= 0 ? Instant(milliseconds: record.timestamp) : nil, clock: clock,
            mode: lane.mode)
        let outcome = try lane.topicName.withUnsafeBufferPointer { name throws(BrokerError) in
            let origin = LogOrigin(
                topic: UnsafeRawBufferPointer(name), partition: Int32(lane.partition.partition), offset: record.offset)
            return try writer.append(input, from: origin, to: producer)
        }
        switch outcome {
        case .success: batch.routedCount += 1
        case .failure(let rejection):
            try rejects.reject(
                record, of: lane.partition, because: rejection, hash: writer.original, to: producer)
            batch.rejectedCount += 1
        }
    }

    private func commit(upTo ends: [NextOffset], clock: Instant) throws(BatchLost) {
        var seen: [Instant?] = []
        for (lane, end) in zip(lanes, ends) { seen.append(lane.reader.position >= end ? clock : lane.seen) }
        let offsets = zip(lanes, seen).map { lane, seen in
            CommittedOffset(
                next: lane.reader.position, metadata: "\(InputProgress(mode: lane.mode, seen: seen))")
        }
        let outcome = try stopping { () throws(BrokerError) in
            for (lane, offset) in zip(lanes, offsets) {
                try producer.commit(offset, of: lane.partition, for: names.router)
            }
            return try producer.end()
        }
        switch outcome {
        case .committed: break
        case .aborted: throw .again
        case .unknown: try settle(offsets)
        }
        for index in lanes.indices { lanes[index].seen = seen[index] }
    }

    /// The broker's committed offsets are the only witness of a commit whose outcome is unknown.
    private func settle(_ offsets: [CommittedOffset]) throws(BatchLost) {
        for (lane, offset) in zip(lanes, offsets) {
            let committed = try stopping { () throws(BrokerError) in
                try broker.committed(by: names.router, on: lane.partition)
            }
            guard committed == offset else { throw .again }
        }
    }

    private func stopping<Result>(_ body: () throws(BrokerError) -> Result) throws(BatchLost) -> Result {
        do throws(BrokerError) { return try body() } catch { throw .stop(ProcessorError(error)) }
    }
}
