import CustomerLifecycle

/// JSON's values as bytes, for a caller that knows the members around them beforehand and keeps them encoded.
extension ReusedBytes {
    /// A text in quotes. What JSON cannot hold in it is escaped as `JSONWriter` does it; what is not UTF-8 is U+FFFD.
    @inline(__always) mutating func appendQuoted(_ text: UnsafeRawBufferPointer) {
        append(UInt8(ascii: "\""))
        if text.isPlain { append(text) } else { appendEscaped(text) }
        append(UInt8(ascii: "\""))
    }

    mutating func appendQuoted(_ id: BusinessID) {
        append(UInt8(ascii: "\""))
        let start = count
        append(atMost: BusinessID.byteCountMax) { target in
            id.store(to: UnsafeMutableRawBufferPointer(start: target, count: BusinessID.byteCountMax))
            return id.byteCount
        }
        if !bytes(start..<count).isPlain {
            removeLast(count - start)
            id.withBytes { appendEscaped($0) }
        }
        append(UInt8(ascii: "\""))
    }

    /// Most bytes need no escape: they are appended in runs.
    @inline(never) private mutating func appendEscaped(_ raw: UnsafeRawBufferPointer) {
        raw.withText { text in
            var start = 0
            for place in text.indices where text[place].needsEscape {
                append(UnsafeRawBufferPointer(rebasing: text[start..<place]))
                escape(text[place])
                start = place + 1
            }
            append(UnsafeRawBufferPointer(rebasing: text[start...]))
        }
    }

    private mutating func escape(_ byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0D: append(UInt8(ascii: "r"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0..<0x20:
            append("u00")
            withUnsafeBytes(of: byte) { appendHexadecimal($0) }
        default: append(byte)
        }
    }

    /// Appends the number in decimal.
    @inline(__always) mutating func appendDecimal(_ number: Int64) {
        if 0..<10 ~= number {
            append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number))
        } else {
            appendDigits(number)
        }
    }

    @inline(never) private mutating func appendDigits(_ number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        var rest = number.magnitude
        append(atMost: 64) { target in
            // Backwards, at most 19 of them, to where they do not end up: then it need not be known before how many.
            var place = 40
            while rest >= 100 {
                let quotient = rest / 100
                place &-= 2
                target.storeBytes(of: Self.digits(rest &- quotient &* 100), toByteOffset: place, as: UInt16.self)
                rest = quotient
            }
            place &-= 2
            target.storeBytes(of: Self.digits(rest), toByteOffset: place, as: UInt16.self)
            if rest < 10 { place &+= 1 }
            let found = (target + place).loadUnaligned(as: (UInt64, UInt64, UInt64).self)
            target.storeBytes(of: found, as: (UInt64, UInt64, UInt64).self)
            return 40 &- place
        }
    }

    /// The two digits of a number below 100, the first one first.
    @inline(__always) private static func digits(_ number: UInt64) -> UInt16 {
        let tens = (number &* 103) &>> 10
        return UInt16(truncatingIfNeeded: tens | (number &- tens &* 10) &<< 8 | 0x3030).littleEndian
    }

    /// Appends the number in decimal, with zeros before it up to ten digits, so that text order is number order.
    mutating func appendTenDigits(_ number: UInt64) {
        guard number < 10_000_000_000 else { return appendDecimal(Int64(truncatingIfNeeded: number)) }
        append(atMost: 10) { target in
            UnsafeMutableRawBufferPointer(start: target, count: 10).initializeMemory(as: UInt8.self, repeating: 0x30)
            var rest = number
            var place = 10
            while rest > 0 {
                let quotient = rest / 100
                place &-= 2
                target.storeBytes(of: Self.digits(rest &- quotient &* 100), toByteOffset: place, as: UInt16.self)
                rest = quotient
            }
            return 10
        }
    }

    @inline(__always) mutating func appendDecimal(_ number: Int) { appendDecimal(Int64(number)) }

    mutating func append(_ flag: Bool) { append(flag ? "true" : "false") }
}

/// Instants as RFC 3339 writes them, in UTC with milliseconds: those that were asked for last are kept, since the same
/// ones come again and again, within an output and from one to the next.
struct InstantTexts: ~Copyable {
    static let byteCount = 24
    /// Each text has a place of its own among so many, a power of two.
    private static let placeCount = 64
    private let instants = UnsafeMutablePointer<Int64>.allocate(capacity: placeCount)
    private let texts = UnsafeMutableRawPointer.allocate(byteCount: placeCount * byteCount, alignment: 8)
    /// The days of instants, which are fewer still, each in a place of its own.
    private let days = UnsafeMutablePointer<(number: Int64, text: Instant.DateText)>.allocate(capacity: placeCount)

