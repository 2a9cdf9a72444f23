/// Instants as text: RFC 3339 in UTC. Years before 0001 and after 9999 show as the first and the last instant of those.
extension Instant {
    /// Always with milliseconds, as machines like it.
    package var rfc3339: String {
        withUnsafeTemporaryAllocation(byteCount: 24, alignment: 1) { text in
            write(to: text)
            return String(decoding: text, as: UTF8.self)
        }
    }

    /// Milliseconds only where there are any, as people like it.
    package var shortRFC3339: String {
        let text = rfc3339
        return text.hasSuffix(".000Z") ? text.dropLast(5) + "Z" : text
    }

    /// The same 24 bytes as `rfc3339`, into memory of the caller's.
    package func write(to text: UnsafeMutableRawBufferPointer) {
        precondition(text.count == 24, "An instant is written in 24 bytes.")
        let (date, time) = CivilDate.split(self)
        Self.write(DateText(date), time, to: text)
    }

    /// A day as the beginning of an instant's text, for those who write many instants of few days.
    package struct DateText: BitwiseCopyable, Sendable {
        /// `YYYY-MM-`, the first byte lowest.
        fileprivate let month: UInt64
        /// `DDT`.
        fileprivate let day: UInt64

        package init(_ date: CivilDate) {
            let (year, month, day) = date.parts
            let (century, yearOfCentury) = UInt64(truncatingIfNeeded: year).quotientAndRemainder(dividingBy: 100)
            self.month =
                Instant.digits(century) | Instant.digits(yearOfCentury) << 16 | Instant.hyphen << 32
                | Instant.digits(UInt64(truncatingIfNeeded: month)) << 40 | Instant.hyphen << 56
            self.day = Instant.digits(UInt64(truncatingIfNeeded: day)) | UInt64(UInt8(ascii: "T")) << 16
        }
    }

    /// Writes the instant of a day that is so long after its midnight, into 24 bytes.
    package static func write(_ date: DateText, _ time: Milliseconds, to text: UnsafeMutableRawBufferPointer) {
        let milliseconds = UInt64(truncatingIfNeeded: time.count)
        let seconds = milliseconds / 1_000
        let minutes = seconds / 60
        let hours = minutes / 60
        // Eight bytes at a time, the first of them lowest: `YYYY-MM-`, `DDThh:mm`, `:ss.SSSZ`.
        text.storeBytes(of: date.month.littleEndian, as: UInt64.self)
        var word = date.day | Self.digits(hours) << 24 | Self.colon << 40 | Self.digits(minutes &- hours &* 60) << 48
        text.storeBytes(of: word.littleEndian, toByteOffset: 8, as: UInt64.self)
        let fraction = milliseconds &- seconds &* 1_000
        let hundredths = fraction / 10
        word = Self.colon | Self.digits(seconds &- minutes &* 60) << 8 | UInt64(UInt8(ascii: ".")) << 24
        word |= Self.digits(hundredths) << 32 | (fraction &- hundredths &* 10 &+ Self.zero) << 48
        word |= UInt64(UInt8(ascii: "Z")) << 56
        text.storeBytes(of: word.littleEndian, toByteOffset: 16, as: UInt64.self)
    }

    private static let zero = UInt64(UInt8(ascii: "0"))
    private static let hyphen = UInt64(UInt8(ascii: "-"))
    private static let colon = UInt64(UInt8(ascii: ":"))

    /// The two digits of a number below 100, the first one lowest.
    @inline(__always) private static func digits(_ number: UInt64) -> UInt64 {
        let tens = (number &* 103) &>> 10
        return tens | (number &- tens &* 10) &<< 8 | 0x3030
    }
}
