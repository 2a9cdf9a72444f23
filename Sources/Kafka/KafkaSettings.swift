package import Brokers

/// How to reach a Kafka, and the other settings of its clients.
package struct KafkaSettings: Sendable {
    /// The brokers as `host:port`, separated by commas.
    package let brokers: String
    /// Settings of librdkafka, in the order given. They override our defaults, but not the values that a client's
    /// guarantees depend on.
    package let extra: [(key: String, value: String)]
    /// How long the end of a transaction may take before its outcome counts as unknown. Together with
    /// `Patience.decision`, which the next producer has to find out, it stays below the 120 s after which a worker
    /// counts as hung.
    package var commitPatience = Duration.seconds(45)

    /// Throws, with the reason, if `extra` has a setting that exactly-once processing depends on.
    package init(brokers: String, extra: [(key: String, value: String)] = []) throws(BrokerError) {
        self.brokers = brokers
        self.extra = extra
        for (key, _) in extra {
            if let reason = Self.ownKeys[key] {
                throw BrokerError(.stop, "\(key) cannot be set: \(reason).")
            }
        }
        // A misspelt key or an unreadable key file is reported before anything connects.
        _ = try KafkaConfiguration(self, clientID: "check", callbacks: KafkaCallbacks(KafkaTrouble(brokers: brokers)))
    }

    /// The largest message that our topics take: the largest record of an input with its headers.
    package static let messageByteCountMax = (1 << 20) + (64 << 10)

    private static let ownKeys = [
        "bootstrap.servers": "it is what --brokers says",
        "isolation.level": "what a transaction did not commit must never be folded",
        "enable.auto.commit": "offsets are committed in the transaction of what was made of the records",
        "enable.auto.offset.store": "offsets are committed in the transaction of what was made of the records",
        "auto.offset.reset": "a lost offset must stop the processor, not move it",
        "transactional.id": "it names this instance, so that a restart ends what it left open",
        "group.id": "it follows from --prefix",
        "group.instance.id": "it names this instance, so that a restart gets its partitions back at once",
        "partition.assignment.strategy": "only eager range is known to keep its promises in this client library",
        "enable.idempotence": "without it a retry could write twice",
        "acks": "without all of them a lost broker could lose what was committed",
    ]
}
