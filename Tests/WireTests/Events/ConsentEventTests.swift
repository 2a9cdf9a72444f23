import CustomerLifecycle
import Testing

@testable import Wire

@Suite struct `A consent event` {
    private let marketing = id("marketing")
    private let granted = ConsentChange.Act.granted(validUntil: nil)

    @Test(arguments: [("Email", Channel.email), ("SMS", .sms), ("push", .push), ("POST", .post)])
    func `names its channel first`(word: String, channel: Channel) throws {
        let given = try Decoding.track("\(word) Subscribed", "{}").event
        #expect(given.kind == .subscribed)
        #expect(
            given.consents == [ConsentChange(channel: channel, purpose: marketing, isMarketing: true, act: granted)])
        for verb in ["Unsubscribed", "Unsubscribe"] {
            let taken = try Decoding.track("\(word) \(verb)", "{}").event
            #expect(
                taken.consents == [
                    ConsentChange(channel: channel, purpose: marketing, isMarketing: true, act: .withdrawnFromChannel)
                ])
        }
    }

    @Test(arguments: ["Unsubscribed", "unsubscribe"])
    func `without a channel withdraws e-mail`(name: String) throws {
        let event = try Decoding.track(name, "{}").event
        #expect(
            event.consents == [
                ConsentChange(channel: .email, purpose: marketing, isMarketing: true, act: .withdrawnFromChannel)
            ])
    }

    @Test(arguments: [
        (#"{"list_id":"newsletter"}"#, "newsletter", true, ConsentChange.Act.withdrawn),
        (#"{"list_id":77}"#, "77", true, .withdrawn),
        (#"{"list_id":"marketing"}"#, "marketing", true, .withdrawnFromChannel),
        (#"{"list_id":"order-mails","list_purpose":"service"}"#, "service", false, .withdrawn),
        (#"{"list_id":"news","list_purpose":"marketing"}"#, "news", true, .withdrawn),
        (#"{"list_id":""}"#, "marketing", true, .withdrawnFromChannel),
        (#"{"list_id":null}"#, "marketing", true, .withdrawnFromChannel),
    ])
    func `of a list concerns that list, which is marketing unless named otherwise`(
        properties: String, purpose: String, isMarketing: Bool, withdrawal: ConsentChange.Act
    ) throws {
        let taken = try Decoding.track("Email Unsubscribed", properties).event.consents
        #expect(
            taken == [ConsentChange(channel: .email, purpose: id(purpose), isMarketing: isMarketing, act: withdrawal)])
        let given = try Decoding.track("Email Subscribed", properties).event.consents
        #expect(given == [ConsentChange(channel: .email, purpose: id(purpose), isMarketing: isMarketing, act: granted)])
    }

    @Test(
        arguments: [
            (#""2026-01-01T00:00:00Z""#, 1_767_225_600_000), (#""2026-01-01""#, 1_767_225_600_000),
            (#""2026-01-01T01:30:00.25+01:30""#, 1_767_225_600_250), ("1767225600", 1_767_225_600_000),
            ("1767225600250", 1_767_225_600_250), (#""1767225600""#, 1_767_225_600_000), ("7", 7_000),
            ("null", nil), (#""""#, nil), (#"" ""#, nil), ("false", nil),
        ] as [(String, Int64?)])
    func `may run out by itself`(written: String, until: Int64?) throws {
        let granted = ConsentChange.Act.granted(validUntil: until.map { Instant(milliseconds: $0) })
        let subscribed = try Decoding.track("Email Subscribed", #"{"valid_until":\#(written)}"#)
        #expect(subscribed.event.consents.first?.act == granted)
        let updated = try update(#"{"sms_marketing":true}"#, validUntil: written)
        #expect(updated.event.consents.first?.act == granted)
    }

    @Test(arguments: [#""soon""#, #""2026-02-30T00:00:00Z""#, "true", "[1767225600]", "{}", "1e9", "-"])
    func `is never for ever where its end cannot be read`(written: String) throws {
        #expect(throws: EventError.self) {
            try Decoding.track("Email Subscribed", #"{"valid_until":\#(written)}"#)
        }
        #expect(throws: EventError.self) { try update(#"{"sms_marketing":true}"#, validUntil: written) }
        #expect(throws: EventError.self) { try update(#"{"sms_a":true,"sms_b":true}"#, validUntil: written) }
    }

    @Test func `is taken for its withdrawals alone where the end of its grants cannot be read`() throws {
        let both = try update(#"{"sms_marketing":false,"email_marketing":true}"#, validUntil: #""soon""#)
        #expect(
            both.event.consents == [
                ConsentChange(channel: .sms, purpose: marketing, isMarketing: true, act: .withdrawnFromChannel)
            ])
        #expect(both.unreadable == [.validUntil])
        let withdrawal = try update(#"{"sms_marketing":false}"#, validUntil: #""soon""#)
        #expect(withdrawal.event.consents.count == 1)
    }

    @Test func `ends on the whole channel with a spam mark`() throws {
        let marked = try Decoding.track("Email Marked as Spam", #"{"email_id":"e-1"}"#).event
        #expect(
            marked.consents == [
                ConsentChange(channel: .email, purpose: marketing, isMarketing: true, act: .withdrawnFromChannel)
            ])
    }

    @Test func `that updates preferences reads only keys of a channel and a purpose`() throws {
        let event = try update(
            #"{"sms_marketing":false,"marketing":true,"C0001":true,"email_order_updates":"true","email_marketing":true,"fax_x":true,"push_news":false,"_x":true,"email_":true}"#
        ).event
        #expect(event.kind == .consented)
        #expect(
            event.consents == [
                ConsentChange(channel: .email, purpose: marketing, isMarketing: true, act: granted),
                ConsentChange(channel: .email, purpose: id("order_updates"), isMarketing: false, act: granted),
                ConsentChange(channel: .sms, purpose: marketing, isMarketing: true, act: .withdrawnFromChannel),
                ConsentChange(channel: .push, purpose: id("news"), isMarketing: false, act: .withdrawn),
            ])
    }

    @Test func `is the same fact whatever the order of its keys`() throws {
        let one = try update(#"{"email_marketing":true,"sms_marketing":false}"#).event
        let other = try update(#"{ "sms_marketing" : false , "em\u0061il_marketing" : true }"#).event
        #expect(one.consents == other.consents)
        #expect(one.tieBreaker == other.tieBreaker)
    }

    @Test func `stamped on another event says nothing`() throws {
        let event = try Decoding(
            #"{"messageId":"m","type":"track","event":"Product Viewed","context":{"consent":{"categoryPreferences":{"email_marketing":true}}}}"#
        ).event
        #expect(event.kind == .visited)
        #expect(event.consents.isEmpty)
    }

    @Test func `carries at most 32 changes, the same ones whatever their order`() throws {
        let keys = (10..<60).map { #""email_p\#($0)":true"# }
        let one = try update("{" + keys.joined(separator: ",") + "}").event
        let other = try update("{" + keys.reversed().joined(separator: ",") + "}").event
        #expect(one.consents.count == StorefrontEvent.consentCountMax)
        #expect(one.consents == other.consents)
    }

    @Test(arguments: [
        "[]", "7", #""x""#, "true", #"{"email_marketing":7}"#, #"{"email_marketing":{"a":[1,"}"]}}"#,
        #"{"email_marketing":null}"#,
    ])
    func `that cannot be read changes nothing, and is counted`(preferences: String) throws {
        let decoded = try update(preferences)
        #expect(decoded.event.kind == .consented)
        #expect(decoded.event.consents.isEmpty)
        #expect(decoded.unreadable == [.categoryPreferences])
    }

    @Test func `of the last event is forgotten with the next`() throws {
        var decoder = EventDecoder()
        var decoding = try Decoding.track("Email Subscribed", "{}")
        try decoding.decode(Array(#"{"messageId":"m","type":"page"}"#.utf8), with: &decoder)
        #expect(decoding.event.consents.isEmpty)
    }

    private func update(_ preferences: String, validUntil: String = "null") throws(EventError) -> Decoding {
        try Decoding(
            #"{"messageId":"m","type":"track","event":"Segment Consent Preference Updated","properties":{"valid_until":\#(validUntil)},"context":{"consent":{"categoryPreferences":\#(preferences)}}}"#
        )
    }
}
