import CustomerLifecycle
import Testing

@testable import Wire

@Suite struct `A storefront event we write` {
    private static let envelope = StorefrontJSON.Envelope(
        messageID: "m-1", user: "C-7", anonymous: "x", timestamp: "2025-01-01T00:00:00.000Z", locale: "de-DE",
        timeZone: "Europe/Berlin")

    @Test func `has the shape that shops send`() {
        let order = StorefrontJSON.Order(
            id: "o \"1\"\n", revenue: euros(1_205), costOfGoods: euros(400), coupon: "SPRING", discount: euros(5),
            categories: ["Sports & \\ü"])
        #expect(
            written(.orderCompleted(order), Self.envelope)
                == #"{"messageId":"m-1","type":"track","event":"Order Completed","userId":"C-7","anonymousId":"x","timestamp":"2025-01-01T00:00:00.000Z","properties":{"order_id":"o \"1\"\n","revenue":12.05,"cost_of_goods":4.00,"currency":"EUR","coupon":"SPRING","discount":0.05,"products":[{"category":"Sports & \\ü"}]},"context":{"locale":"de-DE","timezone":"Europe/Berlin"}}"#
        )
    }

    @Test(arguments: [
        (StorefrontJSON.Action.orderCancelled(id: "o-1"), StorefrontEvent.Kind.orderCancelled(id("o-1"))),
        (.orderCompleted(.init(id: "o-1")), .orderCompleted(id("o-1"), OrderContent())),
        (
            .orderUpdated(.init(id: "o-1", revenue: euros(1), coupon: "")),
            .orderUpdated(id("o-1"), OrderContent(value: euros(1), hasCoupon: false))
        ),
        (
            .orderRefunded(id: "o-1", refund: "r", amount: euros(99)),
            .orderRefunded(id("o-1"), Refund(id: id("r"), amount: euros(99)))
        ),
        (
            .orderRefunded(id: "o-1", refund: nil, amount: nil),
            .orderRefunded(id("o-1"), Refund(id: nil, amount: nil))
        ),
        (
            .identified(email: "a@b.c", phone: nil, firstName: "Zoë", birthday: "--05-14"),
            .identified(Traits(profile: [.email, .name, .birthday], birthday: Birthday(month: 5, day: 14)))
        ),
        (.signedUp, .signedUp), (.subscribed(.sms, list: nil), .subscribed),
        (.unsubscribed(.post, list: "news"), .consented),
        (.complaintOpened(id: "c"), .complaintOpened(id("c"))),
        (.complaintResolved(id: "c"), .complaintResolved(id("c"))),
        (.reviewed(product: "p", review: nil, rating: 4, scale: 5), .reviewed(id("p"), score(800))),
        (.reviewed(product: "p", review: "r", rating: 4, scale: 5), .reviewed(id("r"), score(800))),
        (.surveyAnswered(score: 9, scale: 10), .surveyAnswered(score(900))), (.shared(via: "email"), .shared(nil)),
        (.viewed(url: "https://shop.example/"), .visited), (.viewed(url: nil), .visited),
        (.tracked(name: "Cart Viewed"), .cartTouched(nil)),
        (.tracked(name: "Cart Viewed", properties: [.init("cart_id", "c \"1\"")]), .cartTouched(id("c \"1\""))),
    ])
    func `is read as what it says`(action: StorefrontJSON.Action, kind: StorefrontEvent.Kind) throws {
        let decoded = try Decoding(written(action, Self.envelope))
        #expect(decoded.event.kind == kind)
        #expect(decoded.unreadable.isEmpty)
    }

    @Test func `names channel and list of a consent`() throws {
        let given = try Decoding(written(.subscribed(.sms, list: "news"), Self.envelope)).event
        #expect(
            given.consents == [
                ConsentChange(channel: .sms, purpose: id("news"), isMarketing: true, act: .granted(validUntil: nil))
            ])
    }

    @Test func `stands on a line of its own`() {
        var json = StorefrontJSON()
        let envelope = StorefrontJSON.Envelope(messageID: "m", anonymous: "x", at: Instant(milliseconds: 0))
        for _ in 1...2 {
            json.append(.viewed(url: nil), envelope)
            json.endLine()
        }
        let line =
            #"{"messageId":"m","type":"page","anonymousId":"x","timestamp":"1970-01-01T00:00:00.000Z","properties":{}}"#
        #expect(String(decoding: json.bytes, as: UTF8.self) == "\(line)\n\(line)\n")
    }

    private func written(_ action: StorefrontJSON.Action, _ envelope: StorefrontJSON.Envelope) -> String {
        var json = StorefrontJSON()
        json.append(action, envelope)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
