package import CustomerLifecycle

/// Money as shops write it, read exactly: decimal text or number to minor units, never through a binary fraction.
///
/// Blanks, one currency symbol and the currency's own code go. A comma before exactly one or two final digits is
/// decimal; commas and dots between well-formed groups of three are none. Halves round away from zero.
package enum MoneyText {
    /// Longer texts are no amounts.
    static let byteCountMax = 128

    /// Returns the amount; nil if it cannot be read or lies beyond ±`Money.minorUnitsMax`. `digits` are those of the
    /// currency.
    package static func minorUnits(
        _ text: UnsafeRawBufferPointer, digits: Int, code: Currency? = nil
    ) -> Int64? {
        guard text.count <= byteCountMax else { return nil }
        if let amount = plain(text, digits: digits, limit: Money.minorUnitsMax) { return amount }
        return withDecimal(text, digits: digits, code: code) {
            $0.scaled(digits: digits, limit: Money.minorUnitsMax, rounds: true)
        }
    }

    /// Returns the amount of whatever currency; nil if it cannot be read or lies beyond ±`FineAmount.countMax`. Behind
    /// the fifth decimal it is cut off.
    package static func fine(_ text: UnsafeRawBufferPointer) -> FineAmount? {
        guard text.count <= byteCountMax else { return nil }
        let digits = FineAmount.digits
        let count =
            plain(text, digits: digits, limit: FineAmount.countMax)
            ?? withDecimal(text, digits: 2) {
                $0.scaled(digits: digits, limit: FineAmount.countMax, rounds: false)
            }
        return count.map { FineAmount(count: $0) }
    }

    /// `digits` are what a comma before three of them is judged by.
    private static func withDecimal(
        _ text: UnsafeRawBufferPointer, digits: Int, code: Currency? = nil, _ body: (Decimal) -> Int64?
    ) -> Int64? {
        withUnsafeTemporaryAllocation(byteCount: byteCountMax, alignment: 1) { scratch -> Int64? in
            guard let count = squeeze(text, into: scratch) else { return nil }
            var squeezed = UnsafeRawBufferPointer(rebasing: scratch[..<count])
            if let code { squeezed = dropCode(squeezed, code) }
            return Decimal(squeezed, minorDigits: digits).flatMap(body)
        }
    }

    /// What nearly all shops write: digits, at most one point, and no more decimals than the currency has. Nil for
    /// everything else, whatever it is.
    private static func plain(_ text: UnsafeRawBufferPointer, digits: Int, limit: Int64) -> Int64? {
        guard (1...14).contains(text.count) else { return nil }
        var value: Int64 = 0
        var point = text.count
        for index in 0..<text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            if digit < 10 {
                value = value &* 10 &+ Int64(digit)
            } else {
                guard text[index] == UInt8(ascii: "."), point == text.count, text.count > 1 else { return nil }
                point = index
            }
        }
        let missing = digits - max(text.count - point - 1, 0)
        // Eighteen digits never overflow.
        guard missing >= 0, text.count + missing <= 18 else { return nil }
        for _ in 0..<missing { value *= 10 }
        return value <= limit ? value : nil
    }

    /// `1234` of two digits is `12.34`.
    package static func decimal(minorUnits: Int64, digits: Int) -> String {
        var text = String(minorUnits.magnitude)
        if digits > 0 {
            text = String(repeating: "0", count: max(0, digits + 1 - text.utf8.count)) + text
            text.insert(".", at: text.index(text.endIndex, offsetBy: -digits))
        }
        return minorUnits < 0 ? "-" + text : text
    }

    /// Copies all but blanks and one currency symbol; nil where a second symbol stands.
    private static func squeeze(
        _ text: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
    ) -> Int? {
        var count = 0
        var index = 0
        var hasSymbol = false
        while index < text.count {
            let byte = text[index]
            if byte > 0x20, byte < 0x80, byte != UInt8(ascii: "$") {
                target[count] = byte
                count += 1
                index += 1
                continue
            }
            let mark = Mark(text, at: index)
            switch mark.meaning {
            case .blank: break
            case .minus:
                target[count] = UInt8(ascii: "-")
                count += 1
            case .symbol:
                guard !hasSymbol else { return nil }
                hasSymbol = true
            case .other: return nil
            }
            index += mark.byteCount
        }
        return count
    }

    /// `EUR 12.50` and `12.50 eur` are as good as a symbol.
    private static func dropCode(_ text: UnsafeRawBufferPointer, _ code: Currency) -> UnsafeRawBufferPointer {
        // Digits at both ends are by far the most common.
        guard text.count > 3, text[0] > 0x39 || text[text.count - 1] > 0x39 else { return text }
        let start = text.count - 3
        if KnownCurrencies.code(UnsafeRawBufferPointer(rebasing: text[..<3])) == code {
            return UnsafeRawBufferPointer(rebasing: text[3...])
        }
        if KnownCurrencies.code(UnsafeRawBufferPointer(rebasing: text[start...])) == code {
            return UnsafeRawBufferPointer(rebasing: text[..<start])
        }
        return text
    }
}

/// A character around an amount's digits that is not ASCII, or is a blank or `$`.
private struct Mark {
    enum Meaning { case blank, minus, symbol, other }

    let meaning: Meaning
    let byteCount: Int

