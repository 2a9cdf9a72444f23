internal import CustomerLifecycle

/// A day of the proleptic Gregorian calendar that exists; years 0 to 9999.
struct CalendarDay: Equatable {
    let year: Int
    let month: Int
    let day: Int

    /// Nil unless there is such a day.
    init?(year: Int, month: Int, day: Int) {
        guard (0...9_999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let longest = month == 2 ? (isLeap ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
        guard day <= longest else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Counted in years that begin on 1 March, so that the leap day is the last of its year.
    init(daysSince1970 days: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSince1970: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// What a clock on the wall shows, in milliseconds as if it were UTC.
struct LocalTime: Equatable {
    let milliseconds: Int64

    /// A time that stands twice on that clock is the earlier one; one that is skipped is the first after the gap.
    func instant(in zone: ZoneTable?) -> Instant {
        guard let zone, !zone.transitions.isEmpty else { return Instant(milliseconds: milliseconds) }
        let transitions = zone.transitions
        var low = 0
        var high = transitions.count - 1
        while low < high {
            let middle = (low + high) / 2
            let end = transitions[middle + 1].at + transitions[middle].offset
            if milliseconds < end.milliseconds { high = middle } else { low = middle + 1 }
        }
        let instant = Instant(milliseconds: milliseconds) - transitions[low].offset
        return low == 0 ? instant : max(instant, transitions[low].at)
    }
}
