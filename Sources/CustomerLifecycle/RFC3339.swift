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
        let (year, month, day) = date.parts
        text.copyMemory(from: UnsafeRawBufferPointer(start: Self.zeros.utf8Start, count: 24))
        Self.write(year, endingAt: 4, in: text)
        Self.write(month, endingAt: 7, in: text)
        Self.write(day, endingAt: 10, in: text)
        let milliseconds = Int(time.count)
        Self.write(milliseconds / 3_600_000, endingAt: 13, in: text)
        Self.write(milliseconds / 60_000 % 60, endingAt: 16, in: text)
        Self.write(milliseconds / 1_000 % 60, endingAt: 19, in: text)
        Self.write(milliseconds % 1_000, endingAt: 23, in: text)
    }

    private static let zeros: StaticString = "0000-00-00T00:00:00.000Z"

    /// Over zeros: what stands before the number's first digit is left.
    private static func write(_ number: Int, endingAt end: Int, in text: UnsafeMutableRawBufferPointer) {
        var rest = number
        var index = end - 1
        while rest > 0 {
            text[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
            index -= 1
        }
    }
}
