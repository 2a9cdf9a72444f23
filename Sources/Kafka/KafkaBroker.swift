package import Brokers
import CRdKafka
import Glibc
import Synchronization

/// The `Broker` of a real Kafka, through librdkafka's C API.
///
/// It holds the clients of one worker: one that reads what was committed, one that asks for ends and offsets
/// (read-uncommitted, since the other would see a partition end before its first open transaction), and its producers
/// and members. Every wait is bounded, and a call that gave up names the trouble that the client reported meanwhile.
package final class KafkaBroker: Broker {
    let settings: KafkaSettings
    let trouble: KafkaTrouble
    private let clientID: String
    let question: KafkaHandle
    private let reading: KafkaReading
    /// The topics that are read at the same time; empty where only one is.
    private let topics: [Topic]
    /// The instance's name, for static membership of a group; nil joins as a dynamic member.
    private let instance: String?

    /// Connects, and returns once a broker has answered. The broker's logs show `clientID`.
    ///
    /// `topics` are those that will be read at the same time, where there is more than one; they share the client's
    /// memory. Threads of the library call `onComplaint` for each node that a client loses.
    package init(
        _ settings: KafkaSettings, clientID: String, instance: String? = nil, reading topics: [Topic] = [],
        onComplaint: @escaping @Sendable (_ node: String, _ cause: String) -> Void = { _, _ in }
    ) throws(BrokerError) {
        self.settings = settings
        self.clientID = clientID
        self.instance = instance
        trouble = KafkaTrouble(brokers: settings.brokers, onComplaint: onComplaint)
        // The group is never joined. Without a `group.id` the library follows a null pointer where the coordinator of
        // the group asked about is not known yet, as on a cluster that never had one (librdkafka issue 5040).
        self.topics = topics
        question = try KafkaConfiguration(
            settings, clientID: clientID, callbacks: KafkaCallbacks(trouble),
            // An answer takes milliseconds or does not come at all, so another node is asked soon.
            defaults: [("socket.timeout.ms", "5000")],
            fixed: [("isolation.level", "read_uncommitted"), ("group.id", "none")]
        ).client(RD_KAFKA_CONSUMER)
        reading = KafkaReading(settings, clientID: clientID, trouble: trouble)
        _ = try metadata(of: nil)
        trouble.succeeded()
    }

    package func now() throws(BrokerError) -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    package func join(_ group: Group, reading topics: [Topic]) throws(BrokerError) -> KafkaMember {
        try KafkaMember(
            settings, clientID: clientID, group: group, instance: instance, topics: topics, trouble: trouble)
    }

    package func producer(transactionalID: String) throws(BrokerError) -> KafkaProducer {
        try KafkaProducer(settings, clientID: clientID, transactionalID: transactionalID, trouble: trouble)
    }

    package func reader(of partition: TopicPartition, from next: NextOffset) throws(BrokerError) -> KafkaReader {
        let (start, end) = (try start(of: partition), try end(of: partition))
        guard next >= start, next <= end else {
            throw BrokerError(.stop, "\(partition) has offsets \(start) to \(end), there is no \(next) to read from.")
        }
        return try reading.reader(of: partition, from: next) { () throws(BrokerError) in
            var count = 0
            for topic in topics.isEmpty ? [partition.topic] : topics { count += try partitionCount(of: topic) ?? 0 }
            return count
        }
    }

    /// Waits until a reader of this broker may have more records, at most for the given time.
    package func waitForRecords(milliseconds: Int) {
        // Errors pile up in an unbounded queue until they are polled.
        rd_kafka_poll(question.raw, 0)
        reading.wait(milliseconds: milliseconds)
    }

    // MARK: Questions

    package func partitionCount(of topic: Topic) throws(BrokerError) -> Int? {
        let found = try metadata(of: topic)
        return found.topics.first { $0.topic == topic }?.partitionCount
    }

    package func start(of partition: TopicPartition) throws(BrokerError) -> NextOffset {
        NextOffset(try offset(of: partition, asked: Int64(RD_KAFKA_OFFSET_BEGINNING), "asked for the start of"))
    }

    package func end(of partition: TopicPartition) throws(BrokerError) -> NextOffset {
        NextOffset(try offset(of: partition, asked: Int64(RD_KAFKA_OFFSET_END), "asked for the end of"))
    }

    /// Returns the partition leader's offset for an instant (milliseconds since 1970), or for librdkafka's marks of
    /// start and end.
    func offset(of partition: TopicPartition, asked: Int64, _ action: String) throws(BrokerError) -> Int64 {
        let patience = Patience()
        while true {
            let code: rd_kafka_resp_err_t
            switch question.offset(of: partition, asked: asked, milliseconds: patience.milliseconds(atMost: 3_000)) {
            case .success(let offset): return offset
            case .failure(let failure): code = failure.code
            }
            switch code {
            case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
                RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
                // A client whose broker was away reports a topic as unknown, just like one that does not exist or that
                // we may not see. So the broker is asked.
                let known = try metadata(of: partition.topic).topics.first { $0.topic == partition.topic }
                guard let known, partition.partition < known.partitionCount else { throw .noPartition(partition) }
                guard !patience.isOver else { throw trouble.unreachable("\(action) \(partition)") }
                rd_kafka_poll(question.raw, 100)
            default:
                try giveUp(code, patience, "\(action) \(partition)")
                // The library asks the leader it knows, even a dead one, until the metadata is asked for again (its
                // issue 4225).
                _ = try metadata(of: partition.topic)
            }
        }
    }

    /// Asks for all ends in one call, which the library spreads over the leaders. Where that fails it asks for one
    /// after the other, and retries.
    package func ends(of partitions: [TopicPartition]) throws(BrokerError) -> [TopicPartition: NextOffset] {
        if let ends = question.ends(of: partitions, milliseconds: 3_000) { return ends }
        var ends: [TopicPartition: NextOffset] = [:]
        for partition in partitions { ends[partition] = try end(of: partition) }
        return ends
    }

    package func committed(
        by group: Group, on partitions: [TopicPartition]
    ) throws(BrokerError) -> [TopicPartition: CommittedOffset] {
        guard !partitions.isEmpty else { return [:] }
        return try offsets(of: group, on: partitions)
    }

    /// For some milliseconds after it answered a commit, Kafka (4.3) still lists the offsets from before it, even where
    /// stable offsets are asked for. Only offsets of named partitions are waited for.
    package func committedAtLeast(by group: Group) throws(BrokerError) -> [TopicPartition: CommittedOffset] {
        try offsets(of: group, on: nil)
    }

    /// Throws if the failure is final or the patience is over. Otherwise it waits a moment, and the caller asks again.
    func giveUp(
        _ code: rd_kafka_resp_err_t, _ patience: Patience, _ action: String
    ) throws(BrokerError) {
        if code.isRefusal {
            throw BrokerError(.refused, "\(settings.brokers) refuses what was \(action): \(code.sentence).")
        }
        guard code.isPassing else {
            throw BrokerError(.stop, "\(settings.brokers), \(action): \(code.sentence) (\(code.name)).")
        }
        guard !patience.isOver, !(trouble.isRefused && patience.spent >= Patience.refusal) else {
            throw trouble.unreachable(action)
        }
        // Errors are reported while polling. The end of a transaction is written within milliseconds.
        rd_kafka_poll(question.raw, code == RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT ? 10 : 100)
    }
}

