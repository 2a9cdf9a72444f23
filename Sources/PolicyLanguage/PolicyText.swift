package import CustomerLifecycle

/// Values as people read them: `91 days`, `12.50 EUR`, `4 of 5`, `2025-01-31T09:00:00Z`.
package enum PolicyText {
    /// `currency` is asked for money alone.
    package static func value(_ value: Int64, of type: ValueType, currency: Currency? = nil) -> String {
        switch type {
        case .count, .set, .label, .birthday: "\(value)"
        case .flag: value == 0 ? "no" : "yes"
        case .money: money(value, currency)
        case .duration, .runningTime: duration(value)
        case .score: score(value)
        case .instant: instant(Instant(milliseconds: value))
        }
    }

    /// The two greatest units that are not 0: `90 days 1 ms` tells who has just lapsed from who is at the limit.
    package static func duration(_ milliseconds: Int64) -> String {
        let units: [(String, UInt64)] = [
            ("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1_000), ("ms", 1),
        ]
        var rest = milliseconds.magnitude
        var parts: [String] = []
        for (name, length) in units {
            let (count, remainder) = rest.quotientAndRemainder(dividingBy: length)
            rest = remainder
            guard count > 0, parts.count < 2 else { continue }
            parts.append("\(count) \(name)\(count == 1 || name == "ms" ? "" : "s")")
        }
        let text = parts.isEmpty ? "0 days" : parts.joined(separator: " ")
        return milliseconds < 0 ? "-" + text : text
    }

    package static func money(_ minorUnits: Int64, _ currency: Currency?) -> String {
        let digits = currency?.minorDigits ?? 2
        var text = String(minorUnits.magnitude)
        text = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        let whole = text.dropLast(digits)
        let amount = digits == 0 ? String(whole) : whole + "." + text.suffix(digits)
        return "\(minorUnits < 0 ? "-" : "")\(amount)\(currency.map { " " + $0.letters } ?? "")"
    }

    /// In the smallest scale that says it exactly, of those that shops use.
    package static func score(_ thousandths: Int64) -> String {
        for scale: Int64 in [5, 10, 100] where thousandths % (1_000 / scale) == 0 {
            return "\(thousandths * scale / 1_000) of \(scale)"
        }
        return "\(thousandths) of 1000"
    }

    /// RFC 3339 in UTC; milliseconds only where there are any.
    package static func instant(_ instant: Instant) -> String {
        let (days, milliseconds) = instant.milliseconds.quotientAndFloorRemainder(dividingBy: 86_400_000)
        let (year, month, day) = date(daysSince1970: days)
        let seconds = milliseconds / 1_000
        let fraction = milliseconds % 1_000 == 0 ? "" : "." + padded(milliseconds % 1_000, to: 3)
        return "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(day, to: 2))"
            + "T\(padded(seconds / 3_600, to: 2)):\(padded(seconds / 60 % 60, to: 2)):\(padded(seconds % 60, to: 2))"
            + "\(fraction)Z"
    }

    /// The Gregorian date, by counting from 1 March of the year 0 in eras of 400 years.
    private static func date(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + 719_468).quotientAndFloorRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func padded(_ value: Int64, to length: Int) -> String {
        let digits = String(value.magnitude)
        return (value < 0 ? "-" : "") + String(repeating: "0", count: max(0, length - digits.count)) + digits
    }
}

extension Int64 {
    fileprivate func quotientAndFloorRemainder(dividingBy divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension Fact {
    /// What kind of value the fact has.
    package var valueType: ValueType {
        switch self {
        case .identified, .consentTo: .flag
        case .firstSeen, .lastSeen, .knownSince, .firstOrder, .lastOrder, .lastShare: .instant
        case .profile, .bought: .set
        case .birthday: .birthday
        case .orders, .undoneOrders, .discountedOrders, .cycle, .complaints, .openComplaints, .reviews, .referrals:
            .count
        case .revenue, .averageOrder, .margin: .money
        case .silenceBeforeLastOrder, .usualGap, .timeToSecondOrder: .duration
        case .lastSurvey, .lastReview: .score
        }
    }
}
