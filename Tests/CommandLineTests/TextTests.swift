import Testing

@testable import CommandLine

@Suite struct `Numbers for people` {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567"), (Int.min, "-9,223,372,036,854,775,808"),
    ])
    func `have commas between thousands`(number: Int, text: String) {
        #expect(Grouped(number).description == text)
    }

    @Test(arguments: [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (1_000, "1,000 rows"), (-1, "-1 rows")])
    func `stand before a noun in the right number`(count: Int, text: String) {
        #expect(Counted(count, "row").description == text)
    }

    @Test(arguments: [
        (0, "0"), (874.4, "874"), (999.4, "999"), (999.6, "1.00 k"), (12_345, "12.3 k"), (9_996, "10.0 k"),
        (999_600, "1.00 M"), (1_204_000, "1.20 M"), (.infinity, "–"), (.nan, "–"), (-1, "0"),
    ])
    func `are rough where a rate is meant`(number: Double, text: String) {
        #expect(Rough(number).description == text)
    }
}

@Suite struct `The width of a text` {
    @Test(arguments: [
        ("at_risk", 7), ("Zoë", 3), ("Zoe\u{308}", 3), ("東京", 4), ("👩‍👩‍👧", 2), ("🇫🇷", 2), ("❤️", 2), ("é…█", 3), ("ｶ", 1),
        ("", 0),
    ])
    func `is counted in columns`(text: String, columnCount: Int) {
        #expect(TextWidth.columnCount(of: text) == columnCount)
    }

    @Test(arguments: [("customer", 5, "cust…"), ("東京都", 4, "東…"), ("abc", 3, "abc"), ("abc", 0, ""), ("東", 1, "…")])
    func `is cut with a mark`(text: String, count: Int, cut: String) {
        #expect(TextWidth.cut(text, to: count) == cut)
        #expect(TextWidth.columnCount(of: TextWidth.cut(text, to: count)) <= max(count, 0))
    }

    @Test(arguments: [
        ("a\u{1B}[31mb", "a\\u{1b}[31mb"), ("a\u{202E}b", "a\\u{202e}b"), ("Zoë 👩‍👧", "Zoë 👩‍👧"),
        ("a\r\nb", "a\\u{d}\\u{a}b"),
    ])
    func `knows no control characters`(text: String, printable: String) {
        #expect(Printable(text).description == printable)
    }
}
