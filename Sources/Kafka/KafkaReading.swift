import Brokers
import CRdKafka
import Glibc
import Synchronization

/// The reading clients of one broker: read-committed, without a group, each partition with a queue of its own (the
/// simple consumer's API), so that partitions begin and end independently of each other.
///
/// A client can read a partition only once at a time, so a second reader of it gets another client.
final class KafkaReading: Sendable {
    private let settings: KafkaSettings
    private let clientID: String
    private let trouble: KafkaTrouble
    private let clients = Mutex<[Client]>([])
    /// The event descriptor to which librdkafka writes whenever an empty queue gets something.
    private let arrival: Int32
    private let ticker: FetchTicker

    struct Client: Sendable {
        let handle: KafkaHandle
        var partitions: Set<TopicPartition> = []
    }

    init(_ settings: KafkaSettings, clientID: String, trouble: KafkaTrouble) {
        self.settings = settings
        self.clientID = clientID
        self.trouble = trouble
        arrival = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        ticker = FetchTicker()
    }

    deinit { close(arrival) }

    /// Makes a reader. `partitionCount` says how many partitions may be read at the same time; it is called only when a
    /// client is made.
    func reader(
        of partition: TopicPartition, from next: NextOffset, amongst partitionCount: () throws(BrokerError) -> Int
    ) throws(BrokerError) -> KafkaReader {
        let handle = try client(for: partition, amongst: partitionCount)
        return try KafkaReader(
            of: partition, from: next, client: handle, arrival: arrival, trouble: trouble, ticker: ticker
        ) { [self] in release(partition, of: handle) }
    }

    func wait(milliseconds: Int) {
        for handle in clients.withLock({ $0.map(\.handle) }) { rd_kafka_poll(handle.raw, 0) }
        var waiting = pollfd(fd: arrival, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, Int32(milliseconds)) > 0 else { return }
        var count: UInt64 = 0
        _ = read(arrival, &count, 8)
    }

    private func client(
        for partition: TopicPartition, amongst partitionCount: () throws(BrokerError) -> Int
    ) throws(BrokerError) -> KafkaHandle {
        let known: KafkaHandle? = clients.withLock { clients in
            guard let index = clients.firstIndex(where: { !$0.partitions.contains(partition) }) else { return nil }
            clients[index].partitions.insert(partition)
            return clients[index].handle
        }
        if let known { return known }
        let fresh = try newClient(partitionCount: partitionCount())
        clients.withLock { $0.append(Client(handle: fresh, partitions: [partition])) }
        return fresh
    }

    private func release(_ partition: TopicPartition, of handle: KafkaHandle) {
        clients.withLock { clients in
            guard let index = clients.firstIndex(where: { $0.handle === handle }) else { return }
            clients[index].partitions.remove(partition)
        }
    }

    /// Returns how many bytes of one partition a client may hold, and fetch at once. The library's limits hold for each
    /// partition, which has its own queue. A larger record is fetched all the same.
    private static func share(of partitionCount: Int) -> Int {
        min(max(fetchedByteCountMax / max(partitionCount, 1), shareMin), shareMax)
    }

    /// The limit of bytes fetched but not read yet, of all partitions together.
    private static let fetchedByteCountMax = 4 << 20
    private static let shareMin = 64 << 10
    private static let shareMax = 4 << 20

    private func newClient(partitionCount: Int) throws(BrokerError) -> KafkaHandle {
        let share = Self.share(of: partitionCount)
        return try KafkaConfiguration(
            settings, clientID: clientID, callbacks: KafkaCallbacks(trouble),
            defaults: [
                // A lower count would stop fetching before the bytes do, for up to a second.
                ("queued.min.messages", "1000000"), ("queued.max.messages.kbytes", "\(share >> 10)"),
                ("fetch.message.max.bytes", "\(share)"), ("fetch.wait.max.ms", "100"),
                ("fetch.error.backoff.ms", "50"),
            ],
            fixed: [
                ("group.id", "none"), ("isolation.level", "read_committed"), ("enable.partition.eof", "true"),
                ("auto.offset.reset", "error"), ("enable.auto.commit", "false"), ("enable.auto.offset.store", "false"),
            ]
        ).client(RD_KAFKA_CONSUMER)
    }
}
