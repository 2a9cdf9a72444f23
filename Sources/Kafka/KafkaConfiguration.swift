import Brokers
import CRdKafka
import Glibc

/// A configuration for one client, until a client takes it over. Sole owner of its `rd_kafka_conf_t`.
struct KafkaConfiguration: ~Copyable {
    private var raw: OpaquePointer?
    private let callbacks: KafkaCallbacks

    /// Of the same key the last one counts: our defaults, this client's, what the user set, and last what the client
    /// could not keep its promises without.
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

    /// The error does not name the value: it may be a password.
    private mutating func set(_ key: String, _ value: String) throws(BrokerError) {
        var reason = [CChar](repeating: 0, count: 512)
        guard rd_kafka_conf_set(raw, key, value, &reason, reason.count) == RD_KAFKA_CONF_OK else {
            throw BrokerError(.stop, "Kafka setting \(key): \(text(reason)).")
        }
    }

    /// A client of it. Only success takes the configuration over.
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

/// What C wrote into a buffer, up to its end.
func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
