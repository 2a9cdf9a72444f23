import Brokers
import Kafka
import Testing

extension OnKafka {
    @Suite struct `A subscriber` {
        private func follow(_ bench: Bench, from next: Int64 = 0) throws -> KafkaSubscriber {
            let subscriber = try KafkaSubscriber(try KafkaSettings(brokers: Settings.servers), clientID: bench.name)
            try subscriber.follow([bench.partition(): NextOffset(next)])
            return subscriber
        }

        /// Returns what is visible up to the end of the partition, and that end.
        private func texts(_ subscriber: KafkaSubscriber, upTo end: NextOffset) throws -> [String] {
            var texts: [String] = []
            try eventually("the end is heard of") {
                let heard = try subscriber.next(milliseconds: 100) { record in
                    texts.append(record.value.map { String(decoding: $0, as: UTF8.self) } ?? "nil")
                }
                if case .end(_, let next) = heard { return next >= end }
                return false
            }
            return texts
        }

        @Test func `sees what was committed, and passes control records at the end`() throws {
            let bench = try Bench()
            let producer = try bench.producer()
            try producer.transact { try $0.produce(bench.partition(), value: "a") }
            try producer.begin()
            try producer.produce(bench.partition(), value: "aborted")
            // An aborted transaction leaves a control record only if its records were sent: one follows the record and
            // its control record.
            try eventually("it is written") { try bench.broker.end(of: bench.partition()) == NextOffset(3) }
            try producer.abort()
            try producer.transact { producer in
                try producer.produce(bench.partition(), value: "b")
                try producer.produce(bench.partition(), value: nil)
            }
            let subscriber = try follow(bench)
            // There are four records and the control records of three transactions.
            let end = NextOffset(7)
            #expect(try texts(subscriber, upTo: end) == ["a", "b", "nil"])
            #expect(try subscriber.visibleEnd(of: bench.partition()) == end)
        }

        @Test func `sees no end behind a transaction that is open`() throws {
            let bench = try Bench()
            let producer = try bench.producer()
            try producer.transact { try $0.produce(bench.partition(), value: "a") }
            // There are the record and the control record of its transaction.
            let visible = NextOffset(2)
            try eventually("the mark is written") { try bench.broker.end(of: bench.partition()) == visible }
            try producer.begin()
            try producer.produce(bench.partition(), value: "b")
            try eventually("the record is written") { try bench.broker.end(of: bench.partition()) > visible }
            let subscriber = try follow(bench)
            #expect(try texts(subscriber, upTo: visible) == ["a"])
            #expect(try subscriber.visibleEnd(of: bench.partition()) == visible)
            #expect(try producer.end() == .committed)
            try eventually("it is visible") { try subscriber.visibleEnd(of: bench.partition()) > visible }
        }

        @Test func `is lent the last header of a name, and from the offset it asked for`() throws {
            let bench = try Bench()
            let headers = HeaderBlock()
            headers.append("ce_id", "1")
            headers.append("ce_id", "2")
            headers.append("none", nil)
            try bench.producer().transact { producer in
                try producer.produce(bench.partition(), value: "a")
                try producer.produce(bench.partition(), value: "b", headers: headers)
            }
            let subscriber = try follow(bench, from: 1)
            var found: [String?] = []
            try eventually("the record comes") {
                try subscriber.next(milliseconds: 100) { record in
                    #expect(record.offset == 1)
                    found = [record.header("ce_id"), record.header("none"), record.header("ce")].map { value in
                        value.map { String(decoding: $0, as: UTF8.self) }
                    }
                } == .record
            }
            #expect(found == ["2", nil, nil])
        }
    }

    @Suite struct `A producer without transactions` {
        private func producer(of bench: Bench) throws -> KafkaPlainProducer {
            try KafkaPlainProducer(
                try KafkaSettings(brokers: Settings.servers), clientID: bench.name, topic: bench.topic,
                lingerMilliseconds: 5)
        }

        private func produce(_ key: String, _ value: String, to producer: KafkaPlainProducer) throws {
            try lend(key) { key in
                try lend(value) { value in
                    guard let key, let value else { return }
                    try producer.produce(key: key, value: value)
                }
            }
        }

        @Test func `writes each record to its key's partition, once it is flushed`() throws {
            let bench = try Bench(partitions: 3)
            let producer = try producer(of: bench)
            for number in 0..<30 { try produce("k\(number % 10)", "\(number)", to: producer) }
            try producer.flush()
            var found: [String: Set<Int>] = [:]
            var count = 0
            for partition in 0..<3 {
                for text in try bench.texts(of: partition) {
                    found[text.key ?? "", default: []].insert(partition)
                    count += 1
                }
            }
            #expect(count == 30)
            #expect(found.count == 10)
            #expect(found.values.allSatisfy { $0.count == 1 })
            #expect(Set(found.values.flatMap { $0 }).count == 3)
        }

        @Test func `tells of a record that the topic does not take`() throws {
            let bench = try Bench(configuration: ["max.message.bytes": "1000"])
            let producer = try producer(of: bench)
            try produce("k", String(repeating: "x", count: 5_000), to: producer)
            let error = #expect(throws: BrokerError.self) { try producer.flush() }
            #expect(error?.description.contains("was not written") == true)
        }
    }
}
