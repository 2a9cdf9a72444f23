/// A day of the Gregorian calendar, in UTC unless an offset was added to the instant before.
package struct CivilDate: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01.
    package let dayNumber: Int64

    package init(dayNumber: Int64) { self.dayNumber = dayNumber }

    /// Fails unless the day exists. Years 0…9999.
    package init?(year: Int, month: Int, day: Int) {
        guard (0...9_999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
        // A year that begins in March ends with the leap day, and its months then have a regular length.
        let shiftedYear = Int64(month > 2 ? year : year - 1) + 400
        let shiftedMonth = Int64(month > 2 ? month - 3 : month + 9)
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + Int64(day) - 1
        let leapDays = shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400
        self.init(dayNumber: shiftedYear * 365 + leapDays + dayOfYear - Self.daysBeforeEpoch)
        guard (self.year, self.month, self.day) == (year, month, day) else { return nil }
    }

    /// All that a text with a year of four digits can say.
    package static let instants =
        Instant(milliseconds: -62_135_596_800_000)...Instant(milliseconds: 253_402_300_799_999)

    /// The day an instant falls on, and the time since its midnight; what lies outside years 1…9999 is clamped.
    package static func split(_ instant: Instant) -> (date: Self, time: Milliseconds) {
        let milliseconds = min(max(instant, instants.lowerBound), instants.upperBound).milliseconds
        let day = milliseconds >= 0 ? milliseconds / dayLength : (milliseconds - dayLength + 1) / dayLength
        return (Self(dayNumber: day), Milliseconds(milliseconds - day * dayLength))
    }

    static func lastDay(of year: Int) -> Self {
        Self(year: year + 1, month: 1, day: 1)?.adding(days: -1) ?? Self(dayNumber: .max / dayLength)
    }

    package var midnight: Instant { Instant(milliseconds: dayNumber * Self.dayLength) }
    package var year: Int { parts.year }
    package var month: Int { parts.month }
    package var day: Int { parts.day }
    package var startOfMonth: Self { Self(dayNumber: dayNumber - Int64(day) + 1) }
    /// 31 days after its first day a month is over, but the next one is not.
    package var startOfNextMonth: Self { Self(dayNumber: startOfMonth.dayNumber + 31).startOfMonth }
    package func adding(days: Int64) -> Self { Self(dayNumber: dayNumber + days) }

    /// 0 is Monday.
    package var weekday: Int { Int(((dayNumber + 3) % 7 + 7) % 7) }

    /// All three at once.
    package var parts: (year: Int, month: Int, day: Int) {
        let shifted = UInt64(bitPattern: dayNumber &+ Self.daysBeforeEpoch)
        let daysIn400Years = UInt64(Self.daysIn400Years)
        let era = shifted / daysIn400Years
        let dayOfEra = shifted &- era &* daysIn400Years
        let yearOfEra = (dayOfEra &- dayOfEra / 1_460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
        let shiftedMonth = (5 &* dayOfYear &+ 2) / 153
        let isAfterYearsEnd = shiftedMonth >= 10
        let month = isAfterYearsEnd ? shiftedMonth &- 9 : shiftedMonth &+ 3
        let day = dayOfYear &- (153 &* shiftedMonth &+ 2) / 5 &+ 1
        let year = Int(truncatingIfNeeded: yearOfEra &+ era &* 400) &- 400 &+ (isAfterYearsEnd ? 1 : 0)
        return (year, Int(truncatingIfNeeded: month), Int(truncatingIfNeeded: day))
    }

    package static func < (a: Self, b: Self) -> Bool { a.dayNumber < b.dayNumber }

    private static let dayLength: Int64 = 86_400_000
    /// The days from -0400-03-01 to 1970-01-01: a whole era early, so that no count is negative.
    private static let daysBeforeEpoch: Int64 = 719_468 + daysIn400Years
    private static let daysIn400Years: Int64 = 146_097
}
