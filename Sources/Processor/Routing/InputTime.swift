package import Brokers
package import CustomerLifecycle

/// The header in which a record of the log says when its record came to Kafka, where it was read live: what the time
/// from end to end is counted from. It stands beside the record, since no fold may depend on it.
package enum InputTime {
    /// Short, as its value is: it stands in each live record.
    private static let name: StaticString = "in"

    private static var nameBytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    }

    /// Milliseconds since 1970, eight bytes, the highest first.
    static func write(_ instant: Instant, into block: HeaderBlock) {
        withUnsafeBytes(of: instant.milliseconds.bigEndian) { block.append(nameBytes, $0) }
    }

    /// Nil where the record says none, or what is none.
    package static func read(_ record: LentRecord) -> Instant? {
        guard let headers = record.headers else { return nil }
        var scanner = HeaderScanner(headers)
        do {
            while let header = try scanner.next() {
                guard header.name.elementsEqual(nameBytes), let value = header.value, value.count == 8 else { continue }
                return Instant(milliseconds: Int64(bigEndian: value.loadUnaligned(as: Int64.self)))
            }
            return nil
        } catch {
            // Whoever wrote it, the record itself is folded all the same.
            return nil
        }
    }
}
