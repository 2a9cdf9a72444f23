import CustomerLifecycle
import MappingLanguage
import Wire

/// A time as a shop's export writes it, read as far as one value can be: whether day or month stands first, or what a
/// number counts, its column as a whole says.
enum DateText {
    case literal(TimeText.Literal)
    /// `05/04/2025`: with the day first, with the month first. One of them is nil where it can only be the other.
    case numeric(dayFirst: TimeText.Literal?, monthFirst: TimeText.Literal?)
    /// A number: since 1970, of a spreadsheet, or digits of a date.
    case number(whole: Int64, text: ExactDecimal)

    /// Nil where the text is no time.
    init?(_ bytes: UnsafeRawBufferPointer) {
        let bytes = SheetText.unwrapped(bytes)
        if let literal = TimeText.literal(bytes) {
            self = .literal(literal)
        } else if let number = ExactDecimal(IDText.trimming(bytes), mark: UInt8(ascii: "."), grouping: nil) {
            let divisor = (0..<min(number.scale, 30)).reduce(Int128(1)) { power, _ in power * 10 }
            guard let whole = Int64(exactly: number.mantissa / divisor) else { return nil }
            self = .number(whole: whole, text: number)
        } else {
            var reader = DateReader(bytes)
            guard let reading = reader.read() else { return nil }
            self = reading
        }
    }
}

/// Reads dates in words and in numbers, with a time of day or without.
private struct DateReader {
    private var cursor: TextCursor

    init(_ bytes: UnsafeRawBufferPointer) { cursor = TextCursor(trimming: bytes) }

    mutating func read() -> DateText? {
        var dates: (day: CivilDate?, month: CivilDate?) = (nil, nil)
        var isOpen = false
        if let word = cursor.word() {
            if let month = Self.month(word) {
                guard let date = monthFirst(month) else { return nil }
                dates = (date, date)
            } else {
                // The day of the week says nothing that the date does not.
                guard Self.isWeekday(word) else { return nil }
                skipBlanks(and: ",")
                if let word = cursor.word() {
                    guard let month = Self.month(word), let date = monthFirst(month) else { return nil }
                    dates = (date, date)
                } else {
                    guard let read = numbersFirst() else { return nil }
                    (dates, isOpen) = read
                }
            }
        } else {
            guard let read = numbersFirst() else { return nil }
            (dates, isOpen) = read
        }
        guard let (time, zone) = timeAndZone() else { return nil }
        func literal(_ date: CivilDate?) -> TimeText.Literal? {
            date.map { TimeText.Literal(date: $0, timeOfDay: time, zone: zone) }
        }
        if isOpen {
            guard dates.day != nil || dates.month != nil else { return nil }
            return .numeric(dayFirst: literal(dates.day), monthFirst: literal(dates.month))
        }
        return literal(dates.day).map { .literal($0) }
    }

    // MARK: Dates

    /// `Dec 31, 2025`, behind the month.
    private mutating func monthFirst(_ month: Int) -> CivilDate? {
        skipBlanks(and: ".")
        guard let day = cursor.short() else { return nil }
        skipBlanks(and: ",")
        return year().flatMap { CivilDate(year: $0, month: month, day: day) }
    }

    private mutating func numbersFirst() -> ((CivilDate?, CivilDate?), isOpen: Bool)? {
        guard let first = cursor.number(atMost: 4) else { return nil }
        let mark = separator()
        if let word = cursor.word() {
            // `31 Dec 2025`, `31-Dec-25`
            guard first.count <= 2, let month = Self.month(word) else { return nil }
            _ = cursor.skip(".")
            _ = separator()
            _ = cursor.skip(",")
            skipBlanks(and: ",")
            guard let year = year() else { return nil }
            let date = CivilDate(year: year, month: month, day: first.value)
            return date.map { (($0, $0), false) }
        }
        guard let mark, let second = cursor.number(atMost: 2), cursor.skip(mark) else { return nil }
        if first.count == 4 {
            guard let third = cursor.number(atMost: 2) else { return nil }
            let date = CivilDate(year: first.value, month: second.value, day: third.value)
            return date.map { (($0, $0), false) }
        }
        guard first.count <= 2, let year = year() else { return nil }
        let dayFirst = CivilDate(year: year, month: second.value, day: first.value)
        // No country writes the month first and sets it apart by points.
        if mark == UInt8(ascii: ".") { return dayFirst.map { (($0, $0), false) } }
        return ((dayFirst, CivilDate(year: year, month: first.value, day: second.value)), true)
    }

    /// Four digits, or two of the years 1970 to 2069.
    private mutating func year() -> Int? {
        guard let number = cursor.number(atMost: 4) else { return nil }
        switch number.count {
        case 4: return number.value
        case 2: return number.value + (number.value < 70 ? 2000 : 1900)
        default: return nil
        }
    }

