import CustomerLifecycle
import Processor
import Testing
import Wire

@testable import Files

@Suite struct `Events that stand one a line` {
    private static func event(_ fields: String, at time: String = "\"2024-01-01\"") -> String {
        "{\"type\":\"track\",\(fields),\"timestamp\":\(time)}"
    }

    @Test func `are lent as they stand`() throws {
        let lines = ["{\"userId\":\"b\", \"timestamp\":1}", "  {\"userId\":\"a\",\"timestamp\":1} "]
        var source = try NDJSONSource(lines: "\u{FEFF}\n" + lines.joined(separator: "\r\n") + "\r\n\n \t \n")
        #expect(source.file.rowCount == 2)
        #expect(try source.all() == [Lent(line: 3, json: lines[1]), Lent(line: 2, json: lines[0])])
    }

    /// The fields and the time of each event, and the order in which their lines are lent.
    struct Case {
        let events: [(fields: String, time: String)]
        let lines: [Int]

        init(_ events: [(fields: String, time: String)], _ lines: [Int]) {
            self.events = events
            self.lines = lines
        }
    }

    private static let cases: [Case] = [
        Case([(#""userId":"b""#, "1"), (#""userId":"a""#, "2"), (#""userId":"b""#, "0")], [2, 3, 1]),
        // Anonymous subjects differ from users of the same id, and come first.
        Case([(#""userId":"a""#, "1"), (#""anonymousId":"a""#, "2"), (#""userId":"a""#, "0")], [2, 3, 1]),
        Case([(#""userId":"a","anonymousId":"z""#, "2"), (#""anonymousId":"a","userId":"a""#, "1")], [2, 1]),
        // Texts that are no ids.
        Case([(#""userId":"Guest","anonymousId":"b""#, "2"), (#""userId":null,"anonymousId":"b""#, "1")], [2, 1]),
        Case([(#""userId":"","anonymousId":"b""#, "2"), (#""userId":true,"anonymousId":"b""#, "1")], [2, 1]),
        // One id, written in many ways.
        Case(
            [
                (#""userId":"42""#, "4"), (#""userId":42"#, "3"), (#""userId":" %2242%22""#, "2"),
                (#""userId":"\u0034\u0032""#, "1"),
            ], [4, 3, 2, 1]),
        // Times of all forms.
        Case(
            [
                (#""userId":"a""#, "\"2024-01-01T00:00:00.002Z\""), (#""userId":"a""#, "\"2024-01-01\""),
                (#""userId":"a""#, "1704067200001"), (#""userId":"a""#, "\"2024-01-01T01:59:59+02:00\""),
            ], [4, 2, 3, 1]),
        Case(
            [(#""userId":"a","originalTimestamp":5"#, "null"), (#""userId":"a","originalTimestamp":9"#, "4")], [2, 1]),
        // Events of the same time are ordered by the line's own text.
        Case([(#""userId":"a","x":2"#, "1"), (#""userId":"a","x":1"#, "1")], [2, 1]),
    ]

    @Test(arguments: cases)
    func `are sorted by subject and time`(given: Case) throws {
        let lines = given.events.map { Self.event($0.fields, at: $0.time) }
        var source = try NDJSONSource(lines: lines.joined(separator: "\n"))
        #expect(try source.all().map(\.line) == given.lines)
    }

    @Test(arguments: [
        "{", "not json", #"{"userId":"a"}"#, #"{"timestamp":1}"#, #"{"userId":"a","timestamp":"soon"}"#,
        #"{"userId":"a","timestamp":{}}"#, #"{"userId":["a"],"timestamp":1}"#, "\"text\"", "{}",
        #"{"userId":"a","timestamp":1}{"#, "\u{0}",
    ])
    func `keep their place where subject or time cannot be seen`(line: String) throws {
        let b = Self.event(#""userId":"b""#)
        let a = Self.event(#""userId":"a""#)
        var source = try NDJSONSource(lines: [b, line, a, line, line, b].joined(separator: "\n"))
        #expect(try source.all().map(\.line) == [3, 2, 1, 4, 5, 6])
        #expect(try source.all()[1].json == line)
    }

    @Test func `are not looked into beyond what the Router takes`() throws {
        let long = Self.event("\"userId\":\"a\",\"x\":\"\(String(repeating: "x", count: 1 << 20))\"")
        let far = Self.event("\"x\":\"\(String(repeating: "x", count: 70_000))\",\"userId\":\"a\"")
        var source = try NDJSONSource(lines: [far, long, Self.event(#""userId":"Z""#)].joined(separator: "\n"))
        #expect(try source.all().map(\.line) == [3, 2, 1])
    }

    @Test(arguments: [
        (" \n [{\"userId\":\"a\"},\n{}]", "is one JSON array", "jq -c '.[]'"),
        ("{\"batch\": [{\"userId\":\"a\"}]}\n", "is one JSON document", "jq -c '.batch[]'"),
        ("{\n  \"batch\" : [\n{}]}", "is one JSON document", "jq -c '.batch[]'"),
        ("{\n  \"userId\": \"a\"\n}\n{\n}", "is JSON over several lines", "jq -c '.'"),
    ])
    func `are not one JSON document, which is said with the command that mends it`(
        text: String, what: String, command: String
    ) {
        let error = #expect(throws: ImportError.self) { try NDJSONSource(lines: text) }
        #expect(error?.description.contains(what) == true && error?.description.contains(command) == true)
        #expect(error?.description.hasSuffix("> events.ndjson") == true)
    }

    @Test(arguments: UInt64(1)...40)
    func `come in one order however they are shuffled, each subject's in time order`(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let ids = [#""userId":"a""#, #""userId":"customer-1""#, #""userId":"customer-10""#, #""anonymousId":"\u0061""#]
        var lines = (0..<60).map { number in
            Self.event(
                "\(ids[Int.random(in: 0..<ids.count, using: &random)]),\"n\":\(number % 50)",
                at: "\(Int.random(in: 1...9, using: &random))")
        }
        let first = try Self.all(lines)
        lines.shuffle(using: &random)
        #expect(
            try Self.all(lines).map(\.json) == first.map(\.json),
            "seed \(seed)")
        var last: [String: Substring] = [:]
        for event in first {
            let id = ids.first { event.json.contains($0) } ?? ""
            let time = event.json.suffix(2)
            #expect(last[id].map { $0 <= time } ?? true, "seed \(seed)")
            last[id] = time
        }
    }

    private static func all(_ lines: [String]) throws -> [Lent] {
        var source = try NDJSONSource(lines: lines.joined(separator: "\n"))
        return try source.all()
    }

    @Test func `see the subjects and times that the Router sees`() throws {
        let lines = Self.hostile
        var reader = StorefrontReader(settings: RouterSettings(currency: try #require(Currency("EUR".utf8))))
        var glance = StorefrontGlance()
        var takenCount = 0
        for line in lines {
            let bytes = Array(line.utf8) + [UInt8](repeating: 0x20, count: 64)
            try bytes.withUnsafeBytes { padded in
                let value = UnsafeRawBufferPointer(rebasing: padded[..<line.utf8.count])
                let input = RouterInput(
                    value: value, kafkaTime: nil, clock: Instant(milliseconds: 1_900_000_000_000), mode: .backfill)
                guard let routed = try? reader.read(input) else { return }
                let seen = glance.look(at: value, zone: nil)
                let sight = try #require(seen, "\(line)")
                takenCount += 1
                #expect(Array((sight.isUser ? "u:" : "a:").utf8) + Array(sight.id) == Array(routed.subject), "\(line)")
                #expect(sight.time == routed.claimed, "\(line)")
            }
        }
        #expect(takenCount > lines.count / 3)
    }

    /// Every pairing of ids and times, of all sorts.
    private static let hostile: [String] = {
        let ids = [
            "\"a\"", "7", "-0", "0", "1.5", "null", "\"null\"", "\"\"", "\" x \"", "\"%22y%22\"", "true", "[]", "{}",
            "\"\\u00e9\\n\"", "\"a\\\"b\"", "\"'q'\"",
        ]
        let times = [
            "\"2024-01-01\"", "1704067200", "null", "\"x\"", "\"2024-01-01T00:00:00.123456Z\"", "1704067200123",
        ]
        return ids.flatMap { user in
            ids.prefix(6).flatMap { anonymous in
                times.flatMap { time in
                    ["null", "1704067201"].map { original in
                        "{\"type\":\"track\",\"event\":\"x\",\"userId\":\(user),\"anonymousId\":\(anonymous),"
                            + "\"timestamp\":\(time),\"originalTimestamp\":\(original)}"
                    }
                }
            }
        }
    }()
}
