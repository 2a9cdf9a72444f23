import CustomerLifecycle
import Testing
import Wire

@Suite struct `What only the shop may say` {
    private static let words: [(name: String, properties: String)] = [
        ("Stage Override Set", #"{"stage":"loyal"}"#), ("Stage Override Cleared", "{}"), ("Identity Split", "{}"),
        ("Marketing Cost Recorded", #"{"kind":"acquisition","amount":1,"currency":"EUR"}"#),
        ("User Deletion Requested", "{}"),
    ]

    @Test func `is rejected from an input that is not the shop's own, live or imported, however it is spelled`() throws
    {
        for word in Self.words {
            for mode in [RouterInput.Mode.live, .backfill] {
                for name in [word.name, word.name.lowercased().replacing(" ", with: "_")] {
                    let event = Checked.track(name, word.properties)
                    let rejection = #expect(throws: Rejection.self) { try Checked.kind(of: event, mode: mode) }
                    #expect(rejection?.reason == .notAllowedHere)
                    #expect(rejection?.sentence.contains("\"\(word.name)\"") == true, "\(rejection?.sentence ?? "")")
                    #expect(rejection?.sentence.contains("--input TOPIC:operator") == true)
                    #expect(throws: Never.self) { try Checked.kind(of: event, mode: mode, isOfOperator: true) }
                }
            }
        }
    }

    @Test func `is rejected in its own right from the shop's own input`() {
        for (name, properties, field) in [
            ("Stage Override Set", "{}", "properties.stage"),
            ("Stage Override Set", #"{"stage":"loyal","until":"soon"}"#, "properties.until"),
            ("Marketing Cost Recorded", #"{"kind":"acquisition"}"#, "properties.amount"),
            ("Marketing Cost Recorded", #"{"amount":1,"currency":"EUR"}"#, "properties.kind"),
        ] {
            let rejection = #expect(throws: Rejection.self) {
                try Checked.kind(of: Checked.track(name, properties), isOfOperator: true)
            }
            #expect(rejection?.sentence.contains(field) == true, "\(rejection?.sentence ?? "")")
        }
    }

    @Test func `is an override of four members, and free text goes`() throws {
        let properties =
            #"{"stage":"loyal","until":"2026-02-01","actor_id":"op-7","reason_code":"vip","reason":"Anna asked","#
            + #""actor":"Jo","note":"x"}"#
        let kind = try Checked.kind(of: Checked.track("Stage Override Set", properties), isOfOperator: true)
        let until = Instant(milliseconds: 1_769_904_000_000)
        #expect(
            kind
                == .overridden(
                    StageOverride(stage: id("loyal"), until: until, actor: id("op-7"), reason: id("vip"))))
        let body = try RouterScenario().route(Checked.track("Stage Override Set", properties)).body
        #expect(!body.contains("Anna") && !body.contains("Jo") && !body.contains("note"), "\(body)")
    }

    @Test(arguments: ["Stage Override Set", "Marketing Cost Recorded", "User Deletion Requested", "Identity Split"])
    func `has a code for a reason, and an actor without a mail address`(name: String) throws {
        for (members, rest) in [
            (#""reason_code":" vip-2.1:a/b_C ""#, #""reason_code":" vip-2.1:a/b_C ""#),
            (#""reason_code":7"#, #""reason_code":7"#),
            (#""reason_code":"Anna asked""#, ""), (#""reason_code":"anna@example.org""#, ""),
            (#""reason_code":"\#(String(repeating: "x", count: 65))""#, ""), (#""reason_code":["vip"]"#, ""),
            (#""actor_id":"jo@example.org""#, ""), (#""actor_id":"\u006ao\u0040example.org""#, ""),
            (#""actor_id":"jo""#, #""actor_id":"jo""#),
        ] {
            let event = Checked.track(name, "{\(members)}")
            let routed = try RouterScenario().route(event)
            #expect(routed.body.hasSuffix(#""properties":{\#(rest)}}"#), "\(routed.body)")
            #expect(routed.unreadable.isEmpty == !rest.isEmpty)
        }
        let empty = try RouterScenario().route(Checked.track(name, #"{"reason_code":""}"#))
        #expect(empty.unreadable.isEmpty)
    }

    @Test func `names the one who did it by a hash, where ids are hashed`() throws {
        let shop = RouterScenario { $0.hashKey = Array("a key of sixteen bytes".utf8) }
        let mail = try shop.route(Checked.track("User Deletion Requested", #"{"actor_id":"jo@example.org"}"#))
        #expect(mail.body.contains(#""actor_id":"hmac:"#) && mail.unreadable.isEmpty, "\(mail.body)")
        let event = Checked.track("Stage Override Set", #"{"stage":"loyal","actor_id":"jo"}"#)
        let body = try shop.route(event).body
        #expect(body.contains(#""actor_id":"hmac:"#) && !body.contains("jo"), "\(body)")
        #expect(try RouterScenario().route(event).body.contains(#""actor_id":"jo""#))
    }
}

/// Reads events as a Router does before it appends them.
private enum Checked {
    static func track(_ name: String, _ properties: String) -> String {
        #"{"messageId":"m","type":"track","event":"\#(name)","userId":"7","timestamp":"2026-01-01T00:00:00Z","#
            + #""properties":\#(properties)}"#
    }

    static func kind(
        of event: String, mode: RouterInput.Mode = .live, isOfOperator: Bool = false
    ) throws -> StorefrontEvent.Kind {
        var reader = CheckedReader(settings: RouterScenario().settings)
        let bytes = Array(event.utf8) + [UInt8](repeating: 0, count: 64)
        var kind = StorefrontEvent.Kind.unrelated
        try bytes.withUnsafeBytes { bytes in
            let input = RouterInput(
                value: UnsafeRawBufferPointer(rebasing: bytes.dropLast(64)), kafkaTime: RouterScenario.now,
                clock: RouterScenario.now, mode: mode, isOfOperator: isOfOperator)
            try reader.check(try reader.read(input))
            reader.withEvent { kind = $0.kind }
        }
        return kind
    }
}
