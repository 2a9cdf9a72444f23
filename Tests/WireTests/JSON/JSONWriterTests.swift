import CustomerLifecycle
import Testing

@testable import Wire

@Suite struct `JSON` {
    @Test func `is written with commas and nesting in place`() {
        var json = JSONWriter()
        json.beginObject()
        json.member("a", 1)
        json.member("b", "x")
        json.member("c", Bool?.none)
        json.object("d") { $0.member("e", true) }
        json.array("f", [1, 2]) { $0.value($1) }
        json.array("g", [Int]()) { $0.value($1) }
        json.object("h") { _ in }
        json.member("i", Int64.min)
        json.endObject()
        #expect(
            json.text
                == #"{"a":1,"b":"x","c":null,"d":{"e":true},"f":[1,2],"g":[],"h":{},"i":-9223372036854775808}"#)
    }

    @Test(arguments: [
        ("plain ü 😍", #""plain ü 😍""#), ("\"\\", #""\"\\""#), ("\n\r\t", #""\n\r\t""#),
        ("\0\u{1}\u{1F}\u{7F}", "\"\\u0000\\u0001\\u001f\u{7F}\""),
        ("</script>", #""</script>""#),
    ])
    func `escapes what must be escaped and nothing else`(text: String, written: String) {
        var json = JSONWriter()
        json.value(text)
        #expect(json.text == written)
    }

    @Test func `of many documents has one a line`() {
        var json = JSONWriter()
        for number in 1...2 {
            json.beginObject()
            json.member("n", number)
            json.endObject()
            json.endLine()
        }
        #expect(json.text == "{\"n\":1}\n{\"n\":2}\n")
        json.removeAll()
        #expect(json.bytes.isEmpty)
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_735_689_600_123, "2025-01-01T00:00:00.123Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (1 << 62, "9999-12-31T23:59:59.999Z"), (-(1 << 62), "0001-01-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func `says instants in UTC with milliseconds`(milliseconds: Int64, text: String) {
        #expect(Instant(milliseconds: milliseconds).rfc3339 == text)
    }

    @Test(arguments: UInt64(1)...20)
    func `instants are read back as they were written`(seed: UInt64) {
        var random = SplitMix(seed)
        for _ in 0..<200 {
            let instant = Instant(milliseconds: Int64(random.next() % 300_000_000_000_000) - 60_000_000_000_000)
            #expect(read(instant.rfc3339) == instant, "seed \(seed)")
        }
    }

    @Test(arguments: [
        "", "2025", "2025-1-01T00:00:00Z", "2025-02-29T00:00:00Z", "2025-13-01T00:00:00Z", "2025-01-01T24:00:00Z",
        "2025-01-01T00:60:00Z", "2025-01-01T00:00:00", "2025-01-01T00:00Z", "2025-01-01T00:00:00.Z",
        "2025-01-01T00:00:00+1:00",
        "2025-01-01T00:00:00+24:00", "2025-01-01T00:00:00Zx", "٢٠٢٥-01-01T00:00:00Z",
    ])
    func `instants that are none are not read`(text: String) {
        #expect(read(text) == nil)
    }

    private func read(_ text: String) -> Instant? {
        Array(text.utf8).withUnsafeBytes { Instant(rfc3339: $0) }
    }
}
