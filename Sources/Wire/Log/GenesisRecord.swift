/// Names a log for ever: 16 random bytes, drawn when its topics are created.
package struct LogID: Hashable, Sendable, CustomStringConvertible {
    package static let byteCount = 16
    private let bytes: SIMD16<UInt8>

    /// Fails unless there are 16 bytes.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes.loadUnaligned(as: SIMD16<UInt8>.self)
    }

    package init(random generator: inout some RandomNumberGenerator) {
        bytes = SIMD16.random(in: 0...255, using: &generator)
    }

    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeBytes(of: bytes, body)
    }

    package var description: String { withBytes { hexadecimal($0) } }
}

/// The first record of every partition: which log this is, how many partitions it has, and under what it begins.
package struct GenesisRecord: Equatable, Sendable {
    package var log: LogID
    package var partitionCount: Int
    package var foldVersion: UInt32
    package var policy: AdoptedPolicy

    package static let partitionCounts = 1...100_000

    package init(log: LogID, partitionCount: Int, foldVersion: UInt32, policy: AdoptedPolicy) {
        precondition(Self.partitionCounts.contains(partitionCount), "A log has at least one partition.")
        self.log = log
        self.partitionCount = partitionCount
        self.foldVersion = foldVersion
        self.policy = policy
    }

    init(from reader: inout ByteReader) throws(LogRecordError) {
        let id = try reader.slice(.logID, count: LogID.byteCount)
        guard let log = LogID(id) else {
            throw .outOfRange(.logID, found: id.count, expected: LogID.byteCount...LogID.byteCount)
        }
        self.log = log
        partitionCount = Int(try reader.integer(.partitionCount, as: UInt32.self))
        guard Self.partitionCounts.contains(partitionCount) else {
            throw .outOfRange(.partitionCount, found: partitionCount, expected: Self.partitionCounts)
        }
        let format = try reader.integer(.format, as: UInt8.self)
        guard format == LogHeader.format else { throw .unknownFormat(format) }
        foldVersion = try reader.integer(.foldVersion)
        policy = try AdoptedPolicy(from: &reader)
    }

    func append(to writer: inout ByteWriter) {
        log.withBytes { writer.append($0) }
        writer.append(UInt32(partitionCount))
        writer.append(LogHeader.format)
        writer.append(foldVersion)
        policy.append(to: &writer)
    }
}

/// A new generation of outputs begins, under a new fold version.
package struct GenerationRecord: Equatable, Sendable {
    package var number: UInt32
    package var foldVersion: UInt32

    package init(number: UInt32, foldVersion: UInt32) {
        self.number = number
        self.foldVersion = foldVersion
    }

    init(from reader: inout ByteReader) throws(LogRecordError) {
        number = try reader.integer(.generation)
        foldVersion = try reader.integer(.foldVersion)
    }

    func append(to writer: inout ByteWriter) {
        writer.append(number)
        writer.append(foldVersion)
    }
}
