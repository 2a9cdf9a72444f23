import Brokers
import Storage
import Testing

@Suite struct `An embedded broker` {
    private let disk = SimulatedDisk()

    @Test func `lends back what was committed, partition by partition, also after reopening`() throws {
        let expected = [
            TextRecord(offset: 0, key: "u:1", value: "a", headers: "h"), TextRecord(offset: 1, key: nil, value: "c"),
        ]
        do {
            let (broker, producer) = try openWithTopics(disk)
            try producer.transact { producer in
                try producer.produce(events, 0, key: "u:1", value: "a", headers: "h")
                try producer.produce(events, 1, key: "u:2", value: "b")
                try producer.produce(events, 0, value: "c")
            }
            #expect(try broker.texts(of: events, 0) == expected)
        }
        let broker = try openBroker(disk)
        #expect(try broker.texts(of: events, 0) == expected)
        #expect(try broker.texts(of: events, 1).map(\.value) == ["b"])
        #expect(try broker.texts(of: changes, 0).isEmpty)
        #expect(try broker.start(of: TopicPartition(events, 0)) == NextOffset(0))
        #expect(try broker.end(of: TopicPartition(events, 0)) == NextOffset(2))
        #expect(try broker.partitionCount(of: events) == 2)
        #expect(try broker.partitionCount(of: Topic("none")) == nil)
    }

    @Test func `tells nothing from empty, in key, value and headers`() throws {
        let (broker, producer) = try openWithTopics(disk)
        let parts: [String?] = [nil, "", "x"]
        try producer.transact { producer in
            for key in parts {
                for value in parts {
                    for headers in parts { try producer.produce(events, 0, key: key, value: value, headers: headers) }
                }
            }
        }
        let expected = parts.flatMap { key in parts.flatMap { value in parts.map { [key, value, $0] } } }
        #expect(try broker.texts(of: events, 0).map { [$0.key, $0.value, $0.headers] } == expected)
    }

    @Test(arguments: 0...7, 1...8)
    func `begins anywhere and lends no more than asked for`(start: Int64, countMax: Int) throws {
        let (broker, producer) = try openWithTopics(disk)
        for values in [["0", "1", "2"], ["3"], ["4", "5", "6"]] {
            try producer.transact { producer in
                for value in values { try producer.produce(events, 0, value: value) }
            }
        }
        let reader = try broker.reader(of: TopicPartition(events, 0), from: NextOffset(start))
        var values: [String] = []
        while true {
            #expect(reader.position == NextOffset(start + Int64(values.count)))
            let count = try reader.read(countMax: countMax) { records in
                #expect((1...countMax).contains(records.count))
                values += records.compactMap { TextRecord($0).value }
            }
            guard count > 0 else { break }
        }
        #expect(values == (0..<7).dropFirst(Int(start)).map(String.init))
    }

