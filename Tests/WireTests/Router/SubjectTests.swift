import Testing
import Wire

@Suite struct `The subject of an event` {
    private let shop = RouterScenario()

    private func event(_ ids: String) -> String { #"{"type":"track","event":"x","messageId":"m1",\#(ids)}"# }

    /// Every half would become the same character, and two customers one.
    @Test(arguments: [#"C-\ud83d"#, #"\udde6-1"#, #"\ud83d\ud83d\udde6"#, #"\\\ud800"#])
    func `is none where half of a surrogate pair stands in the id`(id: String) throws {
        #expect(shop.reason(event(#""userId":"\#(id)","anonymousId":"v-1""#)) == .unreadableField)
        #expect(shop.reason(event(#""anonymousId":"\#(id)""#)) == .unreadableField)
        #expect(shop.reason(event(#""userId":"C-1","anonymousId":"\#(id)""#)) == .unreadableField)
        let message = try shop.route(#"{"type":"track","event":"x","messageId":"\#(id)","userId":"C-1"}"#)
        #expect(message.messageID.hasPrefix("sha256:"))
    }

    @Test(arguments: [
        (#""userId":"C-1""#, "u:C-1"),
        (#""anonymousId":"v-1""#, "a:v-1"),
        (#""userId":"C-1","anonymousId":"v-1""#, "u:C-1"),
        (#""userId":null,"anonymousId":"v-1""#, "a:v-1"),
        (#""userId":"","anonymousId":"v-1""#, "a:v-1"),
        (#""userId":"  ","anonymousId":"v-1""#, "a:v-1"),
        (#""userId":true,"anonymousId":"v-1""#, "a:v-1"),
        (#""userId":["C-1"],"anonymousId":"v-1""#, "a:v-1"),
        (#""userId":{"id":"C-1"},"anonymousId":"v-1""#, "a:v-1"),
        (#""userId":1.5,"anonymousId":"v-1""#, "a:v-1"),
        (#""userId":40002"#, "u:40002"),
        (#""userId":12345678901234567890123"#, "u:12345678901234567890123"),
        (#""userId":-0,"anonymousId":"v-1""#, "a:v-1"),
        (#""userId":"007""#, "u:007"),
        (#""userId":" C-00023 ""#, "u:C-00023"),
        (#""anonymousId":"%22ca52d86e%22""#, "a:ca52d86e"),
        (#""userId":"\"C-1\"""#, "u:C-1"),
        (#""userId":"%22 'C-1' %22""#, "u:C-1"),
        // Quotes go in pairs of the same.
        (#""userId":"C-1'""#, "u:C-1'"),
        (#""userId":"\"C-1'""#, #"u:"C-1'"#),
        (#""userId":"%22C-1\"""#, #"u:%22C-1""#),
        (#""userId":" ''C-1' ""#, "u:'C-1"),
        (#""userId":"C-1%22""#, "u:C-1%22"),
        (#""userId":"\u0043-1""#, "u:C-1"),
        (#""userId":"C-\ud83e\udde6""#, "u:C-🧦"),
        (#""userId":"C-1","userId":"C-2""#, "u:C-2"),
        (#""user\u0049d":"C-1""#, "u:C-1"),
    ])
    func `is the user where there is one, else the visitor`(ids: String, subject: String) throws {
        #expect(try shop.route(event(ids)).subject == subject)
    }

    @Test(arguments: [
        "null", "undefined", "None", "nil", "NaN", "n/a", "unknown", "Anonymous", "GUEST", "test", "true", "False", "0",
        "-1", "[object Object]", " guest ", "%22null%22",
    ])
    func `is never a placeholder`(id: String) throws {
        #expect(try shop.route(event(#""userId":"\#(id)","anonymousId":"v-1""#)).subject == "a:v-1")
        #expect(shop.reason(event(#""anonymousId":"\#(id)""#)) == .noSubject)
    }

    @Test func `is never what the shop blocks besides`() throws {
        let shop = RouterScenario { $0.blockedIDs = ["Kasse 1"] }
        #expect(try shop.route(event(#""userId":"KASSE 1","anonymousId":"v-1""#)).subject == "a:v-1")
        #expect(try shop.route(event(#""userId":"KASSE 2""#)).subject == "u:KASSE 2")
    }

    @Test func `has at most 256 bytes`() throws {
        let longest = String(repeating: "x", count: 256)
        #expect(try shop.route(event(#""userId":"\#(longest)""#)).subject == "u:" + longest)
        #expect(shop.reason(event(#""userId":"\#(longest)y""#)) == .idTooLong)
        #expect(shop.reason(event(#""anonymousId":"\#(longest)y""#)) == .idTooLong)
        // A customer's order is not lost because of a strange visitor id beside it.
        let routed = try shop.route(event(#""userId":"C-1","anonymousId":"\#(longest)y""#))
        #expect(routed.subject == "u:C-1")
        #expect(routed.links.isEmpty)
        #expect(routed.unreadable == .anonymousID)
    }

    @Test func `is a keyed hash where an id is a mail address and the shop asks for it`() throws {
        let shop = RouterScenario { $0.hashKey = Array("key".utf8) }
        let routed = try shop.route(
            event(
                #""userId":" anna@shop.example ","anonymousId":"v-1","properties":{"customer_id":"anna@shop.example"}"#)
        )
        // printf anna@shop.example | openssl dgst -sha256 -hmac key
        #expect(routed.subject == "u:hmac:7357b940cf27e5f43833c7200d0e86dc")
        #expect(routed.links == [.init(subject: "a:v-1", user: "hmac:7357b940cf27e5f43833c7200d0e86dc")])
        #expect(
            routed.body
                == #"{"type":"track","event":"x","messageId":"m1","userId":"hmac:7357b940cf27e5f43833c7200d0e86dc","anonymousId":"v-1","#
                + #""properties":{"customer_id":"hmac:7357b940cf27e5f43833c7200d0e86dc"}}"#)
        #expect(try RouterScenario().route(event(#""userId":"anna@shop.example""#)).subject == "u:anna@shop.example")
    }
}

@Suite struct `Links` {
    private let shop = RouterScenario()

    private func links(_ members: String) throws -> [String] {
        try shop.route(#"{"messageId":"m1",\#(members)}"#).links.map { "\($0.subject) > \($0.user)" }
    }

    @Test(arguments: [
        (#""type":"track","event":"x","userId":"C-1""#, []),
        (#""type":"track","event":"x","anonymousId":"v-1""#, []),
        (#""type":"track","event":"x","userId":"C-1","anonymousId":"v-1""#, ["a:v-1 > C-1"]),
        (#""type":"page","userId":"guest","anonymousId":"v-1""#, []),
        (#""type":"alias","userId":"C-1","previousId":"v-1""#, ["a:v-1 > C-1", "u:v-1 > C-1"]),
        (#""type":"alias","userId":"C-1","previousId":"C-1""#, []),
        (#""type":"alias","userId":"C-1","previousId":" C-1 ""#, []),
        (#""type":"alias","userId":"C-1","previousId":"null""#, []),
        (#""type":"alias","userId":"C-1""#, []),
        (#""type":"alias","userId":"C-1","previousId":"v-1","anonymousId":"v-1""#, ["a:v-1 > C-1", "u:v-1 > C-1"]),
        (
            #""type":"alias","userId":"C-1","previousId":"C-0","anonymousId":"v-1""#,
            ["a:v-1 > C-1", "a:C-0 > C-1", "u:C-0 > C-1"]
        ),
        (#""type":"track","event":"x","userId":"C-1","previousId":"v-1""#, []),
    ])
    func `say which other ids are the user's`(members: String, expected: [String]) throws {
        #expect(try links(members) == expected)
    }

    @Test func `of an alias need its user`() {
        #expect(shop.reason(#"{"type":"alias","previousId":"v-1"}"#) == .noSubject)
        #expect(shop.reason(#"{"type":"alias","previousId":"v-1","anonymousId":"v-1"}"#) == .noSubject)
    }
}

@Suite struct `The shape of an event` {
    private let shop = RouterScenario()

    @Test(arguments: ["track", "identify", "page", "screen", "group", "alias"])
    func `is one of six calls`(type: String) throws {
        #expect(try shop.route(#"{"type":"\#(type)","event":"x","userId":"C-1"}"#).subject == "u:C-1")
    }

    @Test(arguments: [
        (#"{}"#, RejectionReason.unknownShape),
        (#"{"userId":"C-1"}"#, .unknownShape),
        (#"{"type":null,"event":null,"userId":"C-1"}"#, .unknownShape),
        (#"{"type":"capture","event":"x","userId":"C-1"}"#, .unknownType),
        (#"{"type":7,"userId":"C-1"}"#, .unknownType),
        (#"[{"type":"page","userId":"C-1"}]"#, .unknownShape),
        (#""text""#, .unknownShape),
        (#"7"#, .unknownShape),
        (#"{"type":"page"}"#, .noSubject),
    ])
    func `decides whether it is taken`(text: String, reason: RejectionReason) {
        #expect(shop.reason(text) == reason)
    }

    @Test func `is written out where the sender left it to be guessed`() throws {
        #expect(
            try shop.route(#"{"event":"x","userId":"C-1","messageId":"m1"}"#).body
                == #"{"event":"x","userId":"C-1","messageId":"m1","type":"track"}"#)
        #expect(
            try shop.route(#"{"type":" Track ","event":"x","userId":"C-1","messageId":"m1"}"#).body
                == #"{"type":"track","event":"x","userId":"C-1","messageId":"m1"}"#)
    }
}

@Suite struct `The message id` {
    private let shop = RouterScenario()

    private func event(_ id: String) -> String { #"{"type":"page","userId":"C-1"\#(id)}"# }

    @Test(arguments: [#","messageId":"m-1""#, #","messageId":7"#, #","messageId":"\u006d\n""#])
    func `is kept as it is`(id: String) throws {
        #expect(try shop.route(event(id)).body == event(id))
    }

    @Test(arguments: [
        "", #","messageId":null"#, #","messageId":"""#, #","messageId":" ""#, #","messageId":[1]"#,
        #","messageId":true"#,
        #","messageId":"\#(String(repeating: "m", count: 101))""#,
    ])
    func `is made from the record's hash where it is missing or too long`(id: String) throws {
        let routed = try shop.route(event(id))
        let hash = routed.original.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(routed.messageID == "sha256:" + hash)
        #expect(routed.body == #"{"type":"page","userId":"C-1","messageId":"sha256:\#(hash)"}"#)
    }

    @Test func `of a record comes with the SHA-256 of all its bytes`() throws {
        // printf '{"type":"page","userId":"C-1"}' | sha256sum
        #expect(
            try shop.route(event("")).messageID
                == "sha256:84bb583ae6c60c0ccb7bbd4658fef76109cd8957fefc107b054f3886cdce73e3")
    }

    @Test func `of 100 bytes is not too long`() throws {
        let id = String(repeating: "m", count: 100)
        #expect(try shop.route(event(#","messageId":"\#(id)""#)).messageID == id)
    }
}
