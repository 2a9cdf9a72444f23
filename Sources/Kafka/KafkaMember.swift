package import Brokers
import CRdKafka
import Glibc

/// A member of a group. It fetches nothing, so that nothing can be read under an assignment that its worker does not
/// know of.
///
/// With an instance's name it is a static member: after a kill -9 it gets its partitions back at once, not after the
/// session. The library sends the heartbeats; only rebalances need `poll`.
package final class KafkaMember: GroupMember {
    private var client: KafkaHandle
    /// Joins the group again, with a new client of the same name.
    private let joinAnew: () throws(BrokerError) -> KafkaHandle
    private var fencings = Fencings()
    private let group: Group
    /// A partition of the group's topics, which `leave` asks about.
    private let known: TopicPartition?
    private let trouble: KafkaTrouble
    /// The state that the rebalance callback writes.
    private let hearing = Hearing()

    /// Only the member's thread touches it, since the callback runs within `poll`; that makes `@unchecked Sendable`
    /// safe.
    private final class Hearing: @unchecked Sendable {
        var number = 0
        var assignment: Assignment?
        /// Why the last assignment could not be taken.
        var failure: String?
    }

    private static let sessionMilliseconds = 10_000
    /// A member learns of a rebalance by its heartbeat, and a rebalance waits for the last member.
    private static let heartbeatMilliseconds = 1_000
    /// A member that is joining cannot leave until the rebalance is over, which takes the others' next heartbeat.
    private static let joinPatience = Duration.seconds(4)
    private static let leavePatience = Duration.seconds(2)

    init(
        _ settings: KafkaSettings, clientID: String, group: Group, instance: String?, topics: [Topic],
        trouble: KafkaTrouble
    ) throws(BrokerError) {
        self.group = group
        known = topics.first.map { TopicPartition($0, 0) }
        self.trouble = trouble
        joinAnew = { [hearing] () throws(BrokerError) in
            let callbacks = KafkaCallbacks(trouble) { Self.answer($1, $0, hearing) }
            return try Self.join(settings, clientID, group, instance, topics, callbacks)
        }
        client = try joinAnew()
    }

    private static func join(
        _ settings: KafkaSettings, _ clientID: String, _ group: Group, _ instance: String?, _ topics: [Topic],
        _ callbacks: KafkaCallbacks
    ) throws(BrokerError) -> KafkaHandle {
        let client = try KafkaConfiguration(
            settings, clientID: clientID, callbacks: callbacks,
            defaults: [
                ("session.timeout.ms", "\(sessionMilliseconds)"),
                ("heartbeat.interval.ms", "\(heartbeatMilliseconds)"),
            ],
            fixed: [
                ("group.id", group.name), ("isolation.level", "read_committed"),
                ("partition.assignment.strategy", "range"), ("enable.auto.commit", "false"),
                ("enable.auto.offset.store", "false"), ("auto.offset.reset", "error"),
            ] + (instance.map { [("group.instance.id", $0)] } ?? [])
        ).client(RD_KAFKA_CONSUMER)
        rd_kafka_poll_set_consumer(client.raw)
        let list = rd_kafka_topic_partition_list_new(Int32(topics.count))
        // Copied by the call below.
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for topic in topics { rd_kafka_topic_partition_list_add(list, topic.name, RD_KAFKA_PARTITION_UA) }
        let code = rd_kafka_subscribe(client.raw, list)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw BrokerError(.stop, "Group \(group) cannot be joined: \(code.sentence).")
        }
        return client
    }

    package func poll() throws(BrokerError) -> Assignment? {
        var isFenced = false
        while !isFenced, let message = rd_kafka_consumer_poll(client.raw, 0) {
            defer { rd_kafka_message_destroy(message) }
            isFenced = try follow(message.pointee.err, String(cString: rd_kafka_message_errstr(message)))
        }
        if isFenced {
            hearing.assignment = nil
            try fencings.count("This instance in group \(group)")
            client = try joinAnew()
        }
        if let failure = hearing.failure { throw BrokerError(.stop, "Group \(group): \(failure).") }
        return hearing.assignment
    }

    package func leave() {
        hear(within: Self.joinPatience) { hearing.number > 0 }
        // Closing the client would not do: the library (2.0.2) does not tell the group that a static member leaves.
        rd_kafka_unsubscribe(client.raw)
        let patience = Patience(Self.leavePatience)
        hear(within: Self.leavePatience) { hearing.assignment == nil }
        guard let known else { return }
        // No call waits for the answer to leaving. The coordinator answers requests in order, so its answer to this one
        // shows that it has taken the leaving.
        let list = rd_kafka_topic_partition_list_new(1)
        defer { rd_kafka_topic_partition_list_destroy(list) }
        rd_kafka_topic_partition_list_add(list, known.topic.name, Int32(known.partition))
        rd_kafka_committed(client.raw, list, patience.milliseconds())
    }

    /// Polls until `isSo` or the limit, so that rebalances are answered. It ignores everything else.
    private func hear(within limit: Duration, until isSo: () -> Bool) {
        let patience = Patience(limit)
        while !isSo(), !patience.isOver {
            if let message = rd_kafka_consumer_poll(client.raw, 20) { rd_kafka_message_destroy(message) }
        }
    }

    /// Acts on an error from `poll`. Returns whether this client was fenced and must be replaced.
    private func follow(_ code: rd_kafka_resp_err_t, _ reason: String) throws(BrokerError) -> Bool {
        if code == RD_KAFKA_RESP_ERR__FATAL || code == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID {
            var text = [CChar](repeating: 0, count: 512)
            let cause = rd_kafka_fatal_error(client.raw, &text, text.count)
            guard cause == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID || code == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID else {
                throw BrokerError(.hung, "The member of group \(group) gave up: \(reason).")
            }
            return true
        }
        if code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED {
            throw BrokerError(.refused, "Group \(group) may not be joined: \(reason).")
        }
        if code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED {
            throw BrokerError(.refused, "A topic of group \(group) may not be seen: \(reason).")
        }
        if code == RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED { hearing.assignment = nil }
        // Any other error passes by itself; the message of a time-out names it.
        trouble.reported(code, reason)
        return false
    }
}

extension KafkaMember {
    private static func answer(_ rebalance: KafkaCallbacks.Rebalance, _ client: OpaquePointer, _ hearing: Hearing) {
        hearing.assignment = nil
        guard case .assigned(let partitions) = rebalance else {
            rd_kafka_assign(client, nil)
            return
        }
        // This client fetches nothing.
        let none = rd_kafka_topic_partition_list_new(0)
        rd_kafka_assign(client, none)
        rd_kafka_topic_partition_list_destroy(none)
        hearing.number += 1
        guard let proof = proof(client) else {
            hearing.failure = "what proves membership cannot be written"
            return
        }
        hearing.assignment = Assignment(number: hearing.number, partitions: partitions, proof: proof)
    }

    /// Returns generation, member and instance, as the library encodes them.
    private static func proof(_ client: OpaquePointer) -> [UInt8]? {
        guard let metadata = rd_kafka_consumer_group_metadata(client) else { return nil }
        defer { rd_kafka_consumer_group_metadata_destroy(metadata) }
        var bytes: UnsafeMutableRawPointer?
        var count = 0
        let failure = KafkaFailure(taking: rd_kafka_consumer_group_metadata_write(metadata, &bytes, &count))
        guard failure == nil, let bytes else { return nil }
        defer { free(bytes) }
        return Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }
}
