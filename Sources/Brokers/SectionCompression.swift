import CZstd
import Storage

/// Compresses the sections of a frame, each by itself, as one zstd frame.
///
/// It is the sole owner of a context of zstd, which it frees in `deinit`.
struct SectionCompressor: ~Copyable {
    /// Sections below this save too little to be inflated for it.
    static let byteCountMin = 128
    /// The fastest level that keeps what the log and the changes repeat. Level 1 takes a fifth less of the disk, and as
    /// long again to read the log.
    private static let level: Int32 = -1

    private let context: OpaquePointer

    init() {
        guard let context = ZSTD_createCCtx() else { preconditionFailure("No memory to compress.") }
        self.context = context
        let result = ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Self.level)
        precondition(ZSTD_isError(result) == 0, "zstd does not know its level \(Self.level).")
    }

    deinit { ZSTD_freeCCtx(context) }

    /// Returns the bytes compressed, in `buffer`, until it is used again; nil where that makes them no smaller.
    borrowing func compress(_ bytes: UnsafeRawBufferPointer, into buffer: ByteBuffer) -> UnsafeRawBufferPointer? {
        guard bytes.count >= Self.byteCountMin else { return nil }
        let room = buffer.resize(to: bytes.count - 1)
        let count = ZSTD_compress2(context, room.baseAddress, room.count, bytes.baseAddress, bytes.count)
        // It can only lack room, or memory: either way the bytes are stored as they are.
        guard ZSTD_isError(count) == 0 else { return nil }
        return UnsafeRawBufferPointer(rebasing: room[..<count])
    }
}

/// Gives back what a `SectionCompressor` was given. It takes any bytes, and writes to no other memory than it is lent.
///
/// It is the sole owner of a context of zstd, which it frees in `deinit`.
struct SectionDecompressor: ~Copyable {
    private let context: OpaquePointer

    init() {
        guard let context = ZSTD_createDCtx() else { preconditionFailure("No memory to decompress.") }
        self.context = context
    }

    deinit { ZSTD_freeDCtx(context) }

    /// Fills `target`. Returns false if the bytes are not compressed, or not from exactly as many bytes.
    borrowing func decompress(_ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Bool {
        ZSTD_decompressDCtx(context, target.baseAddress, target.count, bytes.baseAddress, bytes.count) == target.count
    }
}
