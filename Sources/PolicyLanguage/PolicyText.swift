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
        case .instant: Instant(milliseconds: value).shortRFC3339
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

    /// What orders come to of which some may have no value in `currency`: never an amount that nobody knows.
    package static func revenue(_ minorUnits: Int64, _ currency: Currency, _ bound: AmountBound) -> String {
        guard currency != .none else { return "–" }
        return switch bound {
        case .exact: money(minorUnits, currency)
        case .atLeast: "at least " + money(minorUnits, currency)
        case .unknown: "–"
        case .atMost: "at most " + money(minorUnits, currency)
        case .about: "about " + money(minorUnits, currency)
        }
    }

    /// Writes a score in the smallest scale that says it exactly, of those that shops use.
    package static func score(_ thousandths: Int64) -> String {
        for scale: Int64 in [5, 10, 100] where thousandths % (1_000 / scale) == 0 {
            return "\(thousandths * scale / 1_000) of \(scale)"
        }
        return "\(thousandths) of 1000"
    }
}

extension Fact {
    /// What kind of value the fact has.
    package var valueType: ValueType { ValueType(traits.kind) }
}

extension ValueType {
    init(_ kind: FactTraits.Kind) {
        switch kind {
        case .flag: self = .flag
        case .count: self = .count
        case .money: self = .money
        case .duration: self = .duration
        case .instant: self = .instant
        case .score: self = .score
        case .label: self = .label
        case .set: self = .set
        case .birthday: self = .birthday
        }
    }
}
