package import CustomerLifecycle

/// Reads the times that shops send: RFC 3339 with any number of decimals; a blank for `T`, no seconds, no zone or a
/// bare date; seconds (below 10^11) or milliseconds since 1970, as a number or as text.
package enum TimeText {
    /// A time, and whether its zone had to be assumed.
    package struct Reading: Equatable, Sendable {
        package let instant: Instant
        package let isZoneAssumed: Bool
    }

    /// The same for a text that names its zone, or else is meant in UTC.
    package static func parse(_ text: String) -> Instant? {
        var text = text
        return text.withUTF8 { parse(UnsafeRawBufferPointer($0), zone: nil) }
    }

    /// Returns the instant; nil where the bytes are no time. Local times count in `zone`, nil being UTC.
    package static func parse(_ bytes: UnsafeRawBufferPointer, zone: ZoneTable?) -> Instant? {
        read(bytes, zone: zone)?.instant
    }

    package static func read(_ bytes: UnsafeRawBufferPointer, zone: ZoneTable?) -> Reading? {
        guard let text = literal(bytes) else { return count(bytes) }
        return Reading(instant: text.instant(in: zone), isZoneAssumed: text.zone == .none)
    }

    /// What a text says literally, before any zone is applied.
    package struct Literal: Equatable, Sendable {
        package enum Zone: Equatable, Sendable {
            case utc
            case offset(minutes: Int)
            case none
        }

        package var date: CivilDate
        /// Milliseconds since midnight.
        package var timeOfDay: Int64
        package var zone: Zone

        package init(date: CivilDate, timeOfDay: Int64 = 0, zone: Zone = .none) {
            self.date = date
            self.timeOfDay = timeOfDay
            self.zone = zone
        }

        /// A time that names no zone counts in `zone`, or in UTC where that is nil.
        package func instant(in zone: ZoneTable?) -> Instant {
            switch self.zone {
            case .offset(let minutes): Instant(milliseconds: local - Int64(minutes) * 60_000)
            case .utc: Instant(milliseconds: local)
            case .none: LocalTime(milliseconds: local).instant(in: zone)
            }
        }

        var local: Int64 { date.midnight.milliseconds + timeOfDay }
    }

    /// Returns what is written; nil unless it is a date, or a date and a time.
    package static func literal(_ bytes: UnsafeRawBufferPointer) -> Literal? {
        var cursor = TextCursor(trimming: bytes)
        guard let year = cursor.digits(4), cursor.skip("-"), let month = cursor.digits(2), cursor.skip("-"),
            let day = cursor.digits(2), let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        var literal = Literal(date: date)
        if cursor.isAtEnd { return literal }
        guard cursor.skip("T") || cursor.skip("t") || cursor.skip(" "), let time = timeOfDay(&cursor) else {
            return nil
        }
        literal.timeOfDay = time
        guard let zone = zone(&cursor), cursor.isAtEnd else { return nil }
        literal.zone = zone
        return literal
    }

    /// Decimals beyond the millisecond are cut off. A leap second is the next minute's first.
    private static func timeOfDay(_ cursor: inout TextCursor) -> Int64? {
        guard let hour = cursor.digits(2), hour < 24, cursor.skip(":"), let minute = cursor.digits(2), minute < 60
        else {
            return nil
        }
        let minutes = Int64(hour * 60 + minute)
        guard cursor.skip(":") else { return minutes * 60_000 }
        guard let second = cursor.digits(2), second <= 60 else { return nil }
        var milliseconds = (minutes * 60 + Int64(second)) * 1_000
        if cursor.skip(".") || cursor.skip(",") {
            guard let fraction = cursor.thousandths() else { return nil }
            milliseconds += fraction
        }
        return milliseconds
    }

    private static func zone(_ cursor: inout TextCursor) -> Literal.Zone? {
        if cursor.isAtEnd { return Literal.Zone.none }
        _ = cursor.skip(" ")
        if cursor.skip("Z") || cursor.skip("z") || cursor.skip("UTC") { return .utc }
        let isEast = cursor.skip("+")
        guard isEast || cursor.skip("-"), let hours = cursor.digits(2), hours < 24 else { return nil }
        if cursor.isAtEnd { return .offset(minutes: isEast ? hours * 60 : -hours * 60) }
        _ = cursor.skip(":")
        guard let minutes = cursor.digits(2), minutes < 60 else { return nil }
        let offset = hours * 60 + minutes
        return .offset(minutes: isEast ? offset : -offset)
    }

    /// Seconds or milliseconds since 1970; decimals may follow.
    private static func count(_ bytes: UnsafeRawBufferPointer) -> Reading? {
        var cursor = TextCursor(trimming: bytes)
        let isNegative = cursor.skip("-")
        guard let whole = cursor.integer() else { return nil }
        var thousandths: Int64 = 0
        if cursor.skip(".") {
            guard let fraction = cursor.thousandths() else { return nil }
            thousandths = fraction
        }
        guard cursor.isAtEnd else { return nil }
        let milliseconds = whole < 100_000_000_000 ? whole * 1_000 + thousandths : whole
        return Reading(instant: Instant(milliseconds: isNegative ? -milliseconds : milliseconds), isZoneAssumed: false)
    }
}

/// Reads a short ASCII text from left to right, without blanks at its ends.
package struct TextCursor {
    private let bytes: UnsafeRawBufferPointer
    private var next = 0
    private var end: Int

    package init(trimming bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        end = bytes.count
        while next < end, bytes[next].isASCIIBlank { next += 1 }
        while next < end, bytes[end - 1].isASCIIBlank { end -= 1 }
    }

    package var isAtEnd: Bool { next == end }

    package var remaining: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[next..<end]) }

    package mutating func skip(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard end - next >= count else { return false }
        for place in 0..<count where bytes[next + place] != word.utf8Start[place] { return false }
        next += count
        return true
    }

    package mutating func skip(_ byte: UInt8) -> Bool {
        guard next < end, bytes[next] == byte else { return false }
        next += 1
        return true
    }

    /// One digit or two.
    package mutating func short() -> Int? {
        guard let first = takeDigit() else { return nil }
        return Int(takeDigit().map { first * 10 + $0 } ?? first)
    }

    /// Exactly `count` digits.
    package mutating func digits(_ count: Int) -> Int? {
        guard end - next >= count else { return nil }
        var value = 0
        for place in next..<next + count {
            guard bytes[place].isASCIIDigit else { return nil }
            value = value * 10 + Int(bytes[place] & 0x0F)
        }
        next += count
        return value
    }

    /// One to fifteen digits.
    package mutating func integer() -> Int64? {
        var value: Int64 = 0
        let start = next
        while let digit = takeDigit() {
            guard next - start <= 15 else { return nil }
            value = value * 10 + digit
        }
        return next > start ? value : nil
    }

    /// One or more digits behind a decimal point, as thousandths, the rest cut off.
    package mutating func thousandths() -> Int64? {
        var value: Int64 = 0
        let start = next
        while let digit = takeDigit() {
            if next - start <= 3 { value = value * 10 + digit }
        }
        switch next - start {
        case 0: return nil
        case 1: return value * 100
        case 2: return value * 10
        default: return value
        }
    }

    private mutating func takeDigit() -> Int64? {
        guard next < end, bytes[next].isASCIIDigit else { return nil }
        defer { next += 1 }
        return Int64(bytes[next] & 0x0F)
    }
}
