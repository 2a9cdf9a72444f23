import CustomerLifecycle

extension Instant {
    /// RFC 3339 in UTC, with milliseconds; years before 0001 and after 9999 show as the first and the last instant of
    /// those.
    package var rfc3339: String { withRFC3339 { String(decoding: $0, as: UTF8.self) } }

    /// The same as bytes, good until `body` returns.
    func withRFC3339<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let clamped = min(max(milliseconds, -62_135_596_800_000), 253_402_300_799_999)
        let day = clamped.dividedTowardsMinusInfinity(by: 86_400_000)
        let ofDay = clamped - day * 86_400_000
        let date = CivilDate(daysSince1970: day)
        let template: StaticString = "0000-00-00T00:00:00.000Z"
        return withUnsafeTemporaryAllocation(byteCount: 24, alignment: 1) { text in
            text.copyMemory(from: UnsafeRawBufferPointer(start: template.utf8Start, count: text.count))
            write(date.year, endingAt: 4, in: text)
            write(date.month, endingAt: 7, in: text)
            write(date.day, endingAt: 10, in: text)
            write(ofDay / 3_600_000, endingAt: 13, in: text)
            write(ofDay / 60_000 % 60, endingAt: 16, in: text)
            write(ofDay / 1_000 % 60, endingAt: 19, in: text)
            write(ofDay % 1_000, endingAt: 23, in: text)
            return body(UnsafeRawBufferPointer(text))
        }
    }

    /// Reads RFC 3339 with zone and any number of decimals, or a bare date, which is its midnight in UTC; else nil.
    init?(rfc3339 text: UnsafeRawBufferPointer) {
        var scanner = DigitScanner(text)
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
            let day = scanner.number(2), let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        var milliseconds = date.daysSince1970 * 86_400_000
        if scanner.isAtEnd {
            self.init(milliseconds: milliseconds)
            return
        }
        guard scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
            let hour = scanner.number(2), hour < 24, scanner.skip(":"),
            let minute = scanner.number(2), minute < 60, scanner.skip(":"),
            let second = scanner.number(2), second <= 60,
            let fraction = scanner.fraction(), let offset = scanner.zoneOffset(), scanner.isAtEnd
        else { return nil }
        milliseconds += hour * 3_600_000 + minute * 60_000 + second * 1_000 + fraction - offset
        self.init(milliseconds: milliseconds)
    }
}

/// Over zeros: what stands before the number's first digit is left.
private func write(_ number: Int64, endingAt end: Int, in text: UnsafeMutableRawBufferPointer) {
    var rest = number
    var index = end - 1
    while rest > 0 {
        text[index] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
        index -= 1
    }
}

extension Int64 {
    fileprivate func dividedTowardsMinusInfinity(by divisor: Int64) -> Int64 {
        self / divisor - (self % divisor < 0 ? 1 : 0)
    }
}

/// A day of the proleptic Gregorian calendar (Howard Hinnant's algorithms, years begun in March).
struct CivilDate: Equatable {
    let year: Int64
    let month: Int64
    let day: Int64

    init(daysSince1970 days: Int64) {
        let shifted = days + 719_468
        let era = shifted.dividedTowardsMinusInfinity(by: 146_097)
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * ofYear + 2) / 153
        day = ofYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Nil if there is no such day.
    init?(year: Int64, month: Int64, day: Int64) {
        self.init(year, month, day)
        guard (1...12).contains(month), (1...31).contains(day), Self(daysSince1970: daysSince1970) == self else {
            return nil
        }
    }

    private init(_ year: Int64, _ month: Int64, _ day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    var daysSince1970: Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.dividedTowardsMinusInfinity(by: 400)
        let ofEra = shifted - era * 400
        let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }
}

/// Reads digits of fixed width off a text.
struct DigitScanner {
    private let text: UnsafeRawBufferPointer
    private var nextIndex = 0

    init(_ text: UnsafeRawBufferPointer) { self.text = text }

    var isAtEnd: Bool { nextIndex == text.count }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard nextIndex < text.count, text[nextIndex] == UInt8(ascii: character) else { return false }
        nextIndex += 1
        return true
    }

    /// Exactly `count` digits.
    mutating func number(_ count: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<count {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// Milliseconds of a decimal fraction, cut; 0 where there is none, nil where digits must follow and do not.
    mutating func fraction() -> Int64? {
        guard skip(".") else { return 0 }
        guard var value = digit() else { return nil }
        var count = 1
        while let next = digit() {
            if count < 3 { value = value * 10 + next }
            count += 1
        }
        while count < 3 {
            value *= 10
            count += 1
        }
        return value
    }

    /// `Z`, or ±HH:MM as milliseconds.
    mutating func zoneOffset() -> Int64? {
        if skip("Z") || skip("z") { return 0 }
        let sign: Int64 = skip("-") ? -1 : 1
        guard sign < 0 || skip("+"), let hours = number(2), hours < 24, skip(":"), let minutes = number(2), minutes < 60
        else { return nil }
        return sign * (hours * 60 + minutes) * 60_000
    }

    private mutating func digit() -> Int64? {
        guard nextIndex < text.count, (0x30...0x39).contains(text[nextIndex]) else { return nil }
        defer { nextIndex += 1 }
        return Int64(text[nextIndex] - 0x30)
    }
}
