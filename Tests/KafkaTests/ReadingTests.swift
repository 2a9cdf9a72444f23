import Brokers
import Foundation
import Glibc
import Kafka
import Testing

extension OnKafka {
    @Suite struct `A reader` {
        @Test func `lends what was committed, nothing of what was aborted, and passes control records at the end`()
            throws
        {
            let bench = try Bench()
            let producer = try bench.producer()
            try producer.transact { try $0.produce(bench.partition(), value: "a") }
            try producer.begin()
            try producer.produce(bench.partition(), value: "aborted")
            try producer.abort()
            try producer.transact { try $0.produce(bench.partition(), key: "k", value: "b") }

            _ = try bench.texts()
            let reader = try bench.reader()
            let texts = try reader.texts()
            #expect(texts.map(\.value) == ["a", "b"])
            #expect(texts.map(\.key) == [nil, "k"])
            #expect(reader.position == (try bench.broker.end(of: bench.partition())))
            #expect(reader.position.value > (texts.last?.offset ?? 0) + 1)
        }

        @Test func `ends before an open transaction, though the partition does not`() throws {
            let bench = try Bench()
            let (open, other) = (try bench.producer("open"), try bench.producer("other"))
            try other.transact { try $0.produce(bench.partition(), value: "before") }
            try open.begin()
            try open.produce(bench.partition(), value: "open")
            try eventually("it is written") { try bench.broker.end(of: bench.partition()).value == 3 }
            try other.transact { try $0.produce(bench.partition(), value: "behind") }

            let reader = try bench.reader()
            #expect(try reader.texts().map(\.value) == ["before"])
            #expect(reader.position == NextOffset(2))
            #expect(try bench.broker.end(of: bench.partition()) == NextOffset(5))

            #expect(try open.end() == .committed)
            var rest: [String?] = []
            try eventually("the rest comes") {
                bench.broker.waitForRecords(milliseconds: 1_000)
                rest += try reader.texts().map(\.value)
                return rest.count >= 2
            }
            #expect(rest == ["open", "behind"])
        }

        @Test func `tells nothing from empty, in key, value and headers`() throws {
            let bench = try Bench()
            let parts: [String?] = [nil, "", "x"]
            let headers = HeaderBlock()
            headers.append("ce_type", "changed")
            headers.append("none", nil)
            headers.append("empty", "")
            try bench.producer().transact { producer in
                for key in parts {
                    for value in parts {
                        try producer.produce(bench.partition(), key: key, value: value)
                        try producer.produce(bench.partition(), key: key, value: value, headers: headers)
                    }
                }
            }
            let expected = parts.flatMap { key in
                parts.flatMap { value in
                    [[], ["ce_type=changed", "none=nil", "empty="]].map {
                        TextRecord(offset: 0, key: key, value: value, headers: $0)
                    }
                }
            }
            let texts = try bench.texts()
            #expect(texts.map(\.offset) == Array(0..<18))
            #expect(texts.map { TextRecord(offset: 0, key: $0.key, value: $0.value, headers: $0.headers) } == expected)
        }

        @Test func `begins anywhere, lends no more than asked for, and again what the body failed on`() throws {
            struct Refused: Error {}
            let bench = try Bench()
            try bench.producer().transact { producer in
                for value in 0..<7 { try producer.produce(bench.partition(), value: "\(value)") }
            }
            #expect(try bench.texts().count == 7)
            for start in 0..<7 {
                let reader = try bench.reader(from: Int64(start))
                #expect(throws: ReadError<Refused>.self) {
                    try reader.read(countMax: 2) { _ throws(Refused) in throw Refused() }
                }
                #expect(reader.position == NextOffset(Int64(start)))
                var values: [String] = []
                while true {
                    let count = try reader.read(countMax: 2) { records in
                        #expect((1...2).contains(records.count))
                        for record in records {
                            let value = try #require(record.value)
                            let behind = UnsafeRawBufferPointer(start: value.baseAddress, count: value.count + 64)
                            #expect(behind.count == behind.map { $0 }.count)
                            values.append(String(decoding: value, as: UTF8.self))
                        }
                    }
                    guard count > 0 else { break }
                }
                #expect(values == (start..<7).map { "\($0)" })
            }
        }

        @Test func `refuses what is not there`() throws {
            let bench = try Bench()
            #expect(throws: BrokerError.self) { try bench.reader(from: 1) }
            #expect(throws: BrokerError.self) { try bench.reader(of: 1) }
            #expect(try bench.broker.partitionCount(of: Topic(bench.name + ".none")) == nil)
            #expect(try bench.texts().isEmpty)
        }

        /// A client can read a partition only once at a time. What one reader leaves unread must not reach the next.
        @Test func `has company on its partition, and successors`() throws {
            let bench = try Bench(partitions: 2)
            try bench.producer().transact { producer in
                for value in 0..<5_000 { try producer.produce(bench.partition(value % 2), value: "\(value)") }
            }
            #expect(try bench.texts().count + bench.texts(of: 1).count == 5_000)
            let (one, other) = (try bench.reader(), try bench.reader())
            #expect(try one.read(countMax: 100) { _ in } > 0)
            for _ in 0..<10 { #expect(try bench.reader(of: 1).read(countMax: 10) { _ in } > 0) }
            #expect(try other.texts().count == 2_500)
            #expect(try one.position.value + Int64(one.texts().count) == 2_500)
            #expect(try bench.texts(of: 1).map(\.value) == stride(from: 1, to: 5_000, by: 2).map { "\($0)" })
        }

        @Test func `belongs to one thread: a second one traps`() async throws {
            let exit = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                let reader = try Bench().reader()
                _ = try reader.read(countMax: 1) { _ in }
                // Wrong on purpose.
                nonisolated(unsafe) let another = reader
                let thread = Thread { _ = try? another.read(countMax: 1) { _ in } }
                thread.start()
                while !thread.isFinished { sched_yield() }
            }
            let errors = String(decoding: try #require(exit).standardErrorContent, as: UTF8.self)
            #expect(errors.contains("A reader is used by a thread that does not own it."))
        }
    }
}
