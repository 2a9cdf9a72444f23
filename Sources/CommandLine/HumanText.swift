/// A whole number with commas between thousands: `1,000,000`.
package struct Grouped: CustomStringConvertible {
    package let description: String

    package init(_ number: some BinaryInteger) {
        let digits = String(number.magnitude)
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        description = text
    }
}

/// A count with its noun: `1 row`, `2,000 rows`.
package struct Counted: CustomStringConvertible {
    package let description: String

    /// `plural` is the noun with an s where it is nil.
    package init(_ count: some BinaryInteger, _ noun: String, plural: String? = nil) {
        description = "\(Grouped(count)) \(count == 1 ? noun : plural ?? noun + "s")"
    }
}

/// A rate or a count in at most three digits: `874`, `12.3 k`, `1.20 M`.
package struct Rough: CustomStringConvertible {
    package let description: String

    package init(_ number: Double) {
        // A larger number would make `Int` trap.
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
