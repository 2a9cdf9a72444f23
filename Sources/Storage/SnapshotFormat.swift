/// The layout of a snapshot file, little endian:
///
///     head    magic "LCSNAP02", byte count of the caller's header u32, its bytes, checksum of all before
///     chunk   byte count u32 (never 0), chain u64, bytes; any number of times
///     end     0 u32, count of chunks u64, chain u64, checksum of these 20 bytes
///
/// The chain hashes the checksums of the head and of the chunks in order, so that none can be missing, doubled, moved,
/// or from another file. It stands before each chunk, so that one in the wrong place is never lent. Nothing follows the
/// end.
enum SnapshotFormat {
    static let magic: UInt64 = 0x3230_5041_4E53_434C
    static let headStartByteCount = 12
    static let chunkHeadByteCount = 12
    static let endByteCount = 28
    static let headerByteCountMax = 1 << 20
    static let chunkByteCountMax = 64 << 20

    static func chained(_ chain: UInt64, _ checksum: UInt64) -> UInt64 {
        withUnsafeBytes(of: (chain.littleEndian, checksum.littleEndian)) { Checksum.of($0) }
    }
}
