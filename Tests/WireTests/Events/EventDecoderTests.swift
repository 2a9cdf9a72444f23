import CustomerLifecycle
import Testing

@testable import Wire

@Suite struct `An event` {
    @Test(arguments: [
        ("Product Viewed", StorefrontEvent.Kind.visited), ("PRODUCT LIST FILTERED", .visited),
        ("Viewed Product", .visited), ("Started Order", .cartTouched(nil)), ("Coupon Denied", .seen),
        ("Coupon Removed", .couponChanged(.removed(nil))),
        ("Email Link Clicked", .clicked(.email)), ("Post Bounced", .bounced(.post)), ("Promotion Clicked", .seen),
        ("Wishlist Product Added to Cart", .noticed), ("Signed In", .seen), ("Signed Out", .noticed),
        ("Return Requested", .noticed), ("Signed Up", .signedUp), (" account created\\n", .signedUp),
        ("Product Shared", .shared(nil)), ("Cart Shared", .shared(nil)), ("Referral Share", .shared(nil)),
        ("Email Opened", .unrelated), ("Experiment Viewed", .unrelated),
        (" Account  Closed ☹️", .unrelated), ("", .unrelated),
        ("Product  Viewed", .visited),
        ("Order Completed!", .unrelated), ("Order\\u0000Completed", .unrelated), ("Order@Completed", .unrelated),
        ("/rder Completed", .unrelated), ("Order Complete$", .unrelated),
        (String(repeating: "x", count: 5_000), .unrelated),
    ])
    func `means what its name says`(name: String, kind: StorefrontEvent.Kind) throws {
        #expect(try Decoding.track(name, "{}").event.kind == kind)
    }

    @Test func `has one meaning for every name we know`() throws {
        let names = EventNames()
        for (name, meaning) in EventMeaning.byName {
            let bytes = Array((" " + name.uppercased() + "\t").utf8)
            #expect(bytes.withUnsafeBytes { names.meaning(of: $0) } == meaning, "\(name)")
        }
    }

