import CZlib
import Glibc

/// Unpacks gzip, also of several members, and checks each member's checksum and length.
struct GzipReader: ~Copyable {
    /// Why a file is not valid gzip, and at which of its bytes.
    struct Damage: Error, Equatable {
        let byte: Int
        let reason: String
    }

    private static let inputChunkMax = 1 << 20
    /// zlib's largest window, plus 16 for gzip's header and trailer.
    private static let windowBits: Int32 = 15 + 16

    private let source: UnsafeRawBufferPointer
    /// zlib keeps a pointer to it, so it must not move. It is freed in `deinit`.
    private let stream: UnsafeMutablePointer<z_stream>
    private var readCount = 0
    private(set) var isAtEnd = false

    static func isGzip(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: [0x1F, 0x8B] as [UInt8]) }

    /// `source` must outlive the reader.
    init(_ source: UnsafeRawBufferPointer) {
        self.source = source
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let result = inflateInit2_(stream, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(result == Z_OK, "zlib does not begin: \(result).")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// How many bytes of the packed file were used so far.
    var usedCount: Int { readCount - Int(stream.pointee.avail_in) }

    /// Fills some of `target`. Returns how many bytes it wrote; 0 only at the end.
    mutating func read(into target: UnsafeMutableRawBufferPointer) throws(Damage) -> Int {
        let room = min(target.count, Int(Int32.max))
        stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(room)
        while !isAtEnd, stream.pointee.avail_out == room {
            if stream.pointee.avail_in == 0 { takeInput() }
            let result = inflate(stream, Z_NO_FLUSH)
            switch result {
            case Z_OK: continue
            case Z_STREAM_END: try endMember()
            case Z_BUF_ERROR where usedCount == source.count:
                throw Damage(byte: source.count, reason: "the file ends in the middle of its compressed text")
            case Z_MEM_ERROR: preconditionFailure("No memory to unpack gzip.")
            default:
                let message = stream.pointee.msg.map { String(cString: $0) } ?? "zlib says \(result)"
                throw Damage(byte: usedCount, reason: "its compressed text is not as gzip writes it (\(message))")
            }
        }
        return room - Int(stream.pointee.avail_out)
    }

    private mutating func takeInput() {
        let count = min(Self.inputChunkMax, source.count - readCount)
        let start = source.baseAddress.map { $0 + readCount }
        // zlib never writes to its input.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: start?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(count)
        readCount += count
    }

    /// Ends a member. Another one may follow, or nothing but zeros, which tapes are padded with.
    private mutating func endMember() throws(Damage) {
        let rest = UnsafeRawBufferPointer(rebasing: source[usedCount...])
        if Self.isGzip(rest) {
            inflateReset(stream)
        } else if rest.allSatisfy({ $0 == 0 }) {
            isAtEnd = true
        } else {
            throw Damage(byte: usedCount, reason: "something that is not gzip follows its compressed text")
        }
    }
}
