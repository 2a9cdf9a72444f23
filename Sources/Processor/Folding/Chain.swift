import CXXHash
package import CustomerLifecycle

/// A running 128-bit hash (XXH3, seed 0) over a sequence: two folds agree on it iff they saw the same sequence.
///
/// It finds accidents and defects, not forgers: XXH3 is no cryptographic hash.
package struct Chain: Equatable, Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    package init() {}

    /// What a record of the log adds. Key and value go in as their own hashes, so that they are not copied, and can be
    /// hashed where they are read.
    package struct Link {
        /// The counts of key and value, and the halves of their hashes.
        fileprivate let words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)

        package init(key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?) {
            let keyHash = xxh3_128(key?.baseAddress, key?.count ?? 0)
            let valueHash = xxh3_128(value?.baseAddress, value?.count ?? 0)
            words = (
                Chain.count(key), keyHash.low64, keyHash.high64, Chain.count(value), valueHash.low64, valueHash.high64
            )
        }
    }

    /// Returns the chain of a log with one record more: its append time, key and value.
    package func adding(_ link: Link, appended: Instant) -> Self {
        let words = link.words
        return hashed(
            (
                low, high, UInt64(bitPattern: appended.milliseconds), words.0, words.1, words.2, words.3, words.4,
                words.5
            ))
    }

    /// Returns the chain of outputs with one more, in its packed form: before it is encoded.
    package func adding(_ output: PackedOutput, of subject: UnsafeRawBufferPointer) -> Self {
        let subjectHash = xxh3_128(subject.baseAddress, subject.count)
        return hashed(
            (
                low, high, UInt64(output.type.rawValue), subjectHash.low64, subjectHash.high64, output.sequence,
                output.decision, UInt64(bitPattern: output.time.milliseconds), UInt64(output.ordinal)
            ))
    }

    private typealias Words = (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)

    private func hashed(_ words: Words) -> Self {
        // Little-endian machines only, like everything we store; the test of golden values says so on any other.
        let hash = withUnsafeBytes(of: words) { xxh3_128($0.baseAddress, $0.count) }
        var next = self
        next.low = hash.low64
        next.high = hash.high64
        return next
    }

    /// No bytes and no value are different things.
    fileprivate static func count(_ bytes: UnsafeRawBufferPointer?) -> UInt64 { bytes.map { UInt64($0.count) } ?? .max }
}

extension Chain: LosslessStringConvertible {
    /// 32 hexadecimal digits, high half first.
    package var description: String { Self.hexadecimal(high) + Self.hexadecimal(low) }

    package init?(_ description: String) {
        guard description.utf8.count == 32, let high = UInt64(description.prefix(16), radix: 16),
            let low = UInt64(description.suffix(16), radix: 16)
        else { return nil }
        self.high = high
        self.low = low
    }

    private static func hexadecimal(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

/// What the table of subjects goes by: XXH3-64 of the subject's bytes. In no output and no stored byte.
func subjectHash(_ subject: UnsafeRawBufferPointer) -> UInt64 { xxh3_64(subject.baseAddress, subject.count) }
