package import CustomerLifecycle

/// How a record writes a time. What is not stated is not guessed: a time that names no zone needs one here.
package struct MappedTime: Sendable {
    package enum Writing: Sendable {
        /// RFC 3339, or that without a zone or without a time of day.
        case rfc3339
        case epoch(EpochUnit)
        case pattern([DatePiece])
    }

    package var writing = Writing.rfc3339
    /// The zone of times that name none.
    package var zone: ZoneTable?

    package init() {}

    /// Reads a time; nil where the text has another form, or names no zone and none is stated.
    func read(_ text: UnsafeRawBufferPointer) -> Instant? {
        switch writing {
        case .rfc3339:
            guard let literal = TimeText.literal(text) else { return nil }
            return instant(literal)
        case .epoch(let unit):
            guard let milliseconds = unit.milliseconds(text) else { return nil }
            return zone.map { LocalTime(milliseconds: milliseconds).instant(in: $0) }
                ?? Instant(milliseconds: milliseconds)
        case .pattern(let pieces):
            guard let literal = DatePiece.read(text, as: pieces) else { return nil }
            return instant(literal)
        }
    }

    private func instant(_ literal: TimeText.Literal) -> Instant? {
        literal.zone == .none && zone == nil ? nil : literal.instant(in: zone)
    }

    /// Reads a text of the stated form; a local time counts in `zone`, or in UTC where that is nil.
    package func instant(of text: UnsafeRawBufferPointer, in zone: ZoneTable?) -> Instant? {
        guard case .pattern(let pieces) = writing else { return nil }
        return DatePiece.read(text, as: pieces)?.instant(in: zone)
    }

    /// Ends the sentence "expected …".
    package var expected: String {
        switch writing {
        case .rfc3339:
            zone == nil
                ? "a time with its zone, such as 2026-01-31T12:00:00Z (a local one needs `zone:`, a number `as:`)"
                : "a time such as 2026-01-31T12:00:00"
        case .epoch(let unit): "\(unit.rawValue) since 1970 as a whole number"
        case .pattern(let pieces): "a time written as \(pieces.map(\.description).joined())"
        }
    }
}

/// What a number of time since 1970 counts.
package enum EpochUnit: String, CaseIterable, Sendable {
    case seconds, milliseconds, microseconds, nanoseconds, days

    /// Nil unless the text is a whole number, of seconds with decimals or not, within the years that have four digits.
    func milliseconds(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard let number = ExactDecimal(text, mark: UInt8(ascii: "."), grouping: nil) else { return nil }
        // Far from what could overflow below, and beyond any year.
        guard self == .seconds || number.scale == 0, number.mantissa.magnitude < 1 << 90 else { return nil }
        let scaled: Int128
        switch self {
        case .seconds: scaled = Self.floor(number.mantissa * 1_000, by: (0..<number.scale).reduce(1) { n, _ in n * 10 })
        case .milliseconds: scaled = number.mantissa
        case .microseconds: scaled = Self.floor(number.mantissa, by: 1_000)
        case .nanoseconds: scaled = Self.floor(number.mantissa, by: 1_000_000)
        case .days: scaled = number.mantissa * 86_400_000
        }
        guard let milliseconds = Int64(exactly: scaled),
            CivilDate.instants.contains(Instant(milliseconds: milliseconds))
        else { return nil }
        return milliseconds
    }

    private static func floor(_ number: Int128, by divisor: Int128) -> Int128 {
        let (quotient, rest) = number.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? quotient - 1 : quotient
    }
}

/// A piece of a stated date form such as `DD/MM/YYYY HH:mm`.
package enum DatePiece: Equatable, Sendable, CustomStringConvertible {
    case year, month, day, hour, minute, second, fraction
    /// One digit or two.
    case shortMonth, shortDay, shortHour
    case literal(UInt8)

    package var description: String {
        if case .literal(let byte) = self { return String(Unicode.Scalar(byte)) }
        return Self.words.first { $0.piece == self }?.word ?? ""
    }

    /// The longer ones first, so that each is found whole.
    package static let words: [(word: String, piece: Self)] = [
        ("YYYY", .year), ("MM", .month), ("M", .shortMonth), ("DD", .day), ("D", .shortDay), ("HH", .hour),
        ("H", .shortHour), ("mm", .minute), ("ss", .second), ("SSS", .fraction),
    ]

    static func read(_ text: UnsafeRawBufferPointer, as pieces: [Self]) -> TimeText.Literal? {
        var cursor = TextCursor(trimming: text)
        var (year, month, day, time) = (0, 0, 0, 0)
        for piece in pieces {
            guard let number = piece.number(&cursor) else { return nil }
            switch piece {
            case .year: year = number
            case .month, .shortMonth: month = number
            case .day, .shortDay: day = number
            case .hour, .shortHour:
                guard number < 24 else { return nil }
                time += number * 3_600_000
            case .minute:
                guard number < 60 else { return nil }
                time += number * 60_000
            case .second:
                guard number <= 60 else { return nil }
                time += number * 1_000
            case .fraction: time += number
            case .literal: break
            }
        }
        guard cursor.isAtEnd, let date = CivilDate(year: year, month: month, day: day) else { return nil }
        return TimeText.Literal(date: date, timeOfDay: Int64(time))
    }

    /// Reads what stands for the piece; 0 for a literal.
    private func number(_ cursor: inout TextCursor) -> Int? {
        switch self {
        case .year: cursor.digits(4)
        case .month, .day, .hour, .minute, .second: cursor.digits(2)
        case .shortMonth, .shortDay, .shortHour: cursor.short()
        case .fraction: cursor.thousandths().map { Int($0) }
        case .literal(let byte): cursor.skip(byte) ? 0 : nil
        }
    }
}

/// How a record writes an amount of money.
package enum MappedAmount: Sendable {
    /// Digits with a decimal mark; `grouping` between thousands where it is stated.
    case decimal(mark: UInt8, grouping: UInt8?)
    /// Cents and the like, by the digits of the event's currency.
    case minorUnits
    /// The bytes of a whole number in base64, and how many of its digits are decimals.
    case base64(scale: Int)

    /// Ends the sentence "expected …".
    var expected: String {
        switch self {
        case .decimal(let mark, _): "a decimal number such as 12\(Unicode.Scalar(mark))50"
        case .minorUnits: "a whole number of the currency's smallest unit, such as 1250"
        case .base64(let scale): "a number in base64 with \(scale) decimals"
        }
    }
}
