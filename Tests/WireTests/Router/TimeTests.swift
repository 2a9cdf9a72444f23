import CustomerLifecycle
import Testing
import Wire

@Suite struct `A time as text` {
    private func read(_ text: String, zone: ZoneTable? = nil) -> TimeText.Reading? {
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBytes { TimeText.read($0, zone: zone) }
    }

    @Test(
        arguments: [
            ("2026-01-31T12:00:00Z", 1_769_860_800_000, false),
            ("2026-01-31t12:00:00z", 1_769_860_800_000, false),
            ("2026-01-31T12:00:00.5Z", 1_769_860_800_500, false),
            ("2026-01-31T12:00:00.123456789Z", 1_769_860_800_123, false),
            ("2026-01-31T12:00:00,25Z", 1_769_860_800_250, false),
            ("2026-01-31T13:00:00+01:00", 1_769_860_800_000, false),
            ("2026-01-31T13:00:00+0100", 1_769_860_800_000, false),
            ("2026-01-31T13:00:00+01", 1_769_860_800_000, false),
            ("2026-01-31T06:30:00-05:30", 1_769_860_800_000, false),
            ("2026-01-31 12:00:00Z", 1_769_860_800_000, false),
            ("2026-01-31 12:00:00 UTC", 1_769_860_800_000, false),
            ("2026-01-31 12:00:00.000000", 1_769_860_800_000, true),
            ("2026-01-31T12:00", 1_769_860_800_000, true),
            (" 2026-01-31 ", 1_769_817_600_000, true),
            ("2026-01-31T11:59:60Z", 1_769_860_800_000, false),
            ("2024-02-29", 1_709_164_800_000, true),
            ("1769860800", 1_769_860_800_000, false),
            ("1769860800.25", 1_769_860_800_250, false),
            ("1769860800000", 1_769_860_800_000, false),
            ("99999999999", 99_999_999_999_000, false),
            ("100000000000", 100_000_000_000, false),
            ("0", 0, false),
            ("-1", -1_000, false),
            ("0000-01-01", -62_167_219_200_000, true),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999, false),
        ] as [(String, Int64, Bool)])
    func `is read`(text: String, milliseconds: Int64, isZoneAssumed: Bool) throws {
        let reading = try #require(read(text))
        #expect(reading.instant == Instant(milliseconds: milliseconds))
        #expect(reading.isZoneAssumed == isZoneAssumed)
    }

    @Test(arguments: [
        "", " ", "yesterday", "null", "2026-13-01", "2026-00-01", "2026-02-29", "2026-04-31", "2026-01-32", "2026-1-1",
        "26-01-01", "2026-01-31T", "2026-01-31T24:00:00Z", "2026-01-31T12:60:00Z", "2026-01-31T12:00:61Z",
        "2026-01-31T12:00:00.Z", "2026-01-31T12:00:00+1", "2026-01-31T12:00:00+01:60", "2026-01-31T12:00:00Zx",
        "2026-01-31T12:00:00 Berlin", "2026/01/31", "31.01.2026", "1e9", "1.", ".5", "--1", "1234567890123456",
        "2026-01-31T12:00:00Z\u{0}", "２０２６-01-31",
    ])
    func `is not guessed`(text: String) {
        #expect(read(text) == nil)
    }

    /// On 29 March 2026 clocks in Berlin jump from 2 to 3 o'clock, on 25 October back from 3 to 2.
    @Test(
        arguments: [
            ("2026-01-31T12:00:00", 1_769_857_200_000),
            ("2026-07-01T12:00:00", 1_782_900_000_000),
            ("2026-03-29T01:59:59", 1_774_745_999_000),
            ("2026-03-29T02:00:00", 1_774_746_000_000),
            ("2026-03-29T02:30:00", 1_774_746_000_000),
            ("2026-03-29T03:00:00", 1_774_746_000_000),
            ("2026-03-29T03:30:00", 1_774_747_800_000),
            ("2026-10-25T01:59:59", 1_792_886_399_000),
            ("2026-10-25T02:30:00", 1_792_888_200_000),
            ("2026-10-25T03:00:00", 1_792_893_600_000),
            ("1980-07-01", 331_254_000_000),
        ] as [(String, Int64)])
    func `without zone is the shop's, the earlier of two and the first after a gap`(text: String, expected: Int64) {
        #expect(read(text, zone: .berlin)?.instant == Instant(milliseconds: expected))
    }

    @Test func `with a zone does not care for the shop's`() {
        #expect(read("2026-07-01T12:00:00Z", zone: .berlin)?.instant == Instant(milliseconds: 1_782_907_200_000))
    }
}

@Suite struct `The claimed time` {
    private let now = RouterScenario.now

