package import CustomerLifecycle

/// Appends little-endian numbers and bytes to a buffer that is reused from record to record.
package struct ByteWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// Empties the buffer; its memory stays.
    package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    package mutating func append(_ integer: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: integer.littleEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func append(_ instant: Instant) { append(instant.milliseconds) }

    package mutating func append(_ slice: UnsafeRawBufferPointer) { bytes.append(contentsOf: slice) }

    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        bytes.withUnsafeBytes(body)
    }
}
