import CustomerLifecycle
package import Wire

extension StorefrontJSON {
    /// Appends an event as the made-up shop's own tracking reports it.
    package mutating func append(_ event: ShopEvent) {
        var envelope = Envelope(
            messageID: event.messageID.text, user: event.userID?.text, anonymous: event.anonymousID?.text,
            at: event.time)
        envelope.locale = event.home.locale
        envelope.timeZone = event.home.timeZone
        append(event.act.action, envelope)
    }
}

extension Act {
    fileprivate var action: StorefrontJSON.Action {
        switch self {
        case .visited(let path, let campaign):
            .viewed(url: "https://shop.example\(path)" + (campaign.map { "?utm_source=\($0)" } ?? ""))
        case .viewed: .tracked(name: "Product Viewed")
        case .addedToCart(let product, let quantity, let currency):
            .tracked(
                name: "Product Added",
                properties: [
                    .init("product_id", product.id), .init("quantity", "\(quantity)"),
                    .init("price", Money(minorUnits: product.minorUnits, currency: currency).decimal),
                    .init("currency", currency.letters),
                ])
        case .removedFromCart(let product):
            .tracked(name: "Product Removed", properties: [.init("product_id", product.id)])
        case .couponApplied(let coupon):
            .tracked(name: "Coupon Applied", properties: [.init("coupon_id", coupon)])
        case .signedUp: .signedUp
        case .identified(let traits): traits.action
        case .subscribed(let channel, let place):
            .tracked(name: "\(channel.tracked) Subscribed", properties: [.init("source", place)])
        case .unsubscribed(let channel): .unsubscribed(channel, list: nil)
        case .markedAsSpam: .tracked(name: "Email Marked as Spam")
        case .orderCompleted(let purchase): .orderCompleted(purchase.order)
        case .orderUpdated(let purchase): .orderUpdated(purchase.order)
        case .orderCancelled(let id): .orderCancelled(id: id.text)
        case .orderRefunded(let id, let refund):
            .orderRefunded(id: id.text, refund: refund.id?.text, amount: refund.amount)
        case .complaintOpened(let id, _): .complaintOpened(id: id.text)
        case .complaintResolved(let id): .complaintResolved(id: id.text)
        case .reviewed(let id, let product, let rating):
            .reviewed(product: product.id, review: id.text, rating: rating, scale: 5)
        case .answeredSurvey(let score): .surveyAnswered(score: score, scale: 10)
        case .shared: .shared(via: "link")
        case .shipped(let order, let promised):
            .tracked(
                name: "Order Shipped",
                properties: [.init("order_id", order.text), .init("promised_at", promised.rfc3339)])
        case .delivered(let order): .delivery("Order Delivered", of: order)
        case .deliveryDelayed(let order): .delivery("Delivery Delayed", of: order)
        case .deliveryFailed(let order): .delivery("Delivery Failed", of: order)
        case .clicked(let channel): .tracked(name: "\(channel.tracked) Link Clicked")
        case .bounced(let channel):
            .tracked(name: "\(channel.tracked) Bounced", properties: [.init("bounce_type", "hard")])
        case .costRecorded(let amount):
            .tracked(
                name: "Marketing Cost Recorded",
                properties: [
                    .init("kind", "acquisition"), .init("amount", amount.decimal),
                    .init("currency", amount.currency.letters),
                ])
        }
    }
}

extension StorefrontJSON.Action {
    fileprivate static func delivery(_ name: String, of order: BusinessID) -> Self {
        .tracked(name: name, properties: [.init("order_id", order.text)])
    }
}

extension Channel {
    /// As names of events have it.
    fileprivate var tracked: String {
        switch self {
        case .email: "Email"
        case .sms: "SMS"
        case .push: "Push"
        case .post: "Post"
        }
    }
}

extension Money {
    fileprivate var decimal: String { MoneyText.decimal(minorUnits: minorUnits, digits: currency.minorDigits) }
}

extension Traits {
    /// The action with made-up personal data of the kinds in the profile, which the Router takes out again.
    fileprivate var action: StorefrontJSON.Action {
        .identified(
            email: profile.contains(.email) ? "someone@shop.example" : nil,
            phone: profile.contains(.phone) ? "+33 1 23 45 67 89" : nil,
            firstName: profile.contains(.name) ? "Someone" : nil, birthday: birthday?.text)
    }
}

extension Birthday {
    /// The birthday as `--MM-DD`.
    fileprivate var text: String { "--\(Self.padded(month))-\(Self.padded(day))" }

    private static func padded(_ number: UInt8) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension Purchase {
    fileprivate var order: StorefrontJSON.Order {
        StorefrontJSON.Order(
            id: id.text, revenue: value, coupon: coupon,
            discount: discountMinorUnits > 0 ? Money(minorUnits: discountMinorUnits, currency: currency) : nil,
            categories: lines.map(\.product.category))
    }
}
