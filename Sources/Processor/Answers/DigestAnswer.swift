import CCrypto
package import CustomerLifecycle
package import Wire

/// Asks for one number over all facts and standings: the sum, modulo 2^128, over subjects of the first 16 bytes of
/// SHA-256(subject, facts, said, standing). It is equal for equal folds, whatever the order of the subjects and the
/// number of partitions.
package struct DigestQuestion: Survey, Equatable {
    package typealias Answer = DigestReport

    /// The instant asked about; nil for the newest that the log knows.
    package var asOf: Instant?

    package init(asOf: Instant? = nil) { self.asOf = asOf }

    package func part(of fold: LogFold, at moment: LogMoment) -> DigestPart {
        DigestPart(under: fold.withState { $0.policy }, at: moment.instant ?? .distantPast)
    }

    package func report(_ parts: [DigestPart], at moment: LogMoment) -> DigestReport {
        let sum = parts.reduce(into: UInt128(0)) { $0 &+= $1.sum }
        let digits = String(sum, radix: 16)
        return DigestReport(
            asOf: moment.instant, digest: String(repeating: "0", count: 32 - digits.count) + digits,
            subjects: parts.reduce(0) { $0 + $1.subjectCount }, foldVersion: Int(LogFold.version))
    }
}

extension FoldedLog {
    /// One number over all facts and standings.
    package func digest(threadCount: Int = coreCount) -> DigestReport {
        answer(DigestQuestion(), threadCount: threadCount)
    }
}

/// The sum over one partition's subjects.
package final class DigestPart: SurveyPart {
    package static let stepSubjectCount = 1_024

    private(set) var sum: UInt128 = 0
    private(set) var subjectCount = 0
    private let judge: Judge
    private let instant: Instant
    private var said = Said()
    private var writer = PackedWriter()

    init(under policy: Policy, at instant: Instant) {
        judge = Judge(under: policy)
        self.instant = instant
    }

    package func take(_ subject: LentSubject) {
        writer.removeAll()
        Partition.packDigestible(subject, at: instant, judge, said: &said, into: &writer)
        sum &+= Self.hash(writer.bytes)
        subjectCount += 1
    }

    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt128 {
        withUnsafeTemporaryAllocation(byteCount: Int(SHA256_DIGEST_LENGTH), alignment: 16) { digest in
            SHA256(bytes.baseAddress, bytes.count, digest.baseAddress)
            return UInt128(bigEndian: digest.loadUnaligned(as: UInt128.self))
        }
    }
}
