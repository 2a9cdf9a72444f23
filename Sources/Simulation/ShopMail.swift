import CustomerLifecycle
import Shop
import Wire

/// A shop's events as its tracking would send them.
enum ShopMail {
    static func json(of event: ShopEvent) -> [UInt8] {
        var json = StorefrontJSON()
        json.append(
            action(event.act),
            StorefrontJSON.Envelope(
                messageID: event.messageID.text, user: event.userID?.text, anonymous: event.anonymousID?.text,
                at: event.time))
        return json.bytes
    }

    private static func action(_ act: Act) -> StorefrontJSON.Action {
        switch act {
        case .visited, .viewed: .viewed(url: nil)
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
            .reviewed(product: product.name, review: id.text, rating: rating, scale: 5)
        case .answeredSurvey(let score): .surveyAnswered(score: score, scale: 10)
        case .shared: .shared(via: "email")
        }
    }

    private static func identified(_ traits: Traits) -> StorefrontJSON.Action {
        .identified(
            email: traits.profile.contains(.email) ? "there" : nil, phone: traits.profile.contains(.phone) ? "1" : nil,
            firstName: traits.profile.contains(.name) ? "there" : nil, birthday: traits.birthday.map { _ in "--05-12" })
    }

    private static func order(_ purchase: Purchase) -> StorefrontJSON.Order {
        StorefrontJSON.Order(
            id: purchase.id.text, revenue: purchase.value, coupon: purchase.coupon,
            categories: purchase.lines.map(\.product.category))
    }
}
