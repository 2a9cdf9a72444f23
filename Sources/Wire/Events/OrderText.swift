package import CustomerLifecycle

/// What an export says of an order, in the export's own words: amounts and currency stay text, so that they are read by
/// the rules that hold for all events. What is nil is left out.
package struct OrderText {
    package enum Kind: Int, CaseIterable, Sendable {
        case completed
        case cancelled
        /// Without an amount, all of it.
        case refunded
        /// What the customer said, with the order, of being written to.
        case consented
        /// It does not count, or not yet.
        case withdrawn
        /// Some of it, and nobody says how much.
        case partlyRefunded
    }

    package let kind: Kind
    package let customer: UnsafeRawBufferPointer
    package let order: UnsafeRawBufferPointer
    package let time: Instant
    /// What the order is worth, or what was refunded.
    package var amount: UnsafeRawBufferPointer?
    package var currency: UnsafeRawBufferPointer?
    /// The order that it takes its value off, where it is a credit note and says one.
    package var creditOf: UnsafeRawBufferPointer?
    package var coupon: UnsafeRawBufferPointer?
    package var discount: UnsafeRawBufferPointer?
    package var costOfGoods: UnsafeRawBufferPointer?
    package var categories: [UnsafeRawBufferPointer] = []
    /// A letter each: `E` for mail, `S` for SMS, small where it was not granted.
    package var consents: UnsafeRawBufferPointer?

    package init(
        _ kind: Kind, customer: UnsafeRawBufferPointer, order: UnsafeRawBufferPointer, at time: Instant
    ) {
        self.kind = kind
        self.customer = customer
        self.order = order
        self.time = time
    }
}

extension StorefrontJSON {
    /// Appends an order that is given as text: valid UTF-8, which is the caller's to know.
    package mutating func append(_ order: OrderText, messageID: UnsafeRawBufferPointer) {
        json.beginObject()
        json.present("messageId", messageID)
        json.member("type", "track")
        json.member("event", Self.name(order.kind))
        json.present("userId", order.customer)
        json.member("timestamp", order.time)
        if let consents = order.consents { return endConsent(consents) }
        json.object("properties") { json in
            json.present("order_id", order.order)
            json.present(order.kind == .refunded ? "refund_amount" : "revenue", order.amount)
            json.present("currency", order.currency)
            json.present("credited_order_id", order.creditOf)
            json.present("coupon", order.coupon)
            json.present("discount", order.discount)
            json.present("cost_of_goods", order.costOfGoods)
            // A product without a price: what it is worth is not known.
            if order.kind == .partlyRefunded {
                json.array("products", CollectionOfOne(order.order)) { json, _ in
                    json.beginObject()
                    json.endObject()
                }
            }
            guard !order.categories.isEmpty else { return }
            json.array("products", order.categories) { json, category in
                json.beginObject()
                json.present("category", category)
                json.endObject()
            }
        }
        json.endObject()
    }

    private mutating func endConsent(_ consents: UnsafeRawBufferPointer) {
        json.object("context") { json in
            json.object("consent") { json in
                json.object("categoryPreferences") { json in
                    for letter in consents {
                        let isMail = letter | 0x20 == UInt8(ascii: "e")
                        json.member(isMail ? "email_marketing" : "sms_marketing", letter & 0x20 == 0)
                    }
                }
            }
        }
        json.object("properties") { json in
            json.member("basis", "import")
            json.member("source", "import")
        }
        json.endObject()
    }

    private static func name(_ kind: OrderText.Kind) -> String {
        switch kind {
        case .consented: "Segment Consent Preference Updated"
        case .completed: "Order Completed"
        case .cancelled, .withdrawn: "Order Cancelled"
        case .refunded, .partlyRefunded: "Order Refunded"
        }
    }
}

extension JSONWriter {
    /// Left out where it is nil.
    fileprivate mutating func present(_ name: String, _ text: UnsafeRawBufferPointer?) {
        guard let text else { return }
        self.name(name)
        value(text)
    }
}
