/// Reads what a shop calls an event that has no words of its own in a timeline.
package struct EventTitle: ~Copyable {
    private var selector = FieldSelector(["event", "type"])

    package init() {}

    /// Returns the event's name as the shop writes it, else the call's, for example `page`; nil where there is neither.
    /// 64 bytes behind `body` must be readable.
    package mutating func title(of body: UnsafeRawBufferPointer) -> String? {
        do { try selector.run(body) } catch { return nil }
        for field in 0..<2 {
            let value = selector.value(field)
            guard value.valueKind == .text else { continue }
            let text = IDText.trimmingBlanks(value.bytes(in: body))
            if !text.isEmpty { return String(decoding: text.prefix(64), as: UTF8.self) }
        }
        return nil
    }
}
