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

    @Test(arguments: UInt64(1)...20)
    func `instants are read back as they were written`(seed: UInt64) {
        var random = SplitMix(seed)
        for _ in 0..<200 {
            let instant = Instant(milliseconds: Int64(random.next() % 300_000_000_000_000) - 60_000_000_000_000)
            #expect(read(instant.rfc3339) == instant, "seed \(seed)")
        }
    }

    private func read(_ text: String) -> Instant? {
        Array(text.utf8).withUnsafeBytes { TimeText.parse($0, zone: nil) }
    }
}
