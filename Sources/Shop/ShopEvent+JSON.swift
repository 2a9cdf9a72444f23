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
            .viewed(url: "https://shop.example\(path)" + (campaign.map { "?utm_campaign=\($0)" } ?? ""))
        case .viewed: .tracked(name: "Product Viewed")
        case .addedToCart: .tracked(name: "Product Added")
        case .signedUp: .signedUp
        case .identified(let traits): traits.action
        case .subscribed(let channel): .subscribed(channel, list: nil)
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
        }
    }
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
