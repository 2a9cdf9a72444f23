import Brokers
import CustomerLifecycle
import Shop
import Wire

/// The made-up shop's own tracking: writes its events into a storefront topic, as JSON in Segment's shape.
struct ShopFeed<Producer: TransactionalProducer> {
    private let partition: TopicPartition
    private let producer: Producer
    private(set) var shop: SeededShop
    private var json = StorefrontJSON()
    private(set) var eventCount = 0

    init(_ shop: SeededShop, partition: TopicPartition, producer: Producer) {
        self.shop = shop
        self.partition = partition
        self.producer = producer
    }

    /// Sends all events before `end` in one transaction.
    mutating func send(before end: Instant) throws(BrokerError) {
        var isOpen = false
        while let event = shop.next(before: end) {
            if !isOpen { try producer.begin() }
            isOpen = true
            try send(event)
            eventCount += 1
        }
        if isOpen { _ = try producer.end() }
    }

    private mutating func send(_ event: ShopEvent) throws(BrokerError) {
        json.removeAll()
        json.append(event)
        let key = Array((event.userID ?? event.anonymousID).map(\.text)?.utf8 ?? "".utf8)
        var failure: BrokerError?
        json.withPaddedBytes { value in
            key.withUnsafeBytes { key in
                do throws(BrokerError) {
                    try producer.produce(OutgoingRecord(partition: partition, key: key, value: value))
                } catch {
                    failure = error
                }
            }
        }
        if let failure { throw failure }
    }
}
