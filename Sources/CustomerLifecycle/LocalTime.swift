/// Local times and instants, by the table of a zone. Steps on calendar days, birthdays and quiet hours need them, and
/// nothing else does: all other time is exact.
extension ZoneTable {
    /// Local time minus UTC at an instant.
    func offset(at instant: Instant) -> Milliseconds { transitions[place(of: instant)].offset }

    /// The day on a calendar that hangs there.
    package func date(at instant: Instant) -> CivilDate { CivilDate.split(instant + offset(at: instant)).date }

    /// The time since that day's local midnight, as clocks there show it.
    package func timeOfDay(at instant: Instant) -> Milliseconds {
        CivilDate.split(instant + offset(at: instant)).time
    }

    /// The instant at which clocks show this time of that day: of a time that comes twice the earlier one, of a time
    /// that is skipped the first instant behind the gap.
    package func instant(on date: CivilDate, at time: Milliseconds) -> Instant {
        let local = date.midnight + time
        let last = place(of: local + Self.offsetMax)
        var place = place(of: local - Self.offsetMax)
        while place < last {
            let change = transitions[place + 1].at
            // The clocks of this part show it before the next part begins, or it lies in the gap between the two.
            if local < change + transitions[place].offset { break }
            if local < change + transitions[place + 1].offset { return change }
            place += 1
        }
        return local - transitions[place].offset
    }

    /// No offset is longer; no law knows one of more than 16 hours.
    private static let offsetMax = Milliseconds.days(1)

    /// Index of the transition that holds at the instant.
    private func place(of instant: Instant) -> Int {
        var (low, high) = (0, transitions.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if transitions[middle].at <= instant { low = middle } else { high = middle }
        }
        return low
    }

    /// The first change of the clocks after an instant; nil behind the last.
    private func change(after instant: Instant) -> Instant? {
        let next = place(of: instant) + 1
        return transitions.indices.contains(next) ? transitions[next].at : nil
    }
}

/// From when to when nobody is to be disturbed, by local clocks, each night or each day anew: from the first time on,
/// before the second. Nothing is quiet where both are the same.
package struct QuietHours: Equatable, Sendable {
    /// Since local midnight, less than a day.
    package let start: Milliseconds
    package let end: Milliseconds

    package init(start: Milliseconds, end: Milliseconds) {
        self.start = start
        self.end = end
    }

    package func contain(_ instant: Instant, in zone: ZoneTable) -> Bool {
        let time = zone.timeOfDay(at: instant)
        return start <= end ? time >= start && time < end : time >= start || time < end
    }
}

extension ZoneTable {
    /// The first instant from this one on that is not quiet.
    package func end(of hours: QuietHours, from instant: Instant) -> Instant {
        var instant = instant
        while hours.contain(instant, in: self) {
            let today = date(at: instant)
            // What the clocks skip may be the end itself, so a change of the clocks is looked at, too.
            let ends = (0...2).map { self.instant(on: today.adding(days: $0), at: hours.end) }.filter { $0 > instant }
            guard let next = (ends + [change(after: instant)].compactMap(\.self)).min() else { return instant }
            instant = next
        }
        return instant
    }

    /// The first instant after another that lies `days` days after a birthday, at a time of that day. Who was born on
    /// 29 February celebrates on the 28th in other years.
    package func instant(
        _ days: Int64, daysAfter birthday: Birthday, at time: Milliseconds, after instant: Instant
    ) -> Instant {
        let year = date(at: instant - .days(days)).year
        for year in year - 1...year + 2 {
            guard let day = birthday.date(in: year) else { continue }
            let found = self.instant(on: day.adding(days: days), at: time)
            if found > instant { return found }
        }
        return .never
    }
}

extension Birthday {
    /// The day it is celebrated on in a year.
    package func date(in year: Int) -> CivilDate? {
        CivilDate(year: year, month: Int(month), day: Int(day))
            ?? CivilDate(year: year, month: Int(month), day: Int(day) - 1)
    }
}
