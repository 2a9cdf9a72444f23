import CustomerLifecycle
import Testing

/// Counts what a random test really contained, since a generator that never makes something proves nothing about it.
struct Tally {
    /// Everything that a random log can hold.
    enum Ingredient: CaseIterable {
        case unrelated, noticed, seen, visited, cartTouched, cartChanged, subscribed, clicked, bounced, messageDelivered
        case deliveryReported
        case overridden, overrideEnded, deletionRequested
        case couponApplied, couponRemoved, couponsRemoved, advocated, costRecorded, acquired, products
        case signedUp, identified, orderCompleted, orderUpdated, orderCancelled, orderRefunded
        case orderCredited, creditOfAnOrder, ofFile
        case consented, complaintOpened, complaintResolved, markedAsSpam, reviewed, surveyAnswered, shared
        case granted, grantedForATime, withdrawn, withdrawnFromChannel
        case wholeRefund, unknownRefund, refundInOrderCurrency, refundOfProducts, unnamedRefund, updateWithoutValue
        case otherCurrency, valueUnknown, costOfGoods, discount, coupon, categories, listedSum
        case locale, timeZone, birthday
        case live, late, ahead, backfill, link, tick, caughtUp
    }

    private var counts: [Ingredient: Int] = [:]

    mutating func count(_ ingredient: Ingredient) { counts[ingredient, default: 0] += 1 }

    mutating func add(_ other: Tally) { counts.merge(other.counts, uniquingKeysWith: +) }

    /// Fails for every ingredient that was never made.
    func expectAll(
        of ingredients: some Sequence<Ingredient> = Ingredient.allCases,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let missing = ingredients.filter { counts[$0] == nil }
        #expect(missing.isEmpty, "never made", sourceLocation: sourceLocation)
    }

    mutating func count(_ event: StorefrontEvent) {
        count(Self.ingredient(of: event.kind))
        if event.statement.number > 0 { count(.ofFile) }
        if event.locale != nil { count(.locale) }
        if event.acquisition != nil { count(.acquired) }
        if event.timeZone != nil { count(.timeZone) }
        for change in event.consents {
            switch change.act {
            case .granted(let validUntil): count(validUntil == nil ? .granted : .grantedForATime)
            case .withdrawn: count(.withdrawn)
            case .withdrawnFromChannel: count(.withdrawnFromChannel)
            }
        }
        switch event.kind {
        case .orderCompleted(_, let content):
            if content.value == nil { count(.valueUnknown) }
            countParts(of: content)
        case .orderUpdated(_, let content):
            if content.value == nil { count(.updateWithoutValue) }
            countParts(of: content)
        case .orderRefunded(_, let refund):
            if refund.id == nil { count(.unnamedRefund) }
            switch refund.worth {
            case .whole: count(.wholeRefund)
            case .unknown: count(.unknownRefund)
            case .amount: break
            case .amountOfOrder: count(.refundInOrderCurrency)
            case .products: count(.refundOfProducts)
            }
        case .identified(let traits):
            if traits.birthday != nil { count(.birthday) }
        case .orderCredited(_, let credit):
            if credit.order != nil { count(.creditOfAnOrder) }
        default: break
        }
    }

    private mutating func countParts(of content: OrderContent) {
        if let value = content.value, value.currency != .euro { count(.otherCurrency) }
        if content.costOfGoods != nil { count(.costOfGoods) }
        if content.hasDiscount != nil { count(.discount) }
        if content.hasCoupon != nil { count(.coupon) }
        if content.categories.count > 0 { count(.categories) }
        if content.listedSum != nil { count(.listedSum) }
        if !content.products.isEmpty { count(.products) }
    }

    /// Names every kind, so that a new one does not compile until a generator makes it.
    private static func ingredient(of kind: StorefrontEvent.Kind) -> Ingredient {
        switch kind {
        case .unrelated: .unrelated
        case .noticed: .noticed
        case .seen: .seen
        case .visited: .visited
        case .cartTouched: .cartTouched
        case .cartChanged: .cartChanged
        case .subscribed: .subscribed
        case .clicked: .clicked
        case .bounced: .bounced
        case .messageDelivered: .messageDelivered
        case .deliveryReported: .deliveryReported
        case .couponChanged(.applied): .couponApplied
        case .couponChanged(.removed(let coupon)): coupon == nil ? .couponsRemoved : .couponRemoved
        case .advocated: .advocated
        case .costRecorded: .costRecorded
        case .overridden(let override): override == nil ? .overrideEnded : .overridden
        case .deletionRequested: .deletionRequested
        case .signedUp: .signedUp
        case .identified: .identified
        case .orderCompleted: .orderCompleted
        case .orderUpdated: .orderUpdated
        case .orderCredited: .orderCredited
        case .orderCancelled: .orderCancelled
        case .orderRefunded: .orderRefunded
        case .consented: .consented
        case .complaintOpened: .complaintOpened
        case .complaintResolved: .complaintResolved
        case .markedAsSpam: .markedAsSpam
        case .reviewed: .reviewed
        case .surveyAnswered: .surveyAnswered
        case .shared: .shared
        }
    }
}

extension Sequence where Element == Tally.Ingredient {
    /// The ingredients of a single subject's events.
    static var ofEvents: some Sequence<Tally.Ingredient> {
        let records: [Tally.Ingredient] = [.live, .late, .ahead, .backfill, .link, .tick, .caughtUp]
        return Tally.Ingredient.allCases.filter { !records.contains($0) }
    }
}