    @Test func `is known however its name is written`() throws {
        let names = EventNames()
        func meaning(_ name: String) -> EventMeaning { Array(name.utf8).withUnsafeBytes { names.meaning(of: $0) } }
        for (name, meant) in EventMeaning.byName {
            let words = name.split(separator: " ")
            let camel = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }
            let spellings = [
                words.joined(separator: "_"), words.joined(separator: "-").uppercased(), camel.joined(),
                camel.joined(separator: "  "), " \(words.joined(separator: "\t-")) ",
            ]
            for spelling in spellings { #expect(meaning(spelling) == meant, "\(spelling)") }
        }
        let others = [
            "", " ", "order complete", "order_completedd", "order.completed", "ordercompleted2", "purchase",
            String(repeating: "x", count: 100), String(repeating: "-", count: 100), "é",
        ]
        for other in others { #expect(meaning(other) == .unknown, "\(other)") }
    }

    @Test func `of an unknown name says so, each time`() throws {
        var decoder = EventDecoder()
        for (name, unknown) in [
            ("Order Complete", "Order Complete"), ("Order Complete", "Order Complete"), ("order_updated", nil),
            ("Order Completed", nil), (#"\u0046nord"#, "Fnord"), ("Email Opened", nil),
        ] as [(String, String?)] {
            let json = Array(#"{"messageId":"m","event":"\#(name)","properties":{"order_id":"1"}}"#.utf8)
            var event = StorefrontEvent(claimed: .never, received: .never, tieBreaker: 0, kind: .unrelated)
            try (json + [UInt8](repeating: 0, count: 64)).withUnsafeBytes { padded in
                let body = UnsafeRawBufferPointer(rebasing: padded[..<json.count])
                try decoder.decode(body, claimed: .never, received: .never, into: &event)
                #expect(decoder.unknownName.map { String(decoding: $0, as: UTF8.self) } == unknown)
            }
        }
    }

    @Test(arguments: [
        (#"{"messageId":"m","type":"page"}"#, StorefrontEvent.Kind.visited),
        (#"{"messageId":"m","type":" PAGE ","event":"Order Completed"}"#, .visited),
        (#"{"messageId":"m","type":"screen"}"#, .unrelated), (#"{"messageId":"m","type":"group"}"#, .unrelated),
        (#"{"messageId":"m","type":"alias","previousId":"a"}"#, .noticed),
        (#"{"messageId":7,"event":"Product Viewed"}"#, .visited),
        (#"{"messageId":"m","type":7,"event":"Product Viewed"}"#, .visited),
        (#"{"messageId":"m","type":"identify"}"#, .identified(Traits())),
    ])
    func `may be another call than track`(json: String, kind: StorefrontEvent.Kind) throws {
        #expect(try Decoding(json).event.kind == kind)
    }

    @Test func `keeps its times, locale and zone`() throws {
        let decoded = try Decoding(
            #"{"messageId":"m","type":"page","context":{"locale":" de-DE ","timezone":"Europe\/Berlin"}}"#)
        #expect(decoded.event.claimed == Decoding.claimed)
        #expect(decoded.event.received == Decoding.received)
        #expect(decoded.event.locale == id("de-DE"))
        #expect(decoded.event.timeZone == id("Europe/Berlin"))
    }

    @Test func `with an unreadable locale goes on without`() throws {
        let decoded = try Decoding(#"{"messageId":"m","type":"page","context":{"locale":7,"timezone":["x"]}}"#)
        #expect(decoded.event.locale == nil)
        #expect(decoded.unreadable == [.locale, .timeZone])
    }

    @Test(
        arguments: [
            ("{}", [] as Profile, nil, []),
            (
                #"{"email":true,"phone":true,"name":true,"birthday":"--05-14"}"#, [.email, .phone, .name, .birthday],
                514, []
            ),
            (#"{"email":"","phone":null,"firstName":false,"birthday":""}"#, [], nil, []),
            (#"{"first_name":true,"phone":491701234507}"#, [.name, .phone], nil, []),
            (#"{"birthday":"05-14"}"#, [.birthday], 514, []), (#"{"birthday":"1990-05-14"}"#, [.birthday], 514, []),
            (#"{"birthday":"1990-05-14T00:00:00+02:00"}"#, [.birthday], 514, []),
            (#"{"birthday":"--02-29"}"#, [.birthday], 229, []),
            (#"{"birthday":"--02-30"}"#, [], nil, [EventField.birthday]),
            (#"{"birthday":642643200000}"#, [], nil, [.birthday]),
            (#"{"birthday":"14.05.1990"}"#, [], nil, [.birthday]),
            ("[1]", [], nil, []), ("null", [], nil, []),
        ] as [(String, Profile, Int?, [EventField])])
    func `that identifies says which traits are filled in`(
        traits: String, profile: Profile, monthAndDay: Int?, unreadable: [EventField]
    ) throws {
        let decoded = try Decoding(#"{"messageId":"m","type":"identify","traits":\#(traits)}"#)
        let birthday = monthAndDay.flatMap { Birthday(month: $0 / 100, day: $0 % 100) }
        #expect(decoded.event.kind == .identified(Traits(profile: profile, birthday: birthday)))
        #expect(decoded.unreadable == unreadable)
    }

    @Test(arguments: [
        (#""rating":5,"scale":5"#, 1_000), (#""rating":"4","scale":"5""#, 800), (#""rating":"4.5/5""#, 900),
        (#""rating":"4.5 / 5","scale":10"#, 900), (#""rating":2,"scale":3"#, 666), (#""rating":8,"scale":"0-10""#, 800),
        (#""rating":"3,5","scale":"1–5""#, 700), (#""rating":0,"scale":5"#, 0),
    ])
    func `that reviews scores in thousandths of its scale`(properties: String, thousandths: Int) throws {
        let decoded = try Decoding.track("Product Reviewed", #"{"product_id":"p-1","review_id":"r-1",\#(properties)}"#)
        #expect(decoded.event.kind == .reviewed(id("r-1"), score(thousandths)))
    }

    @Test(arguments: [
        (#"{"rating":5,"scale":5}"#, EventField.productID), (#"{"review_id":1,"scale":5}"#, .rating),
        (#"{"review_id":1,"rating":"good","scale":5}"#, .rating), (#"{"review_id":1,"rating":6,"scale":5}"#, .rating),
        (#"{"review_id":1,"rating":-1,"scale":5}"#, .rating), (#"{"review_id":1,"rating":4}"#, .scale),
        (#"{"review_id":1,"rating":4,"scale":0}"#, .scale), (#"{"review_id":1,"rating":4,"scale":"x"}"#, .scale),
        (#"{"review_id":1,"rating":"4/0"}"#, .rating), (#"{"review_id":1,"rating":"/5"}"#, .rating),
        (#"{"review_id":1,"rating":null,"scale":5}"#, .rating), (#"{"review_id":1,"rating":1e99,"scale":5}"#, .rating),
        (#"{"review_id":1,"rating":4,"scale":99999999}"#, .scale),
    ])
    func `that reviews without id or readable rating is refused`(properties: String, field: EventField) {
        expectFieldError(field, "Product Reviewed", properties)
    }

    @Test(arguments: [
        ("Survey Answered", #"{"score":9,"scale":10}"#, StorefrontEvent.Kind.surveyAnswered(score(900))),
        ("Survey Answered", #"{"score":9,"kind":"NPS"}"#, .surveyAnswered(score(900))),
        ("Product Reviewed", #"{"product_id":7,"rating":4,"scale":5}"#, .reviewed(id("7"), score(800))),
        ("Complaint Opened", #"{"complaint_id":"c-1"}"#, .complaintOpened(id("c-1"))),
        ("Complaint Resolved", #"{"complaint_id":1}"#, .complaintResolved(id("1"))),
        ("Conversation Opened", #"{"conversation_id":"k"}"#, .complaintOpened(id("k"))),
        ("Conversation Closed", #"{"conversation_id":"k","complaint_id":"c"}"#, .complaintResolved(id("c"))),
        ("Email Marked as Spam", #"{"email_id":"e-1"}"#, .markedAsSpam(id("e-1"))),
        ("Email Marked as Spam", "{}", .markedAsSpam(id("m-1"))),
    ])
    func `tells an opinion`(name: String, properties: String, kind: StorefrontEvent.Kind) throws {
        #expect(try Decoding.track(name, properties).event.kind == kind)
    }

    @Test(arguments: [
        ("Complaint Opened", "{}", EventField.complaintID),
        ("Complaint Resolved", #"{"complaint_id":[]}"#, .complaintID),
        ("Conversation Opened", "{}", .conversationID), ("Survey Answered", #"{"scale":5}"#, .score),
        ("Survey Answered", #"{"score":5}"#, .scale),
    ])
    func `that tells one without what it is about is refused`(name: String, properties: String, field: EventField) {
        expectFieldError(field, name, properties)
    }

    @Test(arguments: [
        "", " ", "[]", "7", "null", "{", #"{"messageId":"m","type":"page""#, #"{"a":1}}"#, #"{"a":1} x"#,
        "{\"a\":\"\u{1}\"}",
    ])
    func `that is not one JSON object is malformed`(json: String) {
        #expect(throws: EventError.malformed) { try Decoding(json) }
    }

    @Test func `that is not UTF-8 is malformed`() {
        #expect(throws: EventError.malformed) {
            try Decoding(Array(#"{"messageId":""#.utf8) + [0xFF] + Array(#""}"#.utf8))
        }
    }

    @Test(arguments: [
        (#"{"type":"track","event":"x"}"#, EventField.messageID), (#"{"messageId":"m","type":"track"}"#, .event),
        (#"{"messageId":"","type":"page"}"#, .messageID), (#"{"messageId":"m","event":7}"#, .event),
    ])
    func `needs a message id, and a track call a name`(json: String, field: EventField) {
        let error = #expect(throws: EventError.self) { try Decoding(json) }
        guard case .field(let found) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(found.field == field)
    }

    private func expectFieldError(_ field: EventField, _ name: String, _ properties: String) {
        let error = #expect(throws: EventError.self) { try Decoding.track(name, properties) }
        guard case .field(let found) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(found.field == field)
    }
}
