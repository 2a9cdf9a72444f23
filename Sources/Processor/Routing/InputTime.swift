package import Brokers
package import CustomerLifecycle

/// The header in which a record of the log says when its record came to Kafka, where it was read live: what the time
/// from end to end is counted from. It stands beside the record, since no fold may depend on it.
package enum InputTime {
    private static let name: StaticString = "input-time"

    private static var nameBytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    }

    /// Milliseconds since 1970, as text: for whoever reads a log with other tools.
    static func write(_ instant: Instant, into block: HeaderBlock) {
        var digits = "\(instant.milliseconds)"
        digits.withUTF8 { digits in
            block.append(nameBytes, UnsafeRawBufferPointer(digits))
        }
    }

    /// Nil where the record says none, or what is none.
    package static func read(_ record: LentRecord) -> Instant? {
        guard let headers = record.headers else { return nil }
        var scanner = HeaderScanner(headers)
        do {
            while let header = try scanner.next() {
                guard header.name.elementsEqual(nameBytes), let value = header.value else { continue }
                return Int64(String(decoding: value, as: UTF8.self)).map { Instant(milliseconds: $0) }
            }
            return nil
        } catch {
            // Whoever wrote it, the record itself is folded all the same.
            return nil
        }
    }
}
