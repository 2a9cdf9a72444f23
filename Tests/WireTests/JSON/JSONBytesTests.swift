import Testing

@testable import CustomerLifecycle
@testable import Wire

/// The fast writer must write the same as the plain one.
@Suite struct `Bytes of JSON` {
    @Test(arguments: UInt64(1)...40)
    func `are a text as JSON holds it, whatever its bytes`(seed: UInt64) {
        var random = SplitMix(seed)
        let pool = Array("abcXYZ019 -:_.\"\\/\n\t\0\u{1F}\u{7F}\u{FC}\u{1F600}".utf8) + [0xFF, 0xC3, 0x80, 0xED]
        for _ in 0..<400 {
            // Texts are mostly plain, so that escapes occur at every place of a word.
            let plain = random.next() % 3
            let text = (0..<random.next() % 40).map { _ in
                pool[Int(random.next() % UInt64(random.next() % 12 < plain ? pool.count : 13))]
            }
            var json = JSONWriter()
            json.value(String(decoding: text, as: UTF8.self))
            var bytes = ReusedBytes(capacity: 1)
            text.withUnsafeBytes { bytes.appendQuoted($0) }
            #expect(Array(bytes.bytes) == json.bytes, "seed \(seed): \(text)")
            guard let id = text.withUnsafeBytes({ BusinessID($0) }) else { continue }
            bytes.removeAll()
            bytes.appendQuoted(id)
            #expect(Array(bytes.bytes) == json.bytes, "seed \(seed): \(text)")
        }
    }

    @Test(arguments: UInt64(1)...10)
    func `are a number as it is written in decimal`(seed: UInt64) {
        var random = SplitMix(seed)
        for _ in 0..<400 { expect(Int64(bitPattern: random.next()) >> (random.next() % 64)) }
        for number in [0, 9, 10, 99, 100, 101, 999, 1_000, -1, -10, .max, .min] as [Int64] { expect(number) }
    }

    private func expect(_ number: Int64) {
        var bytes = ReusedBytes(capacity: 1)
        bytes.appendDecimal(number)
        #expect(String(decoding: bytes.bytes, as: UTF8.self) == "\(number)")
    }

    @Test(arguments: UInt64(1)...10)
    func `are an instant as it is written, however many were kept before`(seed: UInt64) {
        var random = SplitMix(seed)
        let texts = InstantTexts()
        let known = (0..<90).map { _ in
            Instant(milliseconds: Int64(random.next() % 300_000_000_000_000) - 60_000_000_000_000)
        }
        for _ in 0..<600 {
            let instant = known[Int(random.next() % UInt64(known.count))]
            #expect(String(decoding: texts[instant], as: UTF8.self) == instant.rfc3339, "seed \(seed)")
        }
        #expect(String(decoding: texts[Instant(milliseconds: 0)], as: UTF8.self) == "1970-01-01T00:00:00.000Z")
    }
}
