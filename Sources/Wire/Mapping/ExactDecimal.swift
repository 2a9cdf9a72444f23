internal import CustomerLifecycle

/// A decimal number as records write it, exactly: a whole number and how many of its digits are decimals.
package struct ExactDecimal: Equatable, Sendable {
    /// What any amount of money has less of, and what can be added up without a thought.
    package static let digitCountMax = 34

    package private(set) var mantissa: Int128
    package private(set) var scale: Int

    package init(_ mantissa: Int128, scale: Int) {
        self.mantissa = mantissa
        self.scale = scale
    }

    package static let zero = Self(0, scale: 0)

    /// Reads digits with at most one decimal mark. Where `grouping` is given, it may stand between groups of three
    /// before the mark. Nothing else is taken but a sign, and an exponent behind a point.
    package init?(_ text: UnsafeRawBufferPointer, mark: UInt8, grouping: UInt8?) {
        var index = 0
        let isNegative = text.first == UInt8(ascii: "-")
        if isNegative || text.first == UInt8(ascii: "+") { index = 1 }
        var digits = Digits()
        while index < text.count {
            let byte = text[index]
            if byte.isASCIIDigit {
                guard digits.take(byte & 0x0F) else { return nil }
            } else if byte == mark, digits.canBeginDecimals {
                digits.beginDecimals()
            } else if byte == grouping, digits.canBeginGroup {
                digits.beginGroup()
            } else {
                break
            }
            index += 1
        }
        guard digits.isWhole, let exponent = Self.exponent(UnsafeRawBufferPointer(rebasing: text[index...])) else {
            return nil
        }
        self.init(isNegative ? -digits.value : digits.value, scale: digits.decimalCount)
        guard shift(by: exponent) else { return nil }
    }

    /// Reads a whole number in two's complement, big-endian, from base64: what Kafka Connect makes of a decimal.
    init?(base64 text: UnsafeRawBufferPointer, scale: Int) {
        var value: Int128 = 0
        var (bits, bitCount, byteCount) = (UInt32(0), 0, 0)
        var padding = 0
        for byte in text {
            if byte == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            guard padding == 0, let six = Self.six(byte) else { return nil }
            bits = bits << 6 | six
            bitCount += 6
            guard bitCount >= 8 else { continue }
            bitCount -= 8
            let octet = UInt8(truncatingIfNeeded: bits >> UInt32(bitCount))
            if byteCount == 0 { value = octet >= 0x80 ? -1 : 0 }
            byteCount += 1
            guard byteCount <= 15 else { return nil }
            value = value << 8 | Int128(octet)
        }
        guard byteCount > 0, text.count % 4 == 0, padding <= 2, value.magnitude < Self.limit else { return nil }
        self.init(value, scale: scale)
        guard (0...Self.digitCountMax).contains(scale) else { return nil }
    }

    /// Nil where the sum has too many digits.
    package func adding(_ other: Self) -> Self? {
        var (a, b) = (self, other)
        guard a.shift(toScale: max(a.scale, b.scale)), b.shift(toScale: max(a.scale, b.scale)) else { return nil }
        let sum = a.mantissa + b.mantissa
        return sum.magnitude < Self.limit ? Self(sum, scale: a.scale) : nil
    }

    /// Nil where the product has too many digits.
    package func multiplied(by other: Self) -> Self? {
        let (product, isTooLarge) = mantissa.multipliedReportingOverflow(by: other.mantissa)
        guard !isTooLarge, product.magnitude < Self.limit, scale + other.scale <= Self.digitCountMax else { return nil }
        return Self(product, scale: scale + other.scale)
    }

    package var negated: Self { Self(-mantissa, scale: scale) }
    package var absolute: Self { mantissa < 0 ? negated : self }

    /// Whether both are the same number, however many decimals they are written with.
    package func isEqual(to other: Self) -> Bool {
        var (a, b) = (self, other)
        let common = max(a.scale, b.scale)
        return a.shift(toScale: common) && b.shift(toScale: common) && a.mantissa == b.mantissa
    }

    /// The number in units of which `digits` are decimals, halves rounded away from zero; nil where it is no amount of
    /// money.
    package func minorUnits(digits: Int) -> Int64? {
        var number = self
        if number.scale < digits { guard number.shift(toScale: digits) else { return nil } }
        let divisor = (0..<number.scale - digits).reduce(Int128(1)) { power, _ in power * 10 }
        let (quotient, rest) = number.mantissa.magnitude.quotientAndRemainder(dividingBy: divisor.magnitude)
        let rounded = rest * 2 >= divisor.magnitude && divisor > 1 ? quotient + 1 : quotient
        guard rounded <= UInt128(Money.minorUnitsMax) else { return nil }
        return number.mantissa < 0 ? -Int64(rounded) : Int64(rounded)
    }

    func append(to target: inout ReusedBytes) {
        if mantissa < 0 { target.append(UInt8(ascii: "-")) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.digitCountMax + 3) { digits in
            var place = digits.count
            var rest = mantissa.magnitude
            var written = 0
            repeat {
                if written == scale, scale > 0 {
                    place -= 1
                    digits[place] = UInt8(ascii: ".")
                }
                place -= 1
                digits[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
                written += 1
            } while rest > 0 || written <= scale
            target.append(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(digits)[place...]))
        }
    }

    private static let limit: UInt128 = (0..<digitCountMax).reduce(1) { power, _ in power * 10 }

    /// Digits as they are read, from left to right.
    private struct Digits {
        var value: Int128 = 0
        var count = 0
        var decimalCount = 0
        private var hasMark = false
        private var groupCount = 0
        private var inGroup = 0

        mutating func take(_ digit: UInt8) -> Bool {
            value = value * 10 + Int128(digit)
            if value > 0 { count += 1 }
            if hasMark { decimalCount += 1 } else { inGroup += 1 }
            return count <= digitCountMax && decimalCount <= digitCountMax
        }

        var canBeginDecimals: Bool { !hasMark && inGroup > 0 && (groupCount == 0 || inGroup == 3) }
        mutating func beginDecimals() { hasMark = true }

        var canBeginGroup: Bool { !hasMark && (groupCount == 0 ? (1...3).contains(inGroup) : inGroup == 3) }
        mutating func beginGroup() {
            groupCount += 1
            inGroup = 0
        }

        var isWhole: Bool { hasMark ? decimalCount > 0 : inGroup > 0 && (groupCount == 0 || inGroup == 3) }
    }

    private static func exponent(_ text: UnsafeRawBufferPointer) -> Int? {
        guard !text.isEmpty else { return 0 }
        guard text[0] | 0x20 == UInt8(ascii: "e"), text.count > 1 else { return nil }
        let isSigned = text[1] == UInt8(ascii: "-") || text[1] == UInt8(ascii: "+")
        let digits = text[(isSigned ? 2 : 1)...]
        guard (1...2).contains(digits.count), digits.allSatisfy(\.isASCIIDigit) else { return nil }
        let value = digits.reduce(0) { $0 * 10 + Int($1 & 0x0F) }
        return text[1] == UInt8(ascii: "-") ? -value : value
    }

    private mutating func shift(by exponent: Int) -> Bool {
        scale -= exponent
        return scale >= 0 ? scale <= Self.digitCountMax : shift(toScale: 0)
    }

    private mutating func shift(toScale wanted: Int) -> Bool {
        while scale < wanted {
            mantissa *= 10
            scale += 1
            guard mantissa.magnitude < Self.limit else { return false }
        }
        return true
    }

    private static func six(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
