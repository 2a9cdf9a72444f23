package import CommandLine
package import CustomerLifecycle

/// Reads instants as people write them on a command line, and writes them: RFC 3339, or a bare date for midnight UTC.
///
/// It is stricter than the reader of a shop's events, so that a person who mistypes gets an error.
package enum InstantText {
    package static func read(_ text: String) -> Instant? {
        var rest = text[...]
        guard let year = digits(4, of: &rest), take("-", of: &rest), let month = digits(2, of: &rest),
            take("-", of: &rest), let day = digits(2, of: &rest), year > 0,
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        if rest.isEmpty { return date.midnight }
        guard take("T", of: &rest) || take(" ", of: &rest), let time = timeOfDay(&rest), let offset = zone(&rest),
            rest.isEmpty
        else { return nil }
        return date.midnight + time - offset
    }

    package static func write(_ instant: Instant) -> String { instant.shortRFC3339 }

    /// Writes the date in UTC: `1998-06-30`.
    package static func writeDate(_ instant: Instant) -> String { String(instant.rfc3339.prefix(10)) }

    private static func timeOfDay(_ rest: inout Substring) -> Milliseconds? {
        guard let hour = digits(2, of: &rest), hour < 24, take(":", of: &rest), let minute = digits(2, of: &rest),
            minute < 60
        else { return nil }
        var time = Int64(hour * 3_600 + minute * 60) * 1_000
        guard take(":", of: &rest) else { return Milliseconds(time) }
        guard let second = digits(2, of: &rest), second < 60 else { return nil }
        time += Int64(second) * 1_000
        guard take(".", of: &rest) else { return Milliseconds(time) }
        let decimals = rest.prefix { $0.isASCII && $0.isNumber }
        guard !decimals.isEmpty, let thousandths = Int64((decimals.prefix(3) + "00").prefix(3)) else { return nil }
        rest = rest.dropFirst(decimals.count)
        return Milliseconds(time + thousandths)
    }

    /// Reads by how much local time is ahead of UTC.
    private static func zone(_ rest: inout Substring) -> Milliseconds? {
        if take("Z", of: &rest) { return Milliseconds(0) }
        let isAhead = take("+", of: &rest)
        guard isAhead || take("-", of: &rest), let hours = digits(2, of: &rest), hours < 24, take(":", of: &rest),
            let minutes = digits(2, of: &rest), minutes < 60
        else { return nil }
        return .minutes(Int64(hours * 60 + minutes) * (isAhead ? 1 : -1))
    }

    private static func digits(_ count: Int, of rest: inout Substring) -> Int? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        rest = rest.dropFirst(count)
        return Int(digits)
    }

    private static func take(_ character: Character, of rest: inout Substring) -> Bool {
        guard rest.first == character else { return false }
        rest = rest.dropFirst()
        return true
    }
}

extension Format<Instant> {
    package static let instant = Self(
        "INSTANT", expected: "an instant such as 1998-06-30T00:00:00Z, or a date such as 1998-06-30 (midnight UTC)"
    ) { InstantText.read($0) }
}
