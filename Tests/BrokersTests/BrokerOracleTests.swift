import Brokers
import Storage
import Testing

/// A broker as plain as possible: arrays and a dictionary.
private struct Oracle {
    var records: [TopicPartition: [TextRecord]] = [:]
    var offsets: [TopicPartition: CommittedOffset] = [:]
    var topics: [Topic: Int] = [:]
}

/// Random transactions with aborts, reopenings and power failures. A failure prints its seed; running that seed again
/// repeats it exactly.
@Suite struct `Any history of an embedded log` {
    @Test(arguments: UInt64(1)...150)
    func `reads like the plain list of what was committed`(seed: UInt64) throws {
        var generator = SeededGenerator(seed)
        let disk = SimulatedDisk()
        var oracle = Oracle()
        for _ in 0..<6 {
            try live(disk, &oracle, &generator)
            if Bool.random(using: &generator) { disk.losePower(using: &generator) }
            try compare(openBroker(disk, .readOnly), oracle, &generator, "seed \(seed)")
        }
    }

    /// Opens the broker for some transactions, each committed or aborted.
    private func live(_ disk: SimulatedDisk, _ oracle: inout Oracle, _ generator: inout SeededGenerator) throws {
        let broker = try openBroker(disk, segmentByteCountMax: .random(in: 100...2_000, using: &generator))
        let producer = try broker.producer(transactionalID: "router")
        for _ in 0..<Int.random(in: 0...8, using: &generator) {
            var next = oracle
            try producer.begin()
            for _ in 0..<Int.random(in: 0...12, using: &generator) { try act(producer, &next, &generator) }
            if Int.random(in: 0..<4, using: &generator) == 0 {
                try producer.abort()
            } else {
                #expect(try producer.end() == .committed)
                oracle = next
            }
        }
        try compare(broker, oracle, &generator, "before closing")
    }

    private func act(
        _ producer: SimulatedBroker.Producer, _ oracle: inout Oracle, _ generator: inout SeededGenerator
    ) throws {
        guard let topic = oracle.topics.keys.sorted().randomElement(using: &generator),
            Int.random(in: 0..<8, using: &generator) > 0
        else {
            let topic = Topic("topic-\(oracle.topics.count)")
            oracle.topics[topic] = Int.random(in: 1...3, using: &generator)
            return try producer.create(topic, partitionCount: oracle.topics[topic] ?? 0)
        }
        let partition = TopicPartition(topic, Int.random(in: 0..<(oracle.topics[topic] ?? 0), using: &generator))
        guard Int.random(in: 0..<5, using: &generator) > 0 else {
            let offset = CommittedOffset(
                next: NextOffset(.random(in: 0...99, using: &generator)), metadata: "\(generator.next())")
            oracle.offsets[partition] = offset
            return try producer.commit(offset, of: partition, for: projector, as: nil)
        }
        let record = TextRecord(
            offset: Int64(oracle.records[partition]?.count ?? 0), key: text(&generator), value: text(&generator),
            headers: text(&generator))
        oracle.records[partition, default: []].append(record)
        try producer.produce(
            topic, partition.partition, key: record.key, value: record.value, headers: record.headers)
    }

    private func text(_ generator: inout SeededGenerator) -> String? {
        let count = Int.random(in: -1...40, using: &generator)
        return count < 0 ? nil : String(repeating: "\(count % 10)", count: count)
    }

    private func compare(
        _ broker: SimulatedBroker, _ oracle: Oracle, _ generator: inout SeededGenerator, _ comment: Comment
    ) throws {
        for (topic, partitionCount) in oracle.topics {
            #expect(try broker.partitionCount(of: topic) == partitionCount, comment)
            for partition in 0..<partitionCount {
                let expected = oracle.records[TopicPartition(topic, partition)] ?? []
                let start = Int.random(in: 0...expected.count, using: &generator)
                let found = try broker.texts(
                    of: topic, partition, from: Int64(start), countMax: .random(in: 1...9, using: &generator))
                #expect(found == Array(expected[start...]), comment)
            }
        }
        #expect(try broker.committedAtLeast(by: projector) == oracle.offsets, comment)
    }
}
