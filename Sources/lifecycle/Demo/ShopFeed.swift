import Brokers
import CustomerLifecycle
import Shop
import Wire

/// The made-up shop's own tracking: puts what happens into a storefront topic, as JSON in Segment's shape.
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

    /// All that happens before `end`, in one transaction.
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
        json.append(Self.action(event.act), Self.envelope(event))
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

    private static func envelope(_ event: ShopEvent) -> StorefrontJSON.Envelope {
        var envelope = StorefrontJSON.Envelope(
            messageID: event.messageID.text, user: event.userID?.text, anonymous: event.anonymousID?.text,
            at: event.time)
        envelope.locale = event.home.locale
        envelope.timeZone = event.home.timeZone
        return envelope
    }

    private static func action(_ act: Act) -> StorefrontJSON.Action {
        switch act {
        case .visited(let path, let campaign):
            .viewed(url: "https://shop.example\(path)" + (campaign.map { "?utm_campaign=\($0)" } ?? ""))
        case .viewed: .tracked(name: "Product Viewed")
        case .addedToCart: .tracked(name: "Product Added")
        case .signedUp: .signedUp
        case .identified(let traits): identified(traits)
        case .subscribed(let channel): .subscribed(channel, list: nil)
        case .unsubscribed(let channel): .unsubscribed(channel, list: nil)
        case .markedAsSpam: .tracked(name: "Email Marked as Spam")
        case .orderCompleted(let purchase): .orderCompleted(order(purchase))
        case .orderUpdated(let purchase): .orderUpdated(order(purchase))
        case .orderCancelled(let id): .orderCancelled(id: id.text)
        case .orderRefunded(let id, let refund):
            .orderRefunded(id: id.text, refund: refund.id.text, amount: refund.amount)
        case .complaintOpened(let id, _): .complaintOpened(id: id.text)
        case .complaintResolved(let id): .complaintResolved(id: id.text)
        case .reviewed(let id, let product, let rating):
            .reviewed(product: product.id, review: id.text, rating: rating, scale: 5)
        case .answeredSurvey(let score): .surveyAnswered(score: score, scale: 10)
        case .shared: .shared(via: "link")
        }
    }

    /// What a shop would know of a person stands in; the Router takes it out again.
    private static func identified(_ traits: Traits) -> StorefrontJSON.Action {
        .identified(
            email: traits.profile.contains(.email) ? "someone@shop.example" : nil,
            phone: traits.profile.contains(.phone) ? "+33 1 23 45 67 89" : nil,
            firstName: traits.profile.contains(.name) ? "Someone" : nil,
            birthday: traits.birthday.map { "--\(padded($0.month))-\(padded($0.day))" })
    }

    private static func order(_ purchase: Purchase) -> StorefrontJSON.Order {
        StorefrontJSON.Order(
            id: purchase.id.text, revenue: purchase.value, coupon: purchase.coupon,
            discount: purchase.discountMinorUnits > 0
                ? Money(minorUnits: purchase.discountMinorUnits, currency: purchase.currency) : nil,
            categories: purchase.lines.map(\.product.category))
    }

    private static func padded(_ number: UInt8) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
