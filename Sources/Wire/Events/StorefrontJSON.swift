package import CustomerLifecycle

/// Writes storefront events as shops send them: JSON in Segment's shape. For imports, the demo's shop, and tests.
package struct StorefrontJSON: Sendable {
    /// Whose event it is, which, and when.
    package struct Envelope: Equatable, Sendable {
        package var messageID: String
        package var user: String?
        package var anonymous: String?
        /// As text, for shops that write times of their own kind.
        package var timestamp: String
        package var locale: String?
        package var timeZone: String?

        package init(
            messageID: String, user: String? = nil, anonymous: String? = nil, timestamp: String, locale: String? = nil,
            timeZone: String? = nil
        ) {
            self.messageID = messageID
            self.user = user
            self.anonymous = anonymous
            self.timestamp = timestamp
            self.locale = locale
            self.timeZone = timeZone
        }

        package init(messageID: String, user: String? = nil, anonymous: String? = nil, at instant: Instant) {
            self.init(messageID: messageID, user: user, anonymous: anonymous, timestamp: instant.rfc3339)
        }
    }

    /// An order's content as it is written: nil is left out.
    package struct Order: Equatable, Sendable {
        package var id: String
        package var revenue: Money?
        package var costOfGoods: Money?
        package var coupon: String?
        package var discount: Money?
        package var categories: [String]
        /// Of a credit note, whose revenue is below zero: the order that it takes it off.
        package var creditedOrder: String?

        package init(
            id: String, revenue: Money? = nil, costOfGoods: Money? = nil, coupon: String? = nil, discount: Money? = nil,
            categories: [String] = [], creditedOrder: String? = nil
        ) {
            self.id = id
            self.revenue = revenue
            self.costOfGoods = costOfGoods
            self.coupon = coupon
            self.discount = discount
            self.categories = categories
            self.creditedOrder = creditedOrder
        }
    }

    package enum Action: Equatable, Sendable {
        case orderCompleted(Order)
        case orderUpdated(Order)
        case orderCancelled(id: String)
        /// Refunds the amount; all of the order where that is nil.
        case orderRefunded(id: String, refund: String?, amount: Money?)
        /// `birthday` as `--MM-DD`; the others only say that the trait is there.
        case identified(email: String?, phone: String?, firstName: String?, birthday: String?)
        case signedUp
        case subscribed(Channel, list: String?)
        case unsubscribed(Channel, list: String?)
        case complaintOpened(id: String)
        case complaintResolved(id: String)
        case reviewed(product: String, review: String?, rating: Int, scale: Int)
        case surveyAnswered(score: Int, scale: Int)
        case shared(via: String)
        case viewed(url: String?)
        /// Any other event by its name.
        case tracked(name: String, properties: [Property] = [])
    }

    /// A property as text, which is read as a number where one is wanted.
    package struct Property: Equatable, Sendable {
        package var name: String
        package var text: String

        package init(_ name: String, _ text: String) {
            self.name = name
            self.text = text
        }
    }

    var json = JSONWriter()

    package init() {}

    package var bytes: [UInt8] { json.bytes }

    /// Lends what was written, with 64 more bytes readable behind it.
    package mutating func withPaddedBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        json.withPaddedBytes(body)
    }

    /// Empties the buffer; its memory stays.
    package mutating func removeAll() { json.removeAll() }

    package mutating func endLine() { json.endLine() }

    /// Appends one event.
    package mutating func append(_ action: Action, _ envelope: Envelope) {
        json.beginObject()
        json.member("messageId", envelope.messageID)
        json.member("type", Self.type(action))
        if let name = Self.name(action) { json.member("event", name) }
        if let user = envelope.user { json.member("userId", user) }
        if let anonymous = envelope.anonymous { json.member("anonymousId", anonymous) }
        json.member("timestamp", envelope.timestamp)
        if case .identified(let email, let phone, let firstName, let birthday) = action {
            json.object("traits") { json in
                json.present("email", email)
                json.present("phone", phone)
                json.present("firstName", firstName)
                json.present("birthday", birthday)
            }
        } else {
            json.object("properties") { Self.properties(action, &$0) }
        }
        if envelope.locale != nil || envelope.timeZone != nil {
            json.object("context") { json in
                json.present("locale", envelope.locale)
                json.present("timezone", envelope.timeZone)
            }
        }
        json.endObject()
    }

    private static func type(_ action: Action) -> String {
        switch action {
        case .identified: "identify"
        case .viewed: "page"
        case .orderCompleted, .orderUpdated, .orderCancelled, .orderRefunded, .signedUp, .subscribed, .unsubscribed,
            .complaintOpened, .complaintResolved, .reviewed, .surveyAnswered, .shared, .tracked:
            "track"
        }
    }

    private static func name(_ action: Action) -> String? {
        switch action {
        case .orderCompleted: "Order Completed"
        case .orderUpdated: "Order Updated"
        case .orderCancelled: "Order Cancelled"
        case .orderRefunded: "Order Refunded"
        case .identified, .viewed: nil
        case .signedUp: "Signed Up"
        case .subscribed(let channel, _): "\(word(channel)) Subscribed"
        case .unsubscribed(let channel, _): "\(word(channel)) Unsubscribed"
        case .complaintOpened: "Complaint Opened"
        case .complaintResolved: "Complaint Resolved"
        case .reviewed: "Product Reviewed"
        case .surveyAnswered: "Survey Answered"
        case .shared: "Product Shared"
        case .tracked(let name, _): name
        }
    }

    private static func word(_ channel: Channel) -> String {
        switch channel {
        case .email: "Email"
        case .sms: "SMS"
        case .push: "Push"
        case .post: "Post"
        }
    }

    private static func properties(_ action: Action, _ json: inout JSONWriter) {
        switch action {
        case .orderCompleted(let order), .orderUpdated(let order): properties(order, &json)
        case .orderCancelled(let id): json.member("order_id", id)
        case .orderRefunded(let id, let refund, let amount):
            json.member("order_id", id)
            json.present("refund_id", refund)
            json.present("refund_amount", amount)
            json.present("currency", amount?.currency.letters)
        case .subscribed(_, let list), .unsubscribed(_, let list): json.present("list_id", list)
        case .complaintOpened(let id), .complaintResolved(let id): json.member("complaint_id", id)
        case .reviewed(let product, let review, let rating, let scale):
            json.member("product_id", product)
            json.present("review_id", review)
            json.member("rating", rating)
            json.member("scale", scale)
        case .surveyAnswered(let score, let scale):
            json.member("score", score)
            json.member("scale", scale)
        case .shared(let via): json.member("share_via", via)
        case .viewed(let url): json.present("url", url)
        case .tracked(_, let properties): for property in properties { json.member(property.name, property.text) }
        case .identified, .signedUp: break
        }
    }

    private static func properties(_ order: Order, _ json: inout JSONWriter) {
        json.member("order_id", order.id)
        json.present("revenue", order.revenue)
        json.present("cost_of_goods", order.costOfGoods)
        json.present("currency", (order.revenue ?? order.costOfGoods ?? order.discount)?.currency.letters)
        json.present("coupon", order.coupon)
        json.present("discount", order.discount)
        json.present("credited_order_id", order.creditedOrder)
        guard !order.categories.isEmpty else { return }
        json.array("products", order.categories) { json, category in
            json.beginObject()
            json.member("category", category)
            json.endObject()
        }
    }
}

extension JSONWriter {
    /// Left out where it is nil.
    fileprivate mutating func present(_ name: String, _ text: String?) {
        if let text { member(name, text) }
    }

    fileprivate mutating func present(_ name: String, _ money: Money?) {
        guard let money else { return }
        self.name(name)
        decimal(money)
    }
}
