import Brokers
import Kafka

/// Reads a topic from its beginning up to what is visible when it starts.
struct TopicReading {
    let site: Site
    let topic: Topic

    /// Reading fails after this long without a record.
    private static let silenceLimit = Duration.seconds(30)

    func readEach(_ body: (SubscribedRecord) -> Void) throws {
        let subscriber = try KafkaSubscriber(site.clients, clientID: "bench-reading")
        let partitions = Site.partitions(of: topic)
        var missing: [TopicPartition: NextOffset] = [:]
        for partition in partitions { missing[partition] = try subscriber.visibleEnd(of: partition) }
        missing = missing.filter { $0.value > NextOffset(0) }
        try subscriber.follow(
            Dictionary(uniqueKeysWithValues: try partitions.map { ($0, try site.kafka.start(of: $0)) }))
        var heard = ContinuousClock.now
        while !missing.isEmpty {
            try Interruption.check()
            switch try subscriber.next(milliseconds: 100, body) {
            case .nothing:
                guard .now - heard < Self.silenceLimit else {
                    throw BenchFailure("\(topic) was not read to its end: nothing came for 30 s from \(missing).")
                }
            case .record: heard = .now
            case .end(let partition, let next):
                if let end = missing[partition], next >= end { missing[partition] = nil }
            }
        }
    }
}
