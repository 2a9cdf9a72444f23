import Brokers
import CRdKafka
import Glibc

/// The configuration of one client, until the client takes it over. It is the sole owner of its `rd_kafka_conf_t`.
struct KafkaConfiguration: ~Copyable {
    private var raw: OpaquePointer?
    private let callbacks: KafkaCallbacks

    /// The last value of a key counts. They are set in this order: our defaults, this client's, the user's settings,
    /// and the values that the client's guarantees depend on.
    init(
        _ settings: KafkaSettings, clientID: String, callbacks: KafkaCallbacks, defaults: [(String, String)] = [],
        fixed: [(String, String)] = []
    ) throws(BrokerError) {
        self.callbacks = callbacks
        raw = rd_kafka_conf_new()
        callbacks.hear(raw)
        for (key, value) in [
            ("client.id", clientID), ("socket.nagle.disable", "true"), ("socket.keepalive.enable", "true"),
            ("topic.metadata.refresh.interval.ms", "30000"), ("reconnect.backoff.max.ms", "2000"),
            ("message.max.bytes", "\(KafkaSettings.messageByteCountMax)"), ("log.connection.close", "false"),
        ] { try set(key, value) }
        for (key, value) in defaults { try set(key, value) }
        for (key, value) in settings.extra { try set(key, value) }
        try set("bootstrap.servers", settings.brokers)
        for (key, value) in fixed { try set(key, value) }
    }

    /// The error does not show the value, which may be a password.
    private mutating func set(_ key: String, _ value: String) throws(BrokerError) {
        var reason = [CChar](repeating: 0, count: 512)
        guard rd_kafka_conf_set(raw, key, value, &reason, reason.count) == RD_KAFKA_CONF_OK else {
            throw BrokerError(.stop, "Kafka setting \(key): \(text(reason)).")
        }
    }

    /// Makes a client, which owns the configuration from then on. On failure the configuration is freed here.
    consuming func client(_ kind: rd_kafka_type_t) throws(BrokerError) -> KafkaHandle {
        var reason = [CChar](repeating: 0, count: 512)
        if kind == RD_KAFKA_PRODUCER { callbacks.hearDeliveries(raw) }
        guard let client = rd_kafka_new(kind, raw, &reason, reason.count) else {
            throw BrokerError(.stop, "No Kafka client can be made: \(text(reason)).")
        }
        raw = nil
        return KafkaHandle(client, callbacks)
    }

    deinit { if let raw { rd_kafka_conf_destroy(raw) } }
}

/// Returns the C string in a buffer.
func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
