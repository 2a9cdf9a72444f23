import CustomerLifecycle
import Shop
import Testing
import Wire

@Suite struct `What a shop's tracking writes` {
    @Test func `is read as what happened, whoever did it and wherever`() throws {
        let opening = Instant(milliseconds: 1_735_689_600_000)
        var shop = SeededShop(seed: 1, opening: opening)
        var decoder = EventDecoder()
        var json = StorefrontJSON()
        var read = StorefrontEvent(claimed: .never, received: .never, tieBreaker: 0, kind: .unrelated)
        var kinds: Set<Act.Kind> = []
        while let event = shop.next(before: opening + .days(546)) {
            json.removeAll()
            json.append(event)
            try json.withPaddedBytes { bytes in
                Result {
                    try decoder.decode(
                        bytes, claimed: event.time, received: event.time, flags: .ofOperator, into: &read)
                }
            }.get()
            let isRead = Self.isRead(event.act, as: read.kind)
            #expect(isRead, "\(event.act) as \(read.kind)")
            #expect(decoder.unreadable.isEmpty)
            #expect(read.locale?.text == event.home.locale && read.timeZone?.text == event.home.timeZone)
            kinds.insert(event.act.kind)
        }
        #expect(kinds == Set(Act.Kind.allCases))
    }

    private static func isRead(_ act: Act, as kind: StorefrontEvent.Kind) -> Bool {
        switch (act, kind) {
        case (.visited, .visited), (.viewed, .visited), (.signedUp, .signedUp), (.shared, .shared),
            (.subscribed, .subscribed), (.unsubscribed, .consented):
            true
        case (.addedToCart(let product, let quantity, let currency), .cartChanged(let change)):
            change.product.text == product.id
                && change.content.amount
                    == Money(minorUnits: product.minorUnits * Int64(quantity), currency: currency)
        case (.removedFromCart(let product), .cartChanged(let change)):
            change.product.text == product.id && !change.content.isAdded
        case (.couponApplied(let coupon), .couponChanged(let read)): read.coupon?.text == coupon
        case (.shipped(let id, let promised), .deliveryReported(let read, let report)):
            id == read && report == DeliveryReport(step: .shipped, promised: promised, delivered: nil)
        case (.delivered(let id), .deliveryReported(let read, let report)): id == read && report.step == .delivered
        case (.deliveryDelayed(let id), .deliveryReported(let read, let report)),
            (.deliveryFailed(let id), .deliveryReported(let read, let report)):
            id == read && report.step == .troubled
        case (.clicked(let channel), .clicked(let read)), (.bounced(let channel), .bounced(let read)): channel == read
        case (.costRecorded(let amount), .costRecorded(_, let content)):
            content == MarketingCost(isOfAcquisition: true, amount: amount)
        case (.identified(let traits), .identified(let read)): traits == read
        case (.markedAsSpam, .markedAsSpam): true
        case (.orderCompleted(let order), .orderCompleted(let id, let content)),
            (.orderUpdated(let order), .orderUpdated(let id, let content)):
            order.id == id && order.value == content.value
                && Set(order.lines.map(\.product.category)).count == content.categories.count
        case (.orderCancelled(let id), .orderCancelled(let read)): id == read
        case (.orderRefunded(let id, let refund), .orderRefunded(let read, let readRefund)):
            id == read && refund == readRefund
        case (.complaintOpened(let id, _), .complaintOpened(let read)): id == read
        case (.complaintResolved(let id), .complaintResolved(let read)): id == read
        case (.reviewed(let id, _, let rating), .reviewed(let read, let score)):
            id == read && rating * 200 == score.thousandths
        case (.answeredSurvey(let score), .surveyAnswered(let read)): score * 100 == read.thousandths
        default: false
        }
    }
}
