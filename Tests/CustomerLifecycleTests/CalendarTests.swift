import CustomerLifecycle
import Testing

@Suite struct `The calendar` {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_735_689_600_123, "2025-01-01T00:00:00.123Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (1 << 62, "9999-12-31T23:59:59.999Z"), (-(1 << 62), "0001-01-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func `says instants in UTC with milliseconds, clamped to years of four digits`(milliseconds: Int64, text: String) {
        #expect(Instant(milliseconds: milliseconds).rfc3339 == text)
    }

    @Test(
        arguments: [
            (899_164_800_000, "1998-06-30T00:00:00Z"), (-500, "1969-12-31T23:59:59.500Z"),
            (1_709_251_199_007, "2024-02-29T23:59:59.007Z"),
        ] as [(Int64, String)])
    func `tells people milliseconds only where there are any`(milliseconds: Int64, text: String) {
        #expect(Instant(milliseconds: milliseconds).shortRFC3339 == text)
    }

    @Test func `counts every day of ten thousand years, and no other`() {
        var number = CivilDate(year: 0, month: 1, day: 1)?.dayNumber
        #expect(number == -719_528)
        for year in 0...9_999 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            for (index, length) in lengths.enumerated() {
                let first = CivilDate(year: year, month: index + 1, day: 1)
                let last = CivilDate(year: year, month: index + 1, day: length)
                guard let first, let last, first.dayNumber == number,
                    last.dayNumber == first.dayNumber + Int64(length) - 1,
                    CivilDate(dayNumber: last.dayNumber).parts == (year, index + 1, length)
                else {
                    Issue.record("\(year)-\(index + 1)")
                    return
                }
                #expect(CivilDate(year: year, month: index + 1, day: length + 1) == nil)
                number = last.dayNumber + 1
            }
        }
    }
}
