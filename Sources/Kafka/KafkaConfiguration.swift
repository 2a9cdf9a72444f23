import Brokers
import CRdKafka
import Glibc

/// A configuration for one client, until a client takes it over. Sole owner of its `rd_kafka_conf_t`.
struct KafkaConfiguration: ~Copyable {
    private var raw: OpaquePointer?

    init(_ settings: KafkaSettings, clientID: String) throws(BrokerError) {
        raw = rd_kafka_conf_new()
        for (key, value) in [
            ("bootstrap.servers", settings.brokers), ("client.id", clientID), ("socket.nagle.disable", "true"),
            ("socket.keepalive.enable", "true"), ("topic.metadata.refresh.interval.ms", "30000"),
            ("reconnect.backoff.max.ms", "2000"),
            ("message.max.bytes", "\(KafkaSettings.messageByteCountMax)"), ("log.connection.close", "false"),
        ] { try set(key, value) }
        for (key, value) in settings.extra { try set(key, value) }
    }

    mutating func set(_ key: String, _ value: String) throws(BrokerError) {
        var reason = [CChar](repeating: 0, count: 512)
        guard rd_kafka_conf_set(raw, key, value, &reason, reason.count) == RD_KAFKA_CONF_OK else {
            throw BrokerError(.stop, "Kafka setting \(key)=\(value): \(text(reason)).")
        }
    }

    /// Callbacks of the client hand `trouble` back; whoever makes the client keeps it alive.
    mutating func report(to trouble: KafkaTrouble) {
        rd_kafka_conf_set_opaque(raw, Unmanaged.passUnretained(trouble).toOpaque())
        rd_kafka_conf_set_log_cb(raw) { client, level, facility, line in
            guard let client, let opaque = rd_kafka_opaque(client), let facility, let line else { return }
            Unmanaged<KafkaTrouble>.fromOpaque(opaque).takeUnretainedValue()
                .logged(level: level, facility: String(cString: facility), line: String(cString: line))
        }
        rd_kafka_conf_set_error_cb(raw) { _, code, reason, opaque in
            guard let opaque, let reason else { return }
            Unmanaged<KafkaTrouble>.fromOpaque(opaque).takeUnretainedValue()
                .reported(rd_kafka_resp_err_t(rawValue: code), String(cString: reason))
        }
    }

    mutating func onRebalance(
        _ callback:
            @escaping @convention(c) (
                OpaquePointer?, rd_kafka_resp_err_t, UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?,
                UnsafeMutableRawPointer?
            ) -> Void, _ opaque: UnsafeMutableRawPointer
    ) {
        rd_kafka_conf_set_opaque(raw, opaque)
        rd_kafka_conf_set_rebalance_cb(raw, callback)
    }

    /// A client of it. Only success takes the configuration over.
    consuming func client(_ kind: rd_kafka_type_t) throws(BrokerError) -> KafkaHandle {
        var reason = [CChar](repeating: 0, count: 512)
        guard let client = rd_kafka_new(kind, raw, &reason, reason.count) else {
            throw BrokerError(.stop, "No Kafka client can be made: \(text(reason)).")
        }
        raw = nil
        return KafkaHandle(client)
    }

    deinit { if let raw { rd_kafka_conf_destroy(raw) } }
}

/// What C wrote into a buffer, up to its end.
func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
