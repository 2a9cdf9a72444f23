import Brokers
import CRdKafka
import Glibc

/// The sole owner of one `rd_kafka_t`, which is thread-safe; that makes `@unchecked Sendable` safe.
///
/// It is a class, since readers, topics and queues of the client keep it alive.
final class KafkaHandle: @unchecked Sendable {
    let raw: OpaquePointer
    let callbacks: KafkaCallbacks

    init(_ raw: OpaquePointer, _ callbacks: KafkaCallbacks) {
        self.raw = raw
        self.callbacks = callbacks
    }

    /// `rd_kafka_destroy` can wait for a broker that does not answer (librdkafka 4187 and others), so it never runs on
    /// a worker's thread. A process that ends does not wait for it.
    deinit {
        let ending = Unmanaged.passRetained(Ending(raw, callbacks))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { ending in
                guard let ending else { return nil }
                // Takes over the reference of `passRetained` above, and holds it until the last callback was made.
                let client = Unmanaged<Ending>.fromOpaque(ending).takeRetainedValue()
                rd_kafka_destroy_flags(client.raw, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
                return nil
            }, ending.toOpaque())
        // Without a thread the client is leaked until the process ends.
        if status == 0 { pthread_detach(thread) }
    }

    private final class Ending {
        let raw: OpaquePointer
        private let callbacks: KafkaCallbacks

        init(_ raw: OpaquePointer, _ callbacks: KafkaCallbacks) {
            self.raw = raw
            self.callbacks = callbacks
        }
    }
}

extension KafkaHandle {
    struct NoOffset: Error {
        let code: rd_kafka_resp_err_t
    }

    /// Returns the partition leader's offset for an instant (milliseconds since 1970), or for librdkafka's marks of
    /// start and end; negative where no record is as late as the instant.
    ///
    /// It avoids `rd_kafka_query_watermark_offsets`, which in librdkafka 2.0.2 waits for a dead leader until it is
    /// back, whatever its time-out (its issue 4460; seen with three nodes).
    func offset(of partition: TopicPartition, asked: Int64, milliseconds: Int32) -> Result<Int64, NoOffset> {
        let list = rd_kafka_topic_partition_list_new(1)
        defer { rd_kafka_topic_partition_list_destroy(list) }
        let entry = rd_kafka_topic_partition_list_add(list, partition.topic.name, Int32(partition.partition))
        entry?.pointee.offset = asked
        let code = rd_kafka_offsets_for_times(raw, list, milliseconds)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let entry else { return .failure(NoOffset(code: code)) }
        guard entry.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
            return .failure(NoOffset(code: entry.pointee.err))
        }
        return .success(entry.pointee.offset)
    }
}

extension KafkaHandle {
    /// Returns the ends of partitions, as their leaders say; nil unless all of them have answered.
    func ends(of partitions: [TopicPartition], milliseconds: Int32) -> [TopicPartition: NextOffset]? {
        guard !partitions.isEmpty else { return [:] }
        let list = rd_kafka_topic_partition_list_new(Int32(partitions.count))
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for partition in partitions {
            let entry = rd_kafka_topic_partition_list_add(list, partition.topic.name, Int32(partition.partition))
            entry?.pointee.offset = Int64(RD_KAFKA_OFFSET_END)
        }
        guard rd_kafka_offsets_for_times(raw, list, milliseconds) == RD_KAFKA_RESP_ERR_NO_ERROR, let list
        else { return nil }
        var ends: [TopicPartition: NextOffset] = [:]
        for entry in UnsafeBufferPointer(start: list.pointee.elems, count: Int(list.pointee.cnt)) {
            guard entry.err == RD_KAFKA_RESP_ERR_NO_ERROR, entry.offset >= 0 else { return nil }
            ends[TopicPartition(Topic(String(cString: entry.topic)), Int(entry.partition))] = NextOffset(entry.offset)
        }
        return ends
    }
}

/// A topic handle of one client. It owns its `rd_kafka_topic_t`, which is as thread-safe as the client; that makes
/// `@unchecked Sendable` safe.
final class KafkaTopic: @unchecked Sendable {
    let raw: OpaquePointer
    // The client must outlive its topics.
    private let client: KafkaHandle

    init?(_ name: String, of client: KafkaHandle) {
        guard let raw = rd_kafka_topic_new(client.raw, name, nil) else { return nil }
        self.raw = raw
        self.client = client
    }

    deinit { rd_kafka_topic_destroy(raw) }
}
