import CRdKafka
import Glibc

/// Sole owner of one `rd_kafka_t`, which is thread-safe; the `@unchecked` rests on that alone.
///
/// A class, since readers, topics and queues of the client keep it alive.
final class KafkaHandle: @unchecked Sendable {
    let raw: OpaquePointer

    init(_ raw: OpaquePointer) { self.raw = raw }

    /// `rd_kafka_destroy` can wait for a broker that does not answer (KAFKA-4187 and others): never on the thread of a
    /// lane. A process that ends does not wait for it.
    deinit {
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { raw in
                rd_kafka_destroy_flags(OpaquePointer(raw), RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
                return nil
            }, UnsafeMutableRawPointer(raw))
        if status == 0 { pthread_detach(thread) }
    }
}

/// A topic as one client knows it. Owns its `rd_kafka_topic_t`.
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
