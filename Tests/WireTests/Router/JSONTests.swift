import Testing
import Wire

@Suite struct `A record's value` {
    private let shop = RouterScenario()

    private func rejection(_ bytes: [UInt8]?) -> Rejection? {
        do {
            _ = try shop.route(bytes)
            return nil
        } catch {
            return error
        }
    }

    private func rejection(_ text: String) -> Rejection? { rejection(Array(text.utf8)) }

    @Test func `that is missing or empty is rejected as such`() {
        #expect(rejection(nil)?.reason == .tombstone)
        #expect(rejection("")?.reason == .empty)
        #expect(rejection(" \n\t ")?.reason == .empty)
        #expect(rejection("\u{FEFF}")?.reason == .empty)
    }

    /// Each value is put into `{"type":"page","userId":"u","a":…}`.
    @Test(arguments: [
        "0", "-0", "-1.5E-7", "1e400", "123456789012345678901234567890.000", "true", "[]", "{}", "[[],{},[1]]", #""""#,
        #""\u0000\u001F\u007f""#, #""\ud83d""#, #""\/\\\"""#, "\"\u{7F}\u{80}\u{2028}\u{10FFFF}\"",
    ])
    func `is taken as JSON allows it`(value: String) throws {
        _ = try shop.route(#"{"type":"page","userId":"u","a":\#(value)}"#)
        _ = try shop.route(#" { "type" : "page" , "userId" : "u" , "a" : [ \#(value) ] } "# + "\n")
        _ = try shop.route("\u{FEFF}" + #"{"type":"page","userId":"u","a":\#(value)}"#)
    }

    @Test(arguments: [
        "01", "+1", "1.", ".5", "1e", "1e+", "-", "--1", "0x1", "1_000", "1 2", "Infinity", "NaN", "nul", "nulll",
        "True",
        "tru", "'x'", #""\x""#, #""\u12""#, #""\u12G4""#, #""\"#, #""a" "b""#, #""a"b"#, #"a"b""#, #"1"a""#, "[1,]",
        "[,1]",
        "[1 2]", "[1}", "[", "{", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{a:1}"#, #"{1:1}"#, #"{"a" 1}"#, #"{"a"::1}"#,
        "",
        "]", "}", ",", ":", "\"\u{1}\"", "\"a\nb\"", "\"\t\"", "/* x */ 1",
    ])
    func `is rejected where JSON does not allow it, wherever that stands`(value: String) {
        let known = ["]", "}", "{", "["].contains(value)
        for text in [
            #"{"type":"page","userId":"u","a":\#(value)}"#, #"{"a":[\#(value),1],"type":"page","userId":"u"}"#,
        ] {
            // An empty list counts as a list.
            guard let rejection = rejection(text) else {
                Issue.record("\(text) was taken.")
                continue
            }
            #expect(rejection.reason == .notJSON)
            #expect(known || rejection.byte != nil)
            #expect(rejection.byte.map { (0...text.utf8.count).contains($0) } == true)
        }
    }

    @Test(arguments: [
        (#"{"a":01}"#, 5), (#"{"a":"\x"}"#, 6), (#"{"a":"\u12"}"#, 6), ("{\"a\":\"\u{1}\"}", 6), (#"{"a":"b}"#, 5),
        (#"{"a" 1}"#, 5), (#"{"a":1 "b":2}"#, 7), (#"{"a":1,}"#, 7), (#"{"a":[1}"#, 7), (#"{"a":1"#, 6),
        (#"{"a":1} x"#, 8),
        (#"{"a":1}{"#, 7), (#"{"a":nul}"#, 5), ("\u{FEFF}{\"a\":nul}", 8), (#"{a}"#, 1),
    ])
    func `says at which byte it breaks`(text: String, byte: Int) {
        #expect(rejection(text)?.byte == byte)
        #expect(rejection(text)?.sentence.hasSuffix("(byte \(byte)).") == true)
    }

    @Test(
        arguments: [
            [0xFF], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80],
        ] as [[UInt8]])
    func `that is not UTF-8 is rejected at the byte`(bytes: [UInt8]) {
        let start = Array(#"{"type":"page","a":"é"#.utf8)
        let value = start + bytes + Array(#""}"#.utf8)
        #expect(rejection(value)?.reason == .notUTF8)
        #expect(rejection(value)?.byte == start.count)
    }

    @Test func `is nested at most 64 deep`() {
        func nested(_ count: Int, _ open: String, _ close: String) -> String {
            #"{"type":"page","userId":"u","a":"# + String(repeating: open, count: count)
                + (open == "[" ? "" : "1") + String(repeating: close, count: count) + "}"
        }
        #expect(rejection(nested(63, "[", "]")) == nil)
        #expect(rejection(nested(63, #"{"a":"#, "}")) == nil)
        #expect(rejection(nested(64, "[", "]"))?.reason == .tooDeep)
        #expect(rejection(nested(64, #"{"a":"#, "}"))?.reason == .tooDeep)
        #expect(rejection(String(repeating: "[", count: 1 << 20))?.reason == .tooDeep)
        #expect(rejection(String(repeating: "[", count: 7))?.reason == .notJSON)
    }

    @Test func `has at most a mebibyte, before and after`() {
        func event(_ count: Int) -> String {
            let start = #"{"type":"page","userId":"u","a":""#
            return start + String(repeating: "x", count: count - start.utf8.count - 2) + #""}"#
        }
        var shop = shop
        #expect(
            shop.reason(
                #"{"type":"page","userId":"u","messageId":"m","a":"\#(String(repeating: "x", count: 1 << 19))"}"#)
                == nil)
        #expect(shop.reason(event((1 << 20) + 1)) == .tooLarge)
        shop.settings.inputByteCountMax = 300
        #expect(shop.reason(event(300)) == .tooLarge)  // With its new message id.
        #expect(shop.reason(event(200)) == nil)
        shop.settings.hashKey = [1]
        let ids = (0..<20).map { #""\#($0)id":"a@b.c""# }.joined(separator: ",")
        #expect(shop.reason(#"{"type":"page","userId":"u","messageId":"m",\#(ids)}"#) == .tooLarge)
    }

    @Test func `with very many values is taken`() throws {
        let ones = String(repeating: "1,", count: 400_000) + "1"
        let start = #"{"type":"page","userId":"u","messageId":"m","a":["#
        #expect(try shop.route(start + ones + "]}").body == start + ones + "]}")
        let keys = (0..<50_000).map { #""k\#($0)":0"# }.joined(separator: ",")
        #expect(
            try shop.route(#"{"type":"page","userId":"u","messageId":"m",\#(keys)}"#).body.utf8.count == keys.utf8.count
                + 45)
    }
}

@Suite struct `A rejection` {
    private func rejection(_ text: String, _ change: (inout RouterSettings) -> Void = { _ in }) throws -> Rejection {
        do {
            _ = try RouterScenario(change).route(text)
        } catch {
            return error
        }
        throw NothingRejected()
    }

    private struct NothingRejected: Error {}

    @Test func `tells who must act what was found and what was expected`() throws {
        #expect(
            try rejection(#"{"type":"page","userId":"u","timestamp":"31\u002f12\n"}"#).description
                == "bad_time: `timestamp` is `31/12\u{FFFD}`; expected a time such as 2026-01-31T12:00:00.000Z, "
                + "or seconds or milliseconds since 1970.")
        #expect(
            try rejection(#"{"type":"page","userId":"u","timestamp":1}"#).sentence
                == "`timestamp` says 1970-01-01T00:00:01Z, which is before 1990-01-01.")
        #expect(
            try rejection(#"{"type":"page","userId":"u","timestamp":"2026-01-02T00:00:01Z"}"#).sentence
                == "`timestamp` says 2026-01-02T00:00:01Z, more than 24 hours ahead of the log's clock, which says "
                + "2026-01-01T00:00:00Z.")
        #expect(
            try rejection(#"{"type":{},"userId":"u"}"#).sentence
                == "`type` is an object; expected track, identify, page, screen, group or alias.")
        #expect(
            try rejection(#"{"type":"\#(String(repeating: "é", count: 100))"}"#).sentence
                == "`type` is `\(String(repeating: "é", count: 30))`… (200 bytes); "
                + "expected track, identify, page, screen, group or alias.")
    }

    @Test func `shows no mail address`() throws {
        for text in [#"{"type":"anna@shop.example"}"#, #"{"type":"page","timestamp":"anna\u0040shop.example"}"#] {
            let sentence = try rejection(text).sentence
            #expect(!sentence.contains("anna"))
            #expect(sentence.contains("a text of 17 bytes with a mail address in it"))
        }
    }

    @Test func `leaves the hash of the record behind, and can show it without personal data`() throws {
        var reader = StorefrontReader(settings: RouterScenario().settings)
        let text = #"{"type":"nonsense","traits":{"email":"anna@shop.example"},"userId":"u"}"#
        #expect(throws: Rejection.self) { try RouterScenario.route(Array(text.utf8), with: &reader) }
        // printf … | sha256sum
        #expect(reader.original.prefix(4).elementsEqual([0x5E, 0xC6, 0xC2, 0xC8]))
        let redacted = Array(text.utf8).withUnsafeBytes { bytes in
            reader.redacted(bytes).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(redacted == #"{"type":"nonsense","traits":{"email":true},"userId":"u"}"#)
        let broken = Array("{".utf8).withUnsafeBytes { reader.redacted($0) == nil }
        #expect(broken)
    }

    @Test func `is unwrapped from a schema registry's prefix, and Avro behind it is refused by that name`() throws {
        let event = Array(#"{"type":"track","event":"Signed Up","userId":"u1","messageId":"m1"}"#.utf8)
        let scenario = RouterScenario()
        let plain = try scenario.route(event)
        let wrapped = try scenario.route([0, 0, 0, 0, 7] + event)
        #expect((wrapped.subject, wrapped.body) == (plain.subject, plain.body))
        // The record is known by all its bytes.
        #expect(wrapped.original != plain.original)
        #expect(scenario.reason([0, 0, 0, 0, 7, 2, 14]) == .registryFormat)
        #expect(scenario.reason([0, 0, 0, 0, 7, 0x7B]) == .notJSON)
    }

    @Test func `has one of the documented codes`() {
        #expect(
            RejectionReason.allCases.map(\.rawValue) == [
                "tombstone", "empty", "too_large", "too_deep", "not_utf8", "not_json", "registry_format",
                "unknown_shape", "unknown_type", "no_subject", "id_too_long", "no_time", "bad_time", "too_early",
                "too_late", "missing_field",
                "unreadable_field", "not_allowed_here",
            ])
    }
}
