package import Brokers

/// How to reach a Kafka, and what else its clients are told.
package struct KafkaSettings: Sendable {
    /// `host:port`, several with commas between them.
    package let brokers: String
    /// Settings of librdkafka, in the order given; they go before our own defaults, but for what a client could not
    /// work without.
    package let extra: [(key: String, value: String)]
    /// How long the end of a transaction may take before its outcome counts as unknown. Together with
    /// `Patience.decision`, which the next producer has to find out, it stays below the 120 s after which a worker
    /// counts as hung.
    package var commitPatience = Duration.seconds(45)

    /// Refuses, with the reason, settings that exactly-once stands on.
    package init(brokers: String, extra: [(key: String, value: String)] = []) throws(BrokerError) {
        self.brokers = brokers
        self.extra = extra
        for (key, _) in extra {
            if let reason = Self.ownKeys[key] {
                throw BrokerError(.stop, "\(key) cannot be set: \(reason).")
            }
        }
        // A misspelt key or an unreadable file of keys should be known before anything is connected.
        _ = try KafkaConfiguration(self, clientID: "check", callbacks: KafkaCallbacks(KafkaTrouble(brokers: brokers)))
    }

    /// Own topics take a record of an input of the largest size, with its header.
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