    @Test func `lends again what the body failed on`() throws {
        struct Refused: Error {}
        let (broker, producer) = try openWithTopics(disk)
        try producer.transact { try $0.produce(events, 0, value: "a") }
        let reader = try broker.reader(of: TopicPartition(events, 0), from: NextOffset(0))
        #expect(throws: ReadError<Refused>.self) {
            try reader.read(countMax: 1) { _ throws(Refused) in throw Refused() }
        }
        #expect(reader.position == NextOffset(0))
        #expect(try reader.texts().map(\.value) == ["a"])
    }

    @Test func `shows an open transaction to nobody, and an aborted one never`() throws {
        let (broker, producer) = try openWithTopics(disk)
        let reader = try broker.reader(of: TopicPartition(events, 0), from: NextOffset(0))
        try producer.begin()
        try producer.produce(events, 0, value: "aborted")
        try producer.commit(7)
        #expect(try reader.texts().isEmpty)
        try producer.abort()
        #expect(try broker.committedAtLeast(by: projector).isEmpty)
        try producer.begin()
        try producer.produce(events, 0, value: "committed")
        #expect(try reader.texts().isEmpty)
        #expect(try producer.end() == .committed)
        #expect(try reader.texts() == [TextRecord(offset: 0, value: "committed")])
    }

    @Test func `writes nothing for a transaction without content`() throws {
        let (_, producer) = try openWithTopics(disk)
        let before = disk.contents(of: try disk.newestSegment).count
        try producer.transact { _ in }
        #expect(disk.contents(of: try disk.newestSegment).count == before)
    }

    @Test func `remembers what each group committed last, with its metadata, over reopening`() throws {
        do {
            let (_, producer) = try openWithTopics(disk)
            try producer.transact { producer in
                try producer.commit(1, metadata: "one")
                try producer.commit(2, metadata: "1 7 42 - \(String(repeating: "f", count: 32))")
                try producer.commit(9, of: 1)
            }
            try producer.transact { try $0.commit(3, metadata: "router", for: Group("router")) }
        }
        let broker = try openBroker(disk)
        let committed = CommittedOffset(
            next: NextOffset(2), metadata: "1 7 42 - \(String(repeating: "f", count: 32))")
        #expect(try broker.committed(by: projector, on: TopicPartition(events, 0)) == committed)
        #expect(
            try broker.committedAtLeast(by: projector) == [
                TopicPartition(events, 0): committed,
                TopicPartition(events, 1): CommittedOffset(next: NextOffset(9), metadata: ""),
            ])
        #expect(try broker.committed(by: Group("router"), on: TopicPartition(events, 1)) == nil)
        #expect(try broker.committedAtLeast(by: Group("none")).isEmpty)
    }

    @Test func `stamps a transaction with one time, which never goes backwards, over reopening too`() throws {
        let clock = SetClock(5_000)
        do {
            let (_, producer) = try openWithTopics(disk, clock: clock)
            for time in [6_000, 2_000, 7_000] as [Int64] {
                clock.set(time)
                try producer.transact { producer in
                    try producer.produce(events, 0, value: "a")
                    try producer.produce(events, 0, value: "b")
                }
            }
        }
        clock.set(1)
        let broker = try openBroker(disk, clock: clock)
        try broker.producer(transactionalID: "router").transact { try $0.produce(events, 0, value: "c") }
        #expect(
            try broker.texts(of: events, 0).map(\.timestamp) == [6_000, 6_000, 6_000, 6_000, 7_000, 7_000, 7_000])
        #expect(try broker.now() == 7_000)
        clock.set(8_000)
        #expect(try broker.now() == 8_000)
    }

    @Test func `creates a topic together with its first records and offset, or not at all`() throws {
        let genesis = SimulatedDisk()
        do {
            let producer = try openBroker(genesis).producer(transactionalID: "create")
            try producer.begin()
            try producer.create(events, partitionCount: 2)
            try producer.produce(events, 1, value: "aborted")
            try producer.abort()
            try producer.transact { producer in
                try producer.create(changes, partitionCount: 1)
                try producer.create(events, partitionCount: 2)
                for partition in 0..<2 { try producer.produce(events, partition, value: "genesis") }
                try producer.commit(0, of: 1)
            }
        }
        let whole = genesis.contents(of: try genesis.newestSegment)
        for count in 0...whole.count {
            genesis.setContents(of: try genesis.newestSegment, Array(whole[..<count]))
            let broker = try openBroker(genesis, .readOnly)
            guard count == whole.count else {
                #expect(try broker.partitionCount(of: events) == nil, "killed after \(count) bytes")
                continue
            }
            #expect(try broker.texts(of: events, 1).map(\.value) == ["genesis"])
            #expect(try broker.committed(by: projector, on: TopicPartition(events, 1))?.next == NextOffset(0))
            #expect(try broker.partitionCount(of: changes) == 1)
        }
    }

    @Test func `carries the transactions of several producers one after the other`() async throws {
        let (broker, _) = try openWithTopics(disk)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for lane in 0..<3 {
                tasks.addTask {
                    let producer = try broker.producer(transactionalID: "lane \(lane)")
                    for number in 0..<100 {
                        try producer.transact { producer in
                            try producer.produce(events, 0, key: "\(lane)", value: "\(number)")
                            try producer.produce(events, 0, key: "\(lane)", value: "\(number)'")
                        }
                    }
                }
            }
            try await tasks.waitForAll()
        }
        let records = try broker.texts(of: events, 0)
        #expect(records.map(\.offset) == Array(0..<600))
        for pair in stride(from: 0, to: 600, by: 2) {
            #expect(records[pair].key == records[pair + 1].key, "No transaction is split by another.")
        }
        for lane in 0..<3 {
            let values = records.filter { $0.key == "\(lane)" }.map(\.value)
            #expect(values == (0..<100).flatMap { ["\($0)", "\($0)'"] })
        }
    }

    @Test func `takes records for a topic that is not kept, and drops them`() throws {
        let customers = Topic("lifecycle.customers")
        let (broker, producer) = try openWithTopics(disk)
        try producer.transact { try $0.create(customers, partitionCount: 1, isKept: false) }
        let before = disk.contents(of: try disk.newestSegment).count
        try producer.transact { try $0.produce(customers, 0, value: "gone") }
        #expect(disk.contents(of: try disk.newestSegment).count == before)
        #expect(try broker.texts(of: customers, 0).isEmpty)
        #expect(try broker.end(of: TopicPartition(customers, 0)) == NextOffset(0))
    }
}
