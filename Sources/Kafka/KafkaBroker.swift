package import Brokers
import CRdKafka
import Glibc
import Synchronization

/// The broker's contract on a real Kafka, through librdkafka's C API.
///
/// The clients of one worker: one that reads what was committed, one that asks for ends and offsets (read-uncommitted:
/// asked by the other, a partition ends before the first open transaction), a producer and a member each. Every wait is
/// bounded, and a call that gave up says what the client complained of meanwhile.
package final class KafkaBroker: Broker {
    let settings: KafkaSettings
    let trouble: KafkaTrouble
    private let clientID: String
    let question: KafkaHandle
    private let reading: KafkaReading
    /// Read at the same time; empty where only one topic is.
    private let topics: [Topic]
    /// The instance's name, under which its member is known to the group; nil joins as nobody in particular.
    private let instance: String?

    /// Connects, and returns once a broker has answered. `clientID` is what the broker's logs call it.
    ///
    /// `topics` are those that will be read at the same time, where more than one is: they share the client's memory.
    /// `onComplaint` is told of each node that a client loses, by threads of the library.
    package init(
        _ settings: KafkaSettings, clientID: String, instance: String? = nil, reading topics: [Topic] = [],
        onComplaint: @escaping @Sendable (_ node: String, _ cause: String) -> Void = { _, _ in }
    ) throws(BrokerError) {
        self.settings = settings
        self.clientID = clientID
        self.instance = instance
        trouble = KafkaTrouble(brokers: settings.brokers, onComplaint: onComplaint)
        // Nobody joins the group: without one of its own the library follows a null pointer where the coordinator of
        // the group asked about is not known yet, as on a cluster that never had one (librdkafka issue 5040).
        self.topics = topics
        question = try KafkaConfiguration(
            settings, clientID: clientID, callbacks: KafkaCallbacks(trouble),
            // The answer to a question takes milliseconds, or does not come: another node is asked soon.
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

    /// Returns once any reader of this broker may have more, or after the time.
    package func waitForRecords(milliseconds: Int) {
        // Errors wait for whoever polls, in a queue without a bound.
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

    /// What the partition's leader answers to an instant (milliseconds since 1970), or to a mark for start or end.
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
                // To a client whose broker was away a topic is as unknown as one that is not there, or that we may not
                // see: the broker's own answer counts.
                let known = try metadata(of: partition.topic).topics.first { $0.topic == partition.topic }
                guard let known, partition.partition < known.partitionCount else { throw .noPartition(partition) }
                guard !patience.isOver else { throw trouble.unreachable("\(action) \(partition)") }
                rd_kafka_poll(question.raw, 100)
            default:
                try giveUp(code, patience, "\(action) \(partition)")
                // The library asks the leader it knows, dead or not, until it is told of another one (its issue 4225).
                _ = try metadata(of: partition.topic)
            }
        }
    }

    /// One call for all of them, which the library spreads over their leaders; where it fails they are asked for one by
    /// one, with patience.
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

    /// Kafka (4.3) lists what it had before a commit for some milliseconds after it answered the commit, even where
    /// stable offsets are asked for. Only what is asked for by name is waited for.
    package func committedAtLeast(by group: Group) throws(BrokerError) -> [TopicPartition: CommittedOffset] {
        try offsets(of: group, on: nil)
    }

    /// Throws unless the same question may be asked again, after a moment.
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
        // Errors are told to whoever polls. The end of a transaction is written within milliseconds.
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

    /// Of one topic, or of all.
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
            // Just made, or just elected: it will be there in a moment.
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

    /// Of these partitions, or of all that are known.
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

    /// The most that the library lets a request take: an hour.
    private static let longestMilliseconds: Int32 = 3_600_000

    /// For how long the library goes on with a request; both limits we use are within its range.
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
        // Copied by the call below.
        defer { if let list { rd_kafka_topic_partition_list_destroy(list) } }
        var request = rd_kafka_ListConsumerGroupOffsets_new(group.name, list.flatMap { $0 })
        defer { rd_kafka_ListConsumerGroupOffsets_destroy(request) }
        let options = rd_kafka_AdminOptions_new(question.raw, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS)
        defer { rd_kafka_AdminOptions_destroy(options) }
        // Who lists them is content with what was before an open transaction.
        let isStable: Int32 = partitions == nil ? 0 : 1
        if let failure = KafkaFailure(taking: rd_kafka_AdminOptions_set_require_stable_offsets(options, isStable)) {
            return .failure(failure.code)
        }
        // The library must not give up before we do: while it waits for the group's coordinator, it would free what it
        // then goes on to use, and abort the process (2.0.2: `rd_kafka_admin_coord_request`; seen with three nodes).
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
                    // No offset of a partition that is gone, or never was.
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
