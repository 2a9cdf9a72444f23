import CustomerLifecycle
import Wire

/// Derives the message id of an order's row from its content, so that the same row in another file is the same event.
struct RowIdentity {
    private let hash = ContentHash()
    private var canonical: [UInt8] = []
    private var digits = [UInt8](repeating: 0, count: 2 * ContentHash.byteCount)

    /// Lends the SHA-256, in hex, of the row's fields in a fixed order, each behind its length, so that different rows
    /// differ.
    mutating func withMessageID(of order: OrderText, _ body: (UnsafeRawBufferPointer) -> Void) {
        canonical.removeAll(keepingCapacity: true)
        append(UInt64(order.kind.rawValue))
        append(UInt64(bitPattern: order.time.milliseconds))
        for field in [order.customer, order.order] { append(field) }
        let texts = [
            order.amount, order.currency, order.coupon, order.discount, order.costOfGoods, order.consents,
            order.creditOf,
        ]
        for field in texts {
            append(field)
        }
        for category in order.categories { append(category) }
        canonical.withUnsafeBytes { hash.update($0) }
        digits.withUnsafeMutableBytes { hash.finish(into: $0) }
        digits.withUnsafeBytes { body($0) }
    }

    private mutating func append(_ field: UnsafeRawBufferPointer?) {
        append(field.map { UInt64($0.count) } ?? .max)
        if let field { canonical.append(contentsOf: field) }
    }

    private mutating func append(_ number: UInt64) {
        withUnsafeBytes(of: number.littleEndian) { canonical.append(contentsOf: $0) }
    }
}
