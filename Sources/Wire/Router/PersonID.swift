/// The rules for ids of persons: what surrounds them goes, and some are no ids.
package enum PersonID {
    static let byteCountMax = 256

    /// Without blanks, quotes and `%22` at both ends.
    package static func trimmed(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var rest = text[...]
        while let count = wrappingCount(rest.prefix(3), first: 0), count > 0 { rest = rest.dropFirst(count) }
        while let count = wrappingCount(rest.suffix(3), first: 2), count > 0 { rest = rest.dropLast(count) }
        return UnsafeRawBufferPointer(rebasing: rest)
    }

    /// How many bytes of what surrounds ids stand at that end of `edge`; `first` is where its outermost byte would be.
    private static func wrappingCount(_ edge: Slice<UnsafeRawBufferPointer>, first: Int) -> Int? {
        if edge.elementsEqual("%22".utf8) { return 3 }
        guard let outer = first == 0 ? edge.first : edge.last else { return nil }
        return outer.isASCIIBlank || outer == UInt8(ascii: "\"") || outer == UInt8(ascii: "'") ? 1 : 0
    }

    /// A JSON number that is an integer, as decimal text; nil for any other.
    static func integer(_ number: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let digits = number.first == UInt8(ascii: "-") ? number.dropFirst() : number[...]
        guard digits.allSatisfy(\.isASCIIDigit) else { return nil }
        return digits.elementsEqual("0".utf8) ? UnsafeRawBufferPointer(rebasing: digits) : number
    }
}

/// What shops send where they have no id; compared without case.
struct BlockedIDs: Sendable {
    static let always = [
        "null", "undefined", "none", "nil", "nan", "n/a", "unknown", "anonymous", "guest", "test", "true", "false", "0",
        "-1", "[object object]",
    ]

    private let ids: [[UInt8]]
    private let byteCountMax: Int

    init(also more: [String]) {
        ids = (Self.always + more).map { $0.utf8.map(\.loweredASCII) }
        byteCountMax = ids.map(\.count).max() ?? 0
    }

    func contains(_ id: UnsafeRawBufferPointer) -> Bool {
        guard id.count <= byteCountMax else { return false }
        return ids.contains { blocked in
            blocked.count == id.count && blocked.elementsEqual(id, by: { $0 == $1.loweredASCII })
        }
    }
}
