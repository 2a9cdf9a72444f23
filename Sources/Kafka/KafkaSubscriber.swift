package import Brokers
import CRdKafka
import Glibc

/// Follows partitions as a subscriber from outside does: committed records only, all partitions through one queue,
/// without a group. It is for measurements, and shares nothing with a worker's reader.
///
/// One thread calls `next`; others may ask for ends meanwhile.
package final class KafkaSubscriber: Sendable {
    private let client: KafkaHandle
    private let trouble: KafkaTrouble

    /// The outcome of waiting for the next record.
    package enum Heard: Equatable, Sendable {
        case nothing
        case record
        /// The partition was read up to this offset, control records included, and nothing more is visible in it.
        case end(TopicPartition, NextOffset)
    }

    package init(_ settings: KafkaSettings, clientID: String) throws(BrokerError) {
        trouble = KafkaTrouble(brokers: settings.brokers)
        client = try KafkaConfiguration(
            settings, clientID: clientID, callbacks: KafkaCallbacks(trouble),
            defaults: [("fetch.wait.max.ms", "100")],
            fixed: [
                ("group.id", "none"), ("isolation.level", "read_committed"), ("enable.partition.eof", "true"),
                ("auto.offset.reset", "error"), ("enable.auto.commit", "false"), ("enable.auto.offset.store", "false"),
            ]
        ).client(RD_KAFKA_CONSUMER)
        rd_kafka_poll_set_consumer(client.raw)
    }

    /// Returns the offset behind the last record that a subscriber can see: the last stable offset.
    package func visibleEnd(of partition: TopicPartition) throws(BrokerError) -> NextOffset {
        let patience = Patience()
        while true {
            let milliseconds = patience.milliseconds(atMost: 3_000)
            switch client.offset(of: partition, asked: Int64(RD_KAFKA_OFFSET_END), milliseconds: milliseconds) {
            case .success(let offset): return NextOffset(offset)
            case .failure(let failure):
                guard failure.code.isPassing else {
                    throw BrokerError(.stop, "No end of \(partition): \(failure.code.sentence).")
                }
                guard !patience.isOver else { throw trouble.unreachable("asked for the end of \(partition)") }
                usleep(20_000)
            }
        }
    }

    /// Reads these partitions from now on, each from its offset.
    package func follow(_ starts: [TopicPartition: NextOffset]) throws(BrokerError) {
        let list = rd_kafka_topic_partition_list_new(Int32(starts.count))
        // Copied by the call below.
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for (partition, start) in starts {
            rd_kafka_topic_partition_list_add(list, partition.topic.name, Int32(partition.partition))?.pointee.offset =
                start.value
        }
        let code = rd_kafka_assign(client.raw, list)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw BrokerError(.stop, "Partitions cannot be followed: \(code.sentence).")
        }
    }

    /// Waits for the next record, at most for the given time, and lends it. Its bytes are valid only within `body`.
    package func next(milliseconds: Int, _ body: (SubscribedRecord) -> Void) throws(BrokerError) -> Heard {
        guard let message = rd_kafka_consumer_poll(client.raw, Int32(milliseconds)) else { return .nothing }
        defer { rd_kafka_message_destroy(message) }
        let code = message.pointee.err
        switch code {
        case RD_KAFKA_RESP_ERR_NO_ERROR:
            body(SubscribedRecord(message: message))
            return .record
        case RD_KAFKA_RESP_ERR__PARTITION_EOF:
            return .end(Self.partition(of: message), NextOffset(message.pointee.offset))
        default:
            let reason = String(cString: rd_kafka_message_errstr(message))
            guard code.isPassing else {
                throw BrokerError(code.isRefusal ? .refused : .stop, "Records cannot be followed: \(reason).")
            }
            trouble.reported(code, reason)
            return .nothing
        }
    }

    private static func partition(of message: UnsafePointer<rd_kafka_message_t>) -> TopicPartition {
        TopicPartition(
            Topic(message.pointee.rkt.map { String(cString: rd_kafka_topic_name($0)) } ?? ""),
            Int(message.pointee.partition))
    }
}

/// A record lent by a subscriber.
package struct SubscribedRecord {
    // The subscriber frees it once the record was lent.
    fileprivate let message: UnsafeMutablePointer<rd_kafka_message_t>

    package var partition: Int { Int(message.pointee.partition) }
    package var offset: Int64 { message.pointee.offset }
    /// The record's timestamp in milliseconds since 1970, as in `LentRecord`.
    package var timestamp: Int64 { rd_kafka_message_timestamp(message, nil) }

    package var value: UnsafeRawBufferPointer? {
        message.pointee.payload.map { UnsafeRawBufferPointer(start: $0, count: message.pointee.len) }
    }

    /// Returns the last header of this name; nil where there is none.
    package func header(_ name: StaticString) -> UnsafeRawBufferPointer? {
        var list: OpaquePointer?
        guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return nil }
        var value: UnsafeRawPointer?
        var count = 0
        let code = name.utf8Start.withMemoryRebound(to: CChar.self, capacity: name.utf8CodeUnitCount + 1) {
            rd_kafka_header_get_last(list, $0, &value, &count)
        }
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        return value.map { UnsafeRawBufferPointer(start: $0, count: count) }
    }
}
