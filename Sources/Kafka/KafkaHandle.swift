import CRdKafka
import Glibc

/// Sole owner of one `rd_kafka_t`, which is thread-safe; the `@unchecked` rests on that alone.
///
/// A class, since readers, topics and queues of the client keep it alive.
final class KafkaHandle: @unchecked Sendable {
    let raw: OpaquePointer
    let callbacks: KafkaCallbacks

    init(_ raw: OpaquePointer, _ callbacks: KafkaCallbacks) {
        self.raw = raw
        self.callbacks = callbacks
    }

    /// `rd_kafka_destroy` can wait for a broker that does not answer (librdkafka 4187 and others): never on the thread
    /// of a lane. A process that ends does not wait for it.
    deinit {
        let ending = Unmanaged.passRetained(Ending(raw, callbacks))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { ending in
                guard let ending else { return nil }
                // Taken over from `passRetained` above, and held until the last callback was made.
                let client = Unmanaged<Ending>.fromOpaque(ending).takeRetainedValue()
                rd_kafka_destroy_flags(client.raw, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
                return nil
            }, ending.toOpaque())
        // Without a thread the client is left as it is: freed with the process.
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

/// A topic as one client knows it. Owns its `rd_kafka_topic_t`, which is as thread-safe as the client; the `@unchecked`
/// rests on that.
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