    private mutating func separator() -> UInt8? {
        for mark in [UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: ".")] where cursor.skip(mark) {
            while cursor.skip(" ") {}
            return mark
        }
        while cursor.skip(" ") {}
        return nil
    }

    private mutating func skipBlanks(and word: StaticString) {
        while cursor.skip(" ") || cursor.skip("\u{202F}") || cursor.skip("\u{A0}") || cursor.skip(word) {}
    }

    // MARK: Times

    mutating func timeAlone() -> (Int64, TimeText.Literal.Zone)? {
        guard !cursor.isAtEnd, let read = timeAndZone(), cursor.isAtEnd else { return nil }
        return read
    }

    private mutating func timeAndZone() -> (Int64, TimeText.Literal.Zone)? {
        skipBlanks(and: ",")
        if cursor.skip("at ") || cursor.skip("T") { skipBlanks(and: ",") }
        guard !cursor.isAtEnd else { return (0, .none) }
        guard let hour = cursor.short(), cursor.skip(":"), let minute = cursor.digits(2), minute < 60 else {
            return nil
        }
        var second = 0
        var fraction: Int64 = 0
        if cursor.skip(":") {
            guard let read = cursor.digits(2), read <= 60 else { return nil }
            second = read
            if cursor.skip(".") || cursor.skip(",") {
                guard let read = cursor.thousandths() else { return nil }
                fraction = read
            }
        }
        skipBlanks(and: ",")
        guard let hours = halfDay(hour) else { return nil }
        skipBlanks(and: ",")
        guard let zone = zone() else { return nil }
        return (Int64((hours * 60 + minute) * 60 + second) * 1_000 + fraction, zone)
    }

    /// The hour of the day. Magento writes the half of the day behind hours that count to 24.
    private mutating func halfDay(_ hour: Int) -> Int? {
        var isAfternoon: Bool?
        for word in ["AM", "am", "a.m.", "A.M."] as [StaticString] where cursor.skip(word) { isAfternoon = false }
        for word in ["PM", "pm", "p.m.", "P.M."] as [StaticString] where cursor.skip(word) { isAfternoon = true }
        guard hour < 24, let isAfternoon, (1...12).contains(hour) else {
            return hour < 24 && isAfternoon != (hour < 12) ? hour : nil
        }
        return hour % 12 + (isAfternoon ? 12 : 0)
    }

    private mutating func zone() -> TimeText.Literal.Zone? {
        if cursor.isAtEnd { return TimeText.Literal.Zone.none }
        let isInBrackets = cursor.skip("(")
        let zone: TimeText.Literal.Zone
        if let word = cursor.word() {
            if ["z", "utc", "gmt", "ut"].contains(word) {
                zone = offset() ?? .utc
            } else {
                // RFC 5322, 4.3
                let hours = ["est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7]
                guard let known = hours[word] else { return nil }
                zone = .offset(minutes: known * 60)
            }
        } else {
            guard let read = offset() else { return nil }
            zone = read
        }
        if isInBrackets, !cursor.skip(")") { return nil }
        // RFC 2822 lets a comment with the zone's name follow.
        skipBlanks(and: " ")
        if cursor.skip("(") {
            _ = cursor.word()
            guard cursor.skip(")") else { return nil }
        }
        return cursor.isAtEnd ? zone : nil
    }

    private mutating func offset() -> TimeText.Literal.Zone? {
        let isEast = cursor.skip("+")
        guard isEast || cursor.skip("-"), let hours = cursor.digits(2), hours < 24 else { return nil }
        _ = cursor.skip(":")
        let minutes = cursor.digits(2) ?? 0
        guard minutes < 60 else { return nil }
        return .offset(minutes: (isEast ? 1 : -1) * (hours * 60 + minutes))
    }

    // MARK: Words

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
    private static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    private static func month(_ word: String) -> Int? {
        if word == "sept" { return 9 }
        return months.firstIndex { $0 == word || $0.prefix(3) == word }.map { $0 + 1 }
    }

    private static func isWeekday(_ word: String) -> Bool {
        weekdays.contains { $0.hasPrefix(word) } && word.count >= 2
    }
}

extension TextCursor {
    /// One to `most` digits.
    fileprivate mutating func number(atMost most: Int) -> (value: Int, count: Int)? {
        for count in stride(from: most, through: 1, by: -1) {
            if let value = digits(count) { return (value, count) }
        }
        return nil
    }

    /// Letters, in small ones; nil where none stands here.
    fileprivate mutating func word() -> String? {
        let letters = remaining.prefix { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
        guard !letters.isEmpty else { return nil }
        let word = String(decoding: letters, as: UTF8.self)
        for byte in letters { _ = skip(byte) }
        return word.lowercased()
    }
}

extension DateText {
    /// Reads a time of day that stands alone; nil where it is none.
    static func timeOfDay(_ bytes: UnsafeRawBufferPointer) -> (timeOfDay: Int64, zone: TimeText.Literal.Zone)? {
        var reader = DateReader(bytes)
        return reader.timeAlone()
    }
}