    private func routed(
        _ times: String, mode: RouterInput.Mode = .live, kafkaTime: Instant? = RouterScenario.now,
        zone: ZoneTable? = nil
    ) throws -> RouterScenario.Routed {
        var shop = RouterScenario { $0.zone = zone }
        shop.mode = mode
        shop.kafkaTime = kafkaTime
        return try shop.route(#"{"type":"page","userId":"C-1","messageId":"m1"\#(times)}"#)
    }

    @Test func `is the timestamp, else the original timestamp, else Kafka's time`() throws {
        let timestamp = #","timestamp":"2025-06-01T00:00:00Z""#
        let original = #","originalTimestamp":"2025-05-01T00:00:00Z""#
        let first = try routed(timestamp + original)
        #expect(first.claimed == Instant(milliseconds: 1_748_736_000_000))
        #expect(first.flags == [])
        let second = try routed(original)
        #expect(second.claimed == Instant(milliseconds: 1_746_057_600_000))
        #expect(second.flags == .originalTimestamp)
        #expect(try routed(#","timestamp":null"# + original).flags == .originalTimestamp)
        let third = try routed("")
        #expect(third.claimed == now)
        #expect(third.flags == .kafkaTime)
    }

    @Test func `is missed where Kafka has none either`() throws {
        do {
            _ = try routed("", kafkaTime: nil)
            Issue.record("A record without any time was taken.")
        } catch let error as Rejection {
            #expect(error.reason == .noTime)
        }
        #expect(try routed(#","timestamp":1700000000"#, kafkaTime: nil).received == now)
    }

    @Test(arguments: [#""yesterday""#, #""""#, "true", "{}", "[1700000000]", #""2025-02-30""#, "1e3", #""\u0031""#])
    func `is never looked for elsewhere where it is there and unreadable`(time: String) {
        let shop = RouterScenario()
        let good = #""timestamp":1700000000"#
        let event = #"{"type":"page","userId":"C-1","#
        if time != #""\u0031""# {
            #expect(shop.reason(event + #""timestamp":\#(time),"originalTimestamp":1700000000}"#) == .badTime)
            #expect(shop.reason(event + #""originalTimestamp":\#(time)}"#) == .badTime)
        }
        // A time that is not needed does no harm.
        #expect(
            shop.reason(event + good + #","originalTimestamp":\#(time),"sentAt":\#(time),"receivedAt":\#(time)}"#)
                == nil)
    }

    @Test func `counts in the shop's zone where it has none, and says so`() throws {
        let berlin = try routed(#","timestamp":"2025-06-01 00:00:00""#, zone: .berlin)
        #expect(berlin.claimed == Instant(milliseconds: 1_748_736_000_000 - 3_600_000))
        #expect(berlin.flags == .zoneAssumed)
        #expect(try routed(#","timestamp":"2025-06-01""#).flags == .zoneAssumed)
    }

    @Test(
        arguments: [
            (#""1989-12-31T23:59:59.999Z""#, RejectionReason.tooEarly), ("-1", .tooEarly), ("0", .tooEarly),
            ("631152000", nil), ("1767311999", nil), ("1767312000", nil), ("1767312000.001", .tooLate),
            ("999999999999999", .tooLate), (#""9999-12-31""#, .tooLate),
        ] as [(String, RejectionReason?)])
    func `lies between 1990 and a day ahead of the broker's clock`(time: String, reason: RejectionReason?) {
        #expect(RouterScenario().reason(#"{"type":"page","userId":"C-1","timestamp":\#(time)}"#) == reason)
    }

    /// The arguments are (timestamp, sentAt, receivedAt) in seconds after 2026-01-01 12:00:00, and the claimed time
    /// that results.
    @Test(
        arguments: [
            (0, 400, 10, -390, true),
            (0, 311, 10, -301, true),
            (0, 310, 10, 0, false),
            (0, 5, 10, 0, false),
            (-400, 0, 86_400, -400, false),
        ] as [(Int, Int, Int, Int, Bool)])
    func `of a clock that runs ahead is set back by as much`(
        timestamp: Int, sent: Int, received: Int, expected: Int, isCorrected: Bool
    ) throws {
        let noon = 1_767_225_600 - 43_200
        let times =
            #","timestamp":\#(noon + timestamp),"sentAt":\#(noon + sent),"receivedAt":\#(noon + received)"#
        let live = try routed(times)
        #expect(live.claimed == Instant(milliseconds: Int64(noon + expected) * 1_000))
        #expect(live.flags == (isCorrected ? .skewCorrected : []))
        #expect(live.received == Instant(milliseconds: Int64(noon + received) * 1_000))
        // The clocks of an archive cannot be compared any more, and a pipeline that kept the original has corrected it.
        let uncorrected = Instant(milliseconds: Int64(noon + timestamp) * 1_000)
        let archived = try routed(times, mode: .backfill)
        #expect(archived.claimed == uncorrected)
        #expect(archived.flags == .backfill)
        let corrected = try routed(times + #","originalTimestamp":\#(noon + timestamp + 7)"#)
        #expect(corrected.claimed == uncorrected)
        #expect(corrected.flags == [])
    }

    @Test func `of the original timestamp alone is set back too`() throws {
        let routed = try routed(
            #","originalTimestamp":1767180000,"sentAt":1767190000,"receivedAt":1767180000"#)
        #expect(routed.claimed == Instant(milliseconds: 1_767_170_000_000))
        #expect(routed.flags == [.originalTimestamp, .skewCorrected])
    }

    @Test func `that is Kafka's is not set back`() throws {
        let routed = try routed(#","sentAt":1767190000,"receivedAt":1767180000"#)
        #expect(routed.claimed == now)
        #expect(routed.flags == .kafkaTime)
    }

    @Test func `of reception is the collector's, else Kafka's; unreadable ones are counted and left out`() throws {
        #expect(try routed("").received == now)
        #expect(
            try routed(#","receivedAt":"2025-06-01T00:00:00Z""#).received == Instant(milliseconds: 1_748_736_000_000))
        let unreadable = try routed(#","receivedAt":"soon","sentAt":{}"#)
        #expect(unreadable.received == now)
        #expect(unreadable.unreadable == [.receivedAt, .sentAt])
    }

    @Test func `stays in the body, the delivery's times do not`() throws {
        let routed = try routed(#","timestamp":1700000000,"originalTimestamp":"2023-01-01","sentAt":1,"receivedAt":2"#)
        #expect(
            routed.body
                == #"{"type":"page","userId":"C-1","messageId":"m1","timestamp":1700000000,"originalTimestamp":"2023-01-01"}"#
        )
    }
}
