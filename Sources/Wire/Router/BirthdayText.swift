internal import CustomerLifecycle

/// Reads a month and a day from the forms in which shops send birthdays; the year is never kept.
enum BirthdayText {
    enum Reading: Equatable {
        case day(Birthday)
        /// An instant in UTC: the local date where it is midnight then, or no birthday.
        case instant(Int64)
    }

    static func read(_ bytes: UnsafeRawBufferPointer) -> Reading? {
        if let birthday = withoutYear(bytes) ?? dotted(bytes) { return .day(birthday) }
        guard let literal = TimeText.literal(bytes) else { return nil }
        switch literal.zone {
        case .none, .offset: return Birthday(month: literal.date.month, day: literal.date.day).map { .day($0) }
        case .utc: return .instant(literal.local)
        }
    }

    /// `--MM-DD`
    private static func withoutYear(_ bytes: UnsafeRawBufferPointer) -> Birthday? {
        var cursor = TextCursor(trimming: bytes)
        guard cursor.skip("--"), let month = cursor.digits(2), cursor.skip("-"), let day = cursor.digits(2),
            cursor.isAtEnd
        else { return nil }
        return Birthday(month: month, day: day)
    }

    /// `DD.MM.YYYY`
    private static func dotted(_ bytes: UnsafeRawBufferPointer) -> Birthday? {
        var cursor = TextCursor(trimming: bytes)
        guard let day = cursor.digits(2), cursor.skip("."), let month = cursor.digits(2), cursor.skip("."),
            let year = cursor.digits(4), cursor.isAtEnd, CivilDate(year: year, month: month, day: day) != nil
        else { return nil }
        return Birthday(month: month, day: day)
    }

    /// The date that begins in `zone` at that instant, nil being UTC.
    ///
    /// A table's first offset holds for all time before its second, which people are older than: there any of the
    /// zone's first offsets (winter's, summer's) may make it midnight.
    static func midnight(_ instant: Int64, in zone: ZoneTable?) -> Birthday? {
        guard let transitions = zone?.transitions, let first = transitions.first else {
            return day(ofLocal: instant)
        }
        var offset = first.offset
        for (number, transition) in transitions.enumerated() {
            let isBeforeTable = transitions.count > 1 && instant < transitions[1].at.milliseconds
            if isBeforeTable {
                guard number < 4 else { return nil }
                if let birthday = day(ofLocal: instant + transition.offset.count) { return birthday }
            } else if transition.at.milliseconds <= instant {
                offset = transition.offset
            }
        }
        return day(ofLocal: instant + offset.count)
    }

    private static func day(ofLocal milliseconds: Int64) -> Birthday? {
        guard milliseconds % 86_400_000 == 0 else { return nil }
        let date = CivilDate(dayNumber: milliseconds / 86_400_000)
        return Birthday(month: date.month, day: date.day)
    }
}