// MARK: - Metadata and offsets

extension KafkaBroker {
    struct KnownTopic {
        let topic: Topic
        let partitionCount: Int
        let replicaCount: Int
    }

    /// Asks for the metadata of one topic, or of all where `topic` is nil.
    func metadata(of topic: Topic?) throws(BrokerError) -> (topics: [KnownTopic], brokerCount: Int) {
        let patience = Patience()
        let local = topic.flatMap { KafkaTopic($0.name, of: question) }
        while true {
            var found: UnsafePointer<rd_kafka_metadata>?
            let code = rd_kafka_metadata(
                question.raw, topic == nil ? 1 : 0, local?.raw, &found, patience.milliseconds(atMost: 5_000))
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let found else {
                try giveUp(code, patience, "asked for topics")
                continue
            }
            defer { rd_kafka_metadata_destroy(found) }
            let topics = UnsafeBufferPointer(start: found.pointee.topics, count: Int(found.pointee.topic_cnt))
            // The topic was just made, or its leader is being elected.
            if let passing = topics.first(where: { $0.err == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE }) {
                try giveUp(passing.err, patience, "asked for topics")
                continue
            }
            if let refused = topics.first(where: { $0.err.isRefusal }), topic != nil {
                try giveUp(refused.err, patience, "asked for topic \(String(cString: refused.topic))")
            }
            let known = topics.filter { $0.err == RD_KAFKA_RESP_ERR_NO_ERROR && $0.partition_cnt > 0 }.map { topic in
                KnownTopic(
                    topic: Topic(String(cString: topic.topic)), partitionCount: Int(topic.partition_cnt),
                    replicaCount: Int(topic.partitions[0].replica_cnt))
            }
            return (known, Int(found.pointee.broker_cnt))
        }
    }

