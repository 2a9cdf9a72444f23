import CustomerLifecycle
import Testing

@testable import Service

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