    init(_ text: UnsafeRawBufferPointer, at index: Int) {
        func byte(_ distance: Int) -> UInt8 { index + distance < text.count ? text[index + distance] : 0 }
        switch (byte(0), byte(1), byte(2)) {
        case (0x20, _, _), (0x09...0x0D, _, _): self.init(.blank, 1)
        case (UInt8(ascii: "$"), _, _): self.init(.symbol, 1)
        // No-break space; then ¢ £ ¤ ¥.
        case (0xC2, 0xA0, _): self.init(.blank, 2)
        case (0xC2, 0xA2...0xA5, _): self.init(.symbol, 2)
        // U+2000…U+200B and the narrow no-break space; then − and U+20A0…U+20CF, € among them.
        case (0xE2, 0x80, 0x80...0x8B), (0xE2, 0x80, 0xAF): self.init(.blank, 3)
        case (0xE2, 0x88, 0x92): self.init(.minus, 3)
        case (0xE2, 0x82, 0xA0...0xBF), (0xE2, 0x83, 0x80...0x8F): self.init(.symbol, 3)
        default: self.init(.other, 1)
        }
    }

    private init(_ meaning: Meaning, _ byteCount: Int) {
        self.meaning = meaning
        self.byteCount = byteCount
    }
}

/// A decimal number, taken apart but not yet computed: sign, digits with their separators, exponent.
private struct Decimal {
    private let isNegative: Bool
    private let mantissa: UnsafeRawBufferPointer
    /// How many of the mantissa's digits stand before the decimal point.
    private let integerDigitCount: Int
    private let exponent: Int

    init?(_ text: UnsafeRawBufferPointer, minorDigits: Int) {
        var index = 0
        var isNegative = false
        if let sign = text.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            index = 1
        }
        let stop = text[index...].firstIndex { $0 | 0x20 == UInt8(ascii: "e") } ?? text.count
        let mantissa = UnsafeRawBufferPointer(rebasing: text[index..<stop])
        // A decimal comma stands before the final digits, so nothing may follow them.
        let isPlain = stop == text.count || !mantissa.contains(UInt8(ascii: ","))
        guard isPlain, let count = Self.integerDigitCount(mantissa, minorDigits: minorDigits),
            let exponent = Self.exponent(UnsafeRawBufferPointer(rebasing: text[stop...]))
        else { return nil }
        self.isNegative = isNegative
        self.mantissa = mantissa
        integerDigitCount = count
        self.exponent = exponent
    }

    /// The number of which the last `digits` are decimals; nil beyond `limit`, which is at most `FineAmount.countMax`.
    func scaled(digits: Int, limit: Int64, rounds: Bool) -> Int64? {
        // Digits from `point` on are dropped, and the first of them may round.
        let point = integerDigitCount + exponent + digits
        var value: Int64 = 0
        var position = 0
        var roundsUp = false
        for byte in mantissa where byte >= 0x30 {
            if position < point {
                value = value * 10 + Int64(byte - 0x30)
                guard value <= limit else { return nil }
            } else if position == point {
                roundsUp = rounds && byte >= 0x35
            }
            position += 1
        }
        while position < point, value > 0 {
            value *= 10
            guard value <= limit else { return nil }
            position += 1
        }
        if roundsUp { value += 1 }
        guard value <= limit else { return nil }
        return isNegative ? -value : value
    }

    /// Returns how many digits stand before the decimal mark; nil unless the separators make sense.
    private static func integerDigitCount(_ text: UnsafeRawBufferPointer, minorDigits: Int) -> Int? {
        var digitCount = 0
        var commaCount = 0
        var dotCount = 0
        var lastSeparator = -1
        for (index, byte) in text.enumerated() {
            switch byte {
            case 0x30...0x39:
                digitCount += 1
                continue
            case UInt8(ascii: ","): commaCount += 1
            case UInt8(ascii: "."): dotCount += 1
            default: return nil
            }
            lastSeparator = index
        }
        guard digitCount > 0 else { return nil }
        guard lastSeparator >= 0 else { return digitCount }
        let finalCount = text.count - lastSeparator - 1
        let whole = UnsafeRawBufferPointer(rebasing: text[..<lastSeparator])
        if text[lastSeparator] == UInt8(ascii: ",") {
            if commaCount == 1, finalCount == 1 || finalCount == 2 {
                return dotCount == 0 || areGroups(whole, UInt8(ascii: ".")) ? digitCount - finalCount : nil
            }
            // "1,234" of a currency with three decimals may mean either.
            guard dotCount == 0, commaCount > 1 || minorDigits != 3 else { return nil }
            return areGroups(text, UInt8(ascii: ",")) ? digitCount : nil
        }
        if dotCount == 1 {
            return commaCount == 0 || areGroups(whole, UInt8(ascii: ",")) ? digitCount - finalCount : nil
        }
        return commaCount == 0 && areGroups(text, UInt8(ascii: ".")) ? digitCount : nil
    }

    /// One to three digits, then groups of three.
    private static func areGroups(_ text: UnsafeRawBufferPointer, _ separator: UInt8) -> Bool {
        var length = 0
        var isFirst = true
        for byte in text {
            if byte == separator {
                guard isFirst ? (1...3).contains(length) : length == 3 else { return false }
                isFirst = false
                length = 0
            } else {
                length += 1
            }
        }
        return !isFirst && length == 3
    }

    /// Returns the exponent of `e-14` and the like; 0 where there is none. Saturates: no amount has 1,000 digits.
    private static func exponent(_ text: UnsafeRawBufferPointer) -> Int? {
        guard !text.isEmpty else { return 0 }
        var index = 1
        var sign = 1
        if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
            sign = text[index] == UInt8(ascii: "-") ? -1 : 1
            index += 1
        }
        guard index < text.count else { return nil }
        var value = 0
        for byte in text[index...] {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = min(value * 10 + Int(byte - 0x30), 1_000)
        }
        return sign * value
    }
}
