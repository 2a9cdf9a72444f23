import CustomerLifecycle

/// A whole number with commas between thousands: `1,000,000`.
struct Grouped: CustomStringConvertible {
    let description: String

    init(_ number: some BinaryInteger) {
        let digits = String(number.magnitude)
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        description = text
    }
}

/// A length of time in its largest whole unit: `91 days`, `5 hours`, `1 minute`, `0 seconds`. Rounded down:
/// a silence of 91.9 days is not yet one of 92.
struct Lasting: CustomStringConvertible {
    let description: String

    init(_ length: Milliseconds) {
        let units: [(count: UInt64, name: String)] = [
            (86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1_000, "second"),
        ]
        let magnitude = length.count.magnitude
        let unit = units.first { magnitude >= $0.count } ?? (1_000, "second")
        let count = magnitude / unit.count
        description =
            "\(length.count < 0 && count > 0 ? "-" : "")\(Grouped(count)) \(unit.name)\(count == 1 ? "" : "s")"
    }
}

/// A rate or a count in three digits at most: `874`, `12.3 k`, `1.20 M`.
struct Rough: CustomStringConvertible {
    let description: String

    init(_ number: Double) {
        // Beyond this nobody counts, and `Int` would trap.
        guard number < 1e15 else {
            description = "–"
            return
        }
        let units: [(size: Double, name: String)] = [(1e9, " G"), (1e6, " M"), (1e3, " k")]
        // 999,500 is 1.00 M: what would round up to the next unit belongs to it.
        guard let unit = units.first(where: { number >= $0.size * 0.9995 }) else {
            description = String(Int(max(0, number).rounded()))
            return
        }
        let scaled = number / unit.size
        let decimals = scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0
        let factor = [1, 10, 100][decimals]
        let digits = String(Int((scaled * Double(factor)).rounded()))
        guard decimals > 0 else {
            description = digits + unit.name
            return
        }
        description = "\(digits.dropLast(decimals)).\(digits.suffix(decimals))\(unit.name)"
    }
}
