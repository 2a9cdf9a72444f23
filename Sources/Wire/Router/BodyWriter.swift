internal import CSimdJSON

/// Writes the body of a log record as minified JSON; commas come by themselves. Texts are written as they came wherever
/// nothing in them had to change.
struct BodyWriter: ~Copyable {
    private var out = ReusedBytes(capacity: 8_192)

    var bytes: UnsafeRawBufferPointer { out.bytes }

    mutating func removeAll() { out.removeAll() }

    /// How much is written: where `takeBack` can return to.
    var count: Int { out.count }

    mutating func takeBack(to count: Int) { out.removeLast(out.count - count) }

    /// Whether the object that was just begun has no member yet.
    var isAtBegin: Bool { out.bytes.last == UInt8(ascii: "{") }

    mutating func beginObject() {
        separate()
        out.append(UInt8(ascii: "{"))
    }

    mutating func endObject() { out.append(UInt8(ascii: "}")) }

    mutating func beginArray() {
        separate()
        out.append(UInt8(ascii: "["))
    }

    mutating func endArray() { out.append(UInt8(ascii: "]")) }

    /// The key of the member whose value comes next.
    mutating func key(_ key: Int, of json: JSONTokens) {
        if json[key].has(walk_has_escape) {
            text(json.raw(key))
        } else {
            verbatim(key, of: json)
        }
        out.append(UInt8(ascii: ":"))
    }

    mutating func key(_ name: StaticString) {
        text(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        out.append(UInt8(ascii: ":"))
    }

    mutating func key(_ name: UnsafeRawBufferPointer) {
        text(name)
        out.append(UInt8(ascii: ":"))
    }

    /// A number, `true`, `false`, `null`, or a string with its escapes.
    mutating func verbatim(_ index: Int, of json: JSONTokens) {
        separate()
        let token = json[index]
        let quotes = token.shape == .string || token.shape == .key ? 1 : 0
        out.append(
            UnsafeRawBufferPointer(start: json.base + Int(token.start) - quotes, count: Int(token.length) + 2 * quotes))
    }

    mutating func literal(_ text: StaticString) {
        separate()
        out.append(text)
    }

    mutating func integer(_ number: Int) {
        separate()
        out.appendDecimal(number)
    }

    mutating func text(_ name: StaticString) {
        text(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    /// A text without escapes; what JSON cannot hold is escaped.
    mutating func text(_ bytes: UnsafeRawBufferPointer) {
        separate()
        out.appendQuoted(bytes)
    }

    private mutating func separate() {
        guard let last = out.bytes.last else { return }
        switch last {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"): break
        default: out.append(UInt8(ascii: ","))
        }
    }
}
