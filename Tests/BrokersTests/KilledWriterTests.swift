import Brokers
import Glibc
import Storage
import Testing

@Suite struct `A writer on the real disk` {
    /// Runs `body` with a directory that is removed afterwards.
    private func withTemporaryDirectory(_ body: (String) async throws -> Void) async throws {
        var template = Array("/tmp/lifecycle-XXXXXX".utf8CString)
        let path = try template.withUnsafeMutableBufferPointer { name in
            let template = try #require(name.baseAddress)
            return String(cString: try #require(mkdtemp(template)))
        }
        defer { remove(path) }
        try await body(path)
        for name in try FileDisk().names(in: path) { try FileDisk().remove(path + "/" + name) }
    }

    @Test func `that was killed leaves what it committed, no more, and the directory free`() async throws {
        try await withTemporaryDirectory { path in
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let broker = try EmbeddedBroker.open(directory: path, access: .readWrite)
                let producer = try broker.producer(transactionalID: "router")
                try producer.transact { producer in
                    try producer.create(events, partitionCount: 1)
                    try producer.produce(events, 0, value: "genesis")
                    try producer.commit(0)
                }
                try producer.begin()
                try producer.produce(events, 0, value: "never committed")
                kill(getpid(), SIGKILL)
            }
            let broker = try EmbeddedBroker.open(directory: path, access: .readWrite)
            #expect(try broker.texts(of: events, 0).map(\.value) == ["genesis"])
            #expect(try broker.committed(by: projector, on: TopicPartition(events, 0))?.next == NextOffset(0))
            try broker.producer(transactionalID: "router").transact { try $0.produce(events, 0, value: "on") }
            #expect(try broker.texts(of: events, 0).map(\.value) == ["genesis", "on"])
        }
    }
}
