import CustomerLifecycle
import Testing

@testable import lifecycle

@Suite struct `An instant on the command line` {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1998-06-30", 899_164_800_000), ("1998-06-30T00:00:00Z", 899_164_800_000),
        ("1998-06-30T02:00:00+02:00", 899_164_800_000), ("1998-06-29 22:30-01:30", 899_164_800_000),
        ("2024-02-29T23:59:59.9999Z", 1_709_251_199_999), ("1969-12-31T23:59:59.5Z", -500),
        ("0001-01-01", -62_135_596_800_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ])
    func `is read`(text: String, milliseconds: Int64) {
        #expect(InstantText.read(text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "now", "1998-02-29", "1900-02-29", "1998-13-01", "1998-00-10", "1998-6-30", "1998-06-30T24:00:00Z",
        "1998-06-30T00:00:00", "1998-06-30T00:00:00.Z", "1998-06-30T00:00:60Z", "1998-06-30Z", "1998-06-30T00:00:00Zx",
        "0000-01-01", "١٩٩٨-٠٦-٣٠", "1998-06-30T00:00:00+2",
    ])
    func `is refused where a reader could be mistaken`(text: String) {
        #expect(InstantText.read(text) == nil)
    }

    @Test(arguments: [
        (899_164_800_000, "1998-06-30T00:00:00Z"), (-500, "1969-12-31T23:59:59.500Z"),
        (1_709_251_199_007, "2024-02-29T23:59:59.007Z"),
    ])
    func `is written`(milliseconds: Int64, text: String) {
        #expect(InstantText.write(Instant(milliseconds: milliseconds)) == text)
    }

    @Test func `is read again as it was written, on every day of a thousand years`() {
        for day in stride(from: Int64(-200_000), to: 200_000, by: 37) {
            let instant = CivilDate(dayNumber: day).midnight + Milliseconds(1)
            #expect(InstantText.read(InstantText.write(instant)) == instant)
        }
    }

    @Test func `falls on the weekday it had`() {
        #expect(CivilDate(year: 1998, month: 6, day: 30)?.weekday == 1)
        #expect(CivilDate(year: 1969, month: 12, day: 28)?.weekday == 6)
    }
}

@Suite struct `Numbers for people` {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567"), (Int.min, "-9,223,372,036,854,775,808"),
    ])
    func `have commas between thousands`(number: Int, text: String) {
        #expect(Grouped(number).description == text)
    }

    @Test(arguments: [
        (Milliseconds(0), "0 seconds"), (Milliseconds(999), "0 seconds"), (.seconds(1), "1 second"),
        (.minutes(90), "1 hour"), (.hours(47), "1 day"), (.days(91), "91 days"), (Milliseconds(-86_400_000), "-1 day"),
        (Milliseconds(.min), "-106,751,991,167 days"),
    ])
    func `say how long in whole units`(length: Milliseconds, text: String) {
        #expect(Lasting(length).description == text)
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
