import Testing

@testable import Wire

@Suite struct `Escapes` {
    @Test(arguments: [
        ("", ""), ("plain ü", "plain ü"), (#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#"\u0041\u00e9\u20AC"#, "Aé€"),
        (#"\ud83d\ude0d"#, "😍"), (#"a\ud83db"#, "a\u{FFFD}b"), (#"\ude0d"#, "\u{FFFD}"),
        (#"\ud83d\ud83d\ude0d"#, "\u{FFFD}😍"),
        (#"\ud83d\n"#, "\u{FFFD}\n"), (#"\ud83d"#, "\u{FFFD}"), (#"\ud83d\u0041"#, "\u{FFFD}A"), (#"\u0000"#, "\0"),
        (#"\udbff\udfff"#, "\u{10FFFF}"),
    ])
    func `become what they stand for`(written: String, meant: String) {
        #expect(resolved(written) == meant)
    }

    @Test(arguments: [#"\"#, #"\x"#, #"\u"#, #"\u12"#, #"\u12g4"#, #"abc\u00"#])
    func `that are none make a text unreadable`(written: String) {
        #expect(resolved(written) == nil)
    }

    private func resolved(_ text: String) -> String? {
        Array(text.utf8).withUnsafeBytes { source in
            withUnsafeTemporaryAllocation(byteCount: max(1, source.count), alignment: 1) { target in
                JSONEscapes.resolve(source, into: target).map { String(decoding: target[..<$0], as: UTF8.self) }
            }
        }
    }
}
