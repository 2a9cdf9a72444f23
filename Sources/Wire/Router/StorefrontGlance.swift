internal import CSimdJSON
package import CustomerLifecycle

/// Looks at a storefront event just long enough to sort it: whose it is, and when it happened by its own account.
///
/// It sees what the `StorefrontReader` sees as long as no setting says otherwise, at a fraction of the cost; it checks
/// nothing.
package struct StorefrontGlance: ~Copyable {
    package struct Sight {
        /// Else the id is an anonymous one.
        package let isUser: Bool
        /// Where it stands in the event, unless escapes had to be resolved; then good until the next look.
        package let id: UnsafeRawBufferPointer
        package let time: Instant
    }

    private enum Field: Int, CaseIterable {
        case userID, anonymousID, timestamp, originalTimestamp

        var name: String {
            switch self {
            case .userID: "userId"
            case .anonymousID: "anonymousId"
            case .timestamp: "timestamp"
            case .originalTimestamp: "originalTimestamp"
            }
        }
    }

    private var selector = FieldSelector(Field.allCases.map(\.name))
    private let blocked = BlockedIDs(also: [])
    private var unescaped = ReusedBytes(capacity: 1_024)

    package init() {}

    /// Returns subject and time; nil where one of them cannot be seen. 64 bytes behind `json` must be readable.
    package mutating func look(at json: UnsafeRawBufferPointer, zone: ZoneTable?) -> Sight? {
        do {
            try selector.run(json)
        } catch {
            return nil  // What is wrong with it, the reader says when its turn comes.
        }
        let timestamp = selector.value(Field.timestamp.rawValue).valueKind
        let isStamped = timestamp != .absent && timestamp != .null
        guard let text = text(isStamped ? .timestamp : .originalTimestamp, of: json),
            let time = TimeText.parse(text, zone: zone)
        else { return nil }
        if let id = id(.userID, of: json) { return Sight(isUser: true, id: id, time: time) }
        return id(.anonymousID, of: json).map { Sight(isUser: false, id: $0, time: time) }
    }

    private mutating func id(_ field: Field, of json: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard let text = text(field, of: json) else { return nil }
        let isNumber = selector.value(field.rawValue).valueKind == .number
        guard let id = isNumber ? IDText.integer(text) : IDText.trimming(text), !id.isEmpty, !blocked.contains(id)
        else {
            return nil
        }
        return id
    }

    /// A text or a number; nil for any other value.
    private mutating func text(_ field: Field, of json: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let value = selector.value(field.rawValue)
        let bytes = value.bytes(in: json)
        switch value.valueKind {
        case .number: return bytes
        case .text: return value.is_escaped == 0 ? bytes : resolved(bytes)
        case .absent, .null, .no, .yes, .array, .object: return nil
        }
    }

    private mutating func resolved(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        unescaped.removeAll()
        unescaped.append(text)
        let target = UnsafeMutableRawBufferPointer(start: unescaped.base, count: text.count)
        guard let count = JSONEscapes.resolve(text, into: target) else { return nil }
        return unescaped.bytes(0..<count)
    }
}
