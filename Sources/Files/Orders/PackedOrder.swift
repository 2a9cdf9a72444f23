import CustomerLifecycle
import Wire

/// An event of an order as it is sorted: the texts that its JSON needs, each behind its length, then the first row of
/// the order as it stands in the file.
struct PackedOrder {
    /// What is kept besides the customer, the order's id, the kind and the time, by which events are sorted.
    enum Field: Int, CaseIterable {
        case customer, revenue, currency, coupon, discount, costOfGoods, categories, consents, creditOf
    }

    private static let absent = UInt32.max

    private let text: UnsafeRawBufferPointer
    /// Where the original row begins.
    private let originalStart: Int

    init(_ text: UnsafeRawBufferPointer) {
        self.text = text
        var place = 0
        for _ in Field.allCases { place = Self.end(of: place, in: text) }
        originalStart = place
    }

    subscript(_ field: Field) -> UnsafeRawBufferPointer? {
        var place = 0
        for _ in 0..<field.rawValue { place = Self.end(of: place, in: text) }
        guard text.loadUnaligned(fromByteOffset: place, as: UInt32.self) != Self.absent else { return nil }
        return UnsafeRawBufferPointer(rebasing: text[place + 4..<Self.end(of: place, in: text)])
    }

    var original: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: text[originalStart...]) }

    private static func end(of place: Int, in text: UnsafeRawBufferPointer) -> Int {
        let count = text.loadUnaligned(fromByteOffset: place, as: UInt32.self)
        return place + 4 + (count == absent ? 0 : Int(count))
    }

    /// Appends a field; fields are appended in their order, and the original row last.
    static func append(_ field: (some Collection<UInt8>)?, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: field.map { UInt32($0.count) } ?? absent) { bytes.append(contentsOf: $0) }
        if let field { bytes.append(contentsOf: field) }
    }

    /// Appends an amount as decimal text.
    static func append(_ minorUnits: Int64?, digits: Int, to bytes: inout [UInt8]) {
        guard let minorUnits else { return append([UInt8]?.none, to: &bytes) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { text in
            var place = text.count
            var rest = minorUnits.magnitude
            var count = 0
            repeat {
                if count == digits, digits > 0 {
                    place -= 1
                    text[place] = UInt8(ascii: ".")
                }
                place -= 1
                text[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
                count += 1
            } while rest > 0 || count <= digits
            if minorUnits < 0 {
                place -= 1
                text[place] = UInt8(ascii: "-")
            }
            append(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(text)[place...]), to: &bytes)
        }
    }
}