    /// Returns the group's offsets on these partitions, or on all where `partitions` is nil.
    private func offsets(
        of group: Group, on partitions: [TopicPartition]?
    ) throws(BrokerError) -> [TopicPartition: CommittedOffset] {
        let patience = Patience()
        while true {
            let answer = askOffsets(of: group, on: partitions, patience)
            switch answer {
            case .success(let found): return found
            case .failure(let code): try giveUp(code, patience, "asked for the offsets of group \(group)")
            }
        }
    }

    /// The longest time-out that the library allows for a request: an hour.
    private static let longestMilliseconds: Int32 = 3_600_000

    /// Sets the time-out of a request. Both limits that we use are within the library's range.
    static func limit(_ options: OpaquePointer?, to milliseconds: Int32) {
        var reason = [CChar](repeating: 0, count: 512)
        rd_kafka_AdminOptions_set_request_timeout(options, milliseconds, &reason, reason.count)
    }

    private enum OffsetAnswer {
        case success([TopicPartition: CommittedOffset])
        case failure(rd_kafka_resp_err_t)
    }

    private func askOffsets(of group: Group, on partitions: [TopicPartition]?, _ patience: Patience) -> OffsetAnswer {
        let list = partitions.map { partitions in
            let list = rd_kafka_topic_partition_list_new(Int32(partitions.count))
            for partition in partitions {
                rd_kafka_topic_partition_list_add(list, partition.topic.name, Int32(partition.partition))
            }
            return list
        }
        // The call below copies it.
        defer { if let list { rd_kafka_topic_partition_list_destroy(list) } }
        var request = rd_kafka_ListConsumerGroupOffsets_new(group.name, list.flatMap { $0 })
        defer { rd_kafka_ListConsumerGroupOffsets_destroy(request) }
        let options = rd_kafka_AdminOptions_new(question.raw, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS)
        defer { rd_kafka_AdminOptions_destroy(options) }
        // Listing all offsets does not wait for open transactions.
        let isStable: Int32 = partitions == nil ? 0 : 1
        if let failure = KafkaFailure(taking: rd_kafka_AdminOptions_set_require_stable_offsets(options, isStable)) {
            return .failure(failure.code)
        }
        // The library must not give up before we do: a time-out while it waits for the group's coordinator frees memory
        // that it goes on to use, and aborts the process (2.0.2: `rd_kafka_admin_coord_request`; seen with three
        // nodes).
        Self.limit(options, to: Self.longestMilliseconds)
        let queue = rd_kafka_queue_new(question.raw)
        defer { rd_kafka_queue_destroy(queue) }
        rd_kafka_ListConsumerGroupOffsets(question.raw, &request, 1, options, queue)
        guard let event = rd_kafka_queue_poll(queue, patience.milliseconds()) else {
            return .failure(RD_KAFKA_RESP_ERR__TIMED_OUT)
        }
        defer { rd_kafka_event_destroy(event) }
        let code = rd_kafka_event_error(event)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { return .failure(code) }
        return Self.offsets(in: event)
    }

    private static func offsets(in event: OpaquePointer) -> OffsetAnswer {
        var found: [TopicPartition: CommittedOffset] = [:]
        var count = 0
        let groups = rd_kafka_ListConsumerGroupOffsets_result_groups(
            rd_kafka_event_ListConsumerGroupOffsets_result(event), &count)
        for index in 0..<count {
            guard let group = groups?[index] else { continue }
            if let error = rd_kafka_group_result_error(group) { return .failure(rd_kafka_error_code(error)) }
            guard let list = rd_kafka_group_result_partitions(group) else { continue }
            for entry in UnsafeBufferPointer(start: list.pointee.elems, count: Int(list.pointee.cnt)) {
                guard entry.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
                    // The partition does not exist, so it has no offset.
                    if entry.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART { continue }
                    return .failure(entry.err)
                }
                guard entry.offset >= 0 else { continue }
                let metadata = UnsafeRawBufferPointer(start: entry.metadata, count: entry.metadata_size)
                found[TopicPartition(Topic(String(cString: entry.topic)), Int(entry.partition))] = CommittedOffset(
                    next: NextOffset(entry.offset), metadata: String(decoding: metadata, as: UTF8.self))
            }
        }
        return .success(found)
    }
}
