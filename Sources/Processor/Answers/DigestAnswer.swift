import CCrypto
import CustomerLifecycle
package import Wire

extension FoldedLog {
    /// The sum, modulo 2^128, over subjects of the first 16 bytes of SHA-256(subject, facts, said, standing): whatever
    /// the order of the subjects and the number of partitions, equal for equal folds.
    package func digest(threadCount: Int = coreCount) -> DigestReport {
        let at = instant ?? .distantPast
        let folds = UncheckedFolds(folds)
        let sums = onThreads(count: folds.count, threadCount: threadCount) { folds.digest(of: $0, at: at) }
        let sum = sums.reduce(into: UInt128(0)) { $0 &+= $1 }
        let digits = String(sum, radix: 16)
        return DigestReport(
            asOf: instant, digest: String(repeating: "0", count: 32 - digits.count) + digits,
            subjects: self.folds.reduce(0) { $0 + $1.withState { $0.subjectCount } }, foldVersion: Int(LogFold.version))
    }
}

/// Lends each fold to one thread; nothing writes to them meanwhile, which is what makes the `@unchecked` safe.
private struct UncheckedFolds: @unchecked Sendable {
    private let folds: [LogFold]

    init(_ folds: [LogFold]) { self.folds = folds }

    var count: Int { folds.count }

    func digest(of index: Int, at instant: Instant) -> UInt128 {
        var sum: UInt128 = 0
        var said = Said()
        var writer = PackedWriter()
        folds[index].withState { state in
            let judge = Judge(under: state.policy)
            state.lendEachSubject { subject in
                writer.removeAll()
                state.packDigestible(subject, at: instant, judge, said: &said, into: &writer)
                sum &+= Self.hash(writer.bytes)
            }
        }
        return sum
    }

    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt128 {
        withUnsafeTemporaryAllocation(byteCount: Int(SHA256_DIGEST_LENGTH), alignment: 16) { digest in
            SHA256(bytes.baseAddress, bytes.count, digest.baseAddress)
            return UInt128(bigEndian: digest.loadUnaligned(as: UInt128.self))
        }
    }
}
