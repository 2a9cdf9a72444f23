package import CustomerLifecycle

/// Writes JSON, minified, into a buffer that is reused; commas and escapes come by themselves.
///
/// Members come in the order they are written. What was opened must be closed by the caller.
package struct JSONWriter: Sendable {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init() {}

    /// Empties the buffer; its memory stays.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Hands out what was written since the last call: a long document need not be held whole.
    package mutating func takeText() -> String {
        defer { bytes.removeAll(keepingCapacity: true) }
        return text
    }

    /// Lends what was written, with 64 more bytes readable behind it, as the readers of JSON want it.
    package mutating func withPaddedBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let count = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: 64))
        defer { bytes.removeLast(64) }
        return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    package mutating func beginObject() { open("{") }
    package mutating func endObject() { close("}") }
    package mutating func beginArray() { open("[") }
    package mutating func endArray() { close("]") }

    /// The name of the member whose value comes next.
    package mutating func name(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func value(_ text: String) {
        separate()
        quote(text)
        needsComma = true
    }

    /// A text as bytes of UTF-8.
    package mutating func value(_ text: UnsafeRawBufferPointer) {
        separate()
        quote(text)
        needsComma = true
    }

    package mutating func value(_ integer: Int64) { literal(String(integer)) }
    package mutating func value(_ integer: Int) { literal(String(integer)) }
    package mutating func value(_ flag: Bool) { literal(flag ? "true" : "false") }
    package mutating func null() { literal("null") }

    /// JSON that was written before.
    package mutating func verbatim(_ json: UnsafeRawBufferPointer) {
        separate()
        bytes.append(contentsOf: json)
        needsComma = true
    }

    /// RFC 3339 in UTC, with milliseconds.
    package mutating func value(_ instant: Instant) {
        withUnsafeTemporaryAllocation(byteCount: 24, alignment: 1) { text in
            instant.write(to: text)
            value(UnsafeRawBufferPointer(text))
        }
    }

    /// The amount as a decimal number with its currency's own digits; the currency is the caller's to name.
    package mutating func decimal(_ money: Money) {
        literal(MoneyText.decimal(minorUnits: money.minorUnits, digits: money.currency.minorDigits))
    }

    /// A line break, between documents of one file.
    package mutating func endLine() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    private mutating func open(_ bracket: Unicode.Scalar) {
        separate()
        bytes.append(UInt8(ascii: bracket))
        needsComma = false
    }

    private mutating func close(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = true
    }

    private mutating func literal(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func quote(_ text: String) {
        var text = text
        text.withUTF8 { quote(UnsafeRawBufferPointer($0)) }
    }

    /// Most texts need no escape: they are appended in runs.
    private mutating func quote(_ text: UnsafeRawBufferPointer) {
        bytes.append(UInt8(ascii: "\""))
        var start = 0
        for place in 0..<text.count where Self.needsEscape(text[place]) {
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<place]))
            escape(text[place])
            start = place + 1
        }
        bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start...]))
        bytes.append(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0..<0x20: bytes.append(contentsOf: ((byte < 0x10 ? "u000" : "u00") + String(byte, radix: 16)).utf8)
        default: bytes.append(byte)
        }
    }
}

/// Whole members; what is absent is written as null, so that every member of a closed schema is always there.
extension JSONWriter {
    package mutating func member(_ name: String, _ text: String?) {
        self.name(name)
        if let text { value(text) } else { null() }
    }

    package mutating func member(_ name: String, _ integer: Int?) {
        self.name(name)
        if let integer { value(integer) } else { null() }
    }

    package mutating func member(_ name: String, _ integer: Int64?) {
        self.name(name)
        if let integer { value(integer) } else { null() }
    }

    package mutating func member(_ name: String, _ flag: Bool?) {
        self.name(name)
        if let flag { value(flag) } else { null() }
    }

    package mutating func member(_ name: String, _ instant: Instant?) {
        self.name(name)
        if let instant { value(instant) } else { null() }
    }

    package mutating func object(_ name: String, _ body: (inout Self) -> Void) {
        self.name(name)
        beginObject()
        body(&self)
        endObject()
    }

    package mutating func array<Elements: Sequence>(
        _ name: String, _ elements: Elements, _ body: (inout Self, Elements.Element) -> Void
    ) {
        self.name(name)
        beginArray()
        for element in elements { body(&self, element) }
        endArray()
    }
}