    init() {
        let first = CivilDate(dayNumber: 0)
        days.initialize(repeating: (first.dayNumber, Instant.DateText(first)), count: Self.placeCount)
        instants.initialize(repeating: 0, count: Self.placeCount)
        for place in 0..<Self.placeCount { write(Instant(milliseconds: 0), at: place) }
    }

    deinit {
        instants.deallocate()
        texts.deallocate()
        days.deallocate()
    }

    /// Good until the next one is asked for.
    @inline(__always) subscript(instant: Instant) -> UnsafeRawBufferPointer {
        let spread = UInt64(bitPattern: instant.milliseconds) &* 0x9E37_79B9_7F4A_7C15
        let place = Int(truncatingIfNeeded: spread &>> (64 - UInt64(Self.placeCount.trailingZeroBitCount)))
        if instants[place] != instant.milliseconds { write(instant, at: place) }
        return UnsafeRawBufferPointer(start: texts + place * Self.byteCount, count: Self.byteCount)
    }

    @inline(never) private func write(_ instant: Instant, at place: Int) {
        instants[place] = instant.milliseconds
        let (date, time) = CivilDate.split(instant)
        let day = days + Int(truncatingIfNeeded: date.dayNumber) & (Self.placeCount - 1)
        if day.pointee.number != date.dayNumber { day.pointee = (date.dayNumber, Instant.DateText(date)) }
        Instant.write(
            day.pointee.text, time,
            to: UnsafeMutableRawBufferPointer(start: texts + place * Self.byteCount, count: Self.byteCount))
    }
}

extension UInt8 {
    /// Whether JSON takes the byte into a string only behind a backslash.
    fileprivate var needsEscape: Bool { self < 0x20 || self == UInt8(ascii: "\"") || self == UInt8(ascii: "\\") }
}

extension UnsafeRawBufferPointer {
    /// Lends the bytes as text: what is not UTF-8 in them is U+FFFD there.
    func withText(_ body: (UnsafeRawBufferPointer) -> Void) {
        guard !isUTF8 else { return body(self) }
        var text = String(decoding: self, as: UTF8.self)
        text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }

    var isUTF8: Bool {
        if holdsNone({ $0 & 0x8080_8080_8080_8080 }) { return true }
        return withMemoryRebound(to: UInt8.self) { (try? UTF8Span(validating: $0.span)) != nil }
    }

    /// Whether the bytes are ASCII and nothing that JSON escapes.
    fileprivate var isPlain: Bool {
        holdsNone { word in
            let ones: UInt64 = 0x0101_0101_0101_0101
            let quote = word ^ ones &* UInt64(UInt8(ascii: "\""))
            let backslash = word ^ ones &* UInt64(UInt8(ascii: "\\"))
            // A byte's highest bit comes from below zero: a control character, or one of the two. Or it was there.
            let below = (word &- ones &* 0x20) | (quote &- ones) & ~quote | (backslash &- ones) & ~backslash
            return (below | word) & 0x8080_8080_8080_8080
        }
    }

    /// Whether `found` is 0 for all bytes, eight at a time; the last ones stand behind spaces.
    @inline(__always) private func holdsNone(_ found: (UInt64) -> UInt64) -> Bool {
        guard let base = baseAddress else { return true }
        var place = 0
        while place &+ 8 <= count {
            guard found((base + place).loadUnaligned(as: UInt64.self)) == 0 else { return false }
            place &+= 8
        }
        guard place < count else { return true }
        if count >= 8 { return found((base + (count &- 8)).loadUnaligned(as: UInt64.self)) == 0 }
        if count >= 4 {
            // Twice four bytes, which may overlap.
            let first = UInt64(base.loadUnaligned(as: UInt32.self))
            return found(first | UInt64((base + (count &- 4)).loadUnaligned(as: UInt32.self)) &<< 32) == 0
        }
        var word: UInt64 = 0x2020_2020_2020_2020
        for byte in self { word = word &<< 8 | UInt64(byte) }
        return found(word) == 0
    }
}
