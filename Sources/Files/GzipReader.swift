import CZlib
import Glibc

/// Unpacks gzip, also of several members, and checks each member's checksum and length.
struct GzipReader: ~Copyable {
    enum Failure: Error {
        /// Why a file is not valid gzip, and at which of its bytes.
        case damage(byte: Int, reason: String)
        /// What is packed could not be read.
        case input(ImportError)
    }

    /// zlib's largest window, plus 16 for gzip's header and trailer.
    private static let windowBits: Int32 = 15 + 16
    private static let magic: [UInt8] = [0x1F, 0x8B]

    /// zlib keeps a pointer to it, so it must not move. It is freed in `deinit`.
    private let stream: UnsafeMutablePointer<z_stream>
    private(set) var isAtEnd = false

    static func isGzip(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: magic) }

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let result = inflateInit2_(stream, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(result == Z_OK, "zlib does not begin: \(result).")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Fills some of `target`. Returns how many bytes it wrote; 0 only at the end.
    mutating func read(
        from input: inout PackedInput, into target: UnsafeMutableRawBufferPointer
    ) throws(Failure) -> Int {
        let room = min(target.count, Int(Int32.max))
        stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(room)
        while !isAtEnd, stream.pointee.avail_out == room {
            let isMore = try fill(&input, to: 1)
            switch inflate(&input) {
            case Z_OK: continue
            case Z_STREAM_END: try endMember(&input)
            case Z_BUF_ERROR where !isMore:
                throw .damage(
                    byte: input.usedByteCount, reason: "the file ends in the middle of its compressed text")
            case Z_BUF_ERROR: continue
            case Z_MEM_ERROR: preconditionFailure("No memory to unpack gzip.")
            case let result:
                let message = stream.pointee.msg.map { String(cString: $0) } ?? "zlib says \(result)"
                throw .damage(
                    byte: input.usedByteCount,
                    reason: "its compressed text is not as gzip writes it (\(message))")
            }
        }
        return room - Int(stream.pointee.avail_out)
    }

    private func inflate(_ input: inout PackedInput) -> Int32 {
        let bytes = input.bytes
        // zlib never writes to its input.
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(bytes.count)
        let result = CZlib.inflate(stream, Z_NO_FLUSH)
        input.use(bytes.count - Int(stream.pointee.avail_in))
        return result
    }

    /// Ends a member. Another one may follow, or nothing but zeros, which tapes are padded with.
    private mutating func endMember(_ input: inout PackedInput) throws(Failure) {
        _ = try fill(&input, to: Self.magic.count)
        if Self.isGzip(input.bytes) {
            inflateReset(stream)
            return
        }
        while try fill(&input, to: 1) {
            guard input.bytes.allSatisfy({ $0 == 0 }) else {
                throw .damage(
                    byte: input.usedByteCount, reason: "something that is not gzip follows its compressed text")
            }
            input.use(input.bytes.count)
        }
        isAtEnd = true
    }

    /// Reads until so many bytes wait to be unpacked. Returns false where fewer are left.
    private func fill(_ input: inout PackedInput, to byteCount: Int) throws(Failure) -> Bool {
        do throws(ImportError) {
            while input.bytes.count < byteCount { guard try input.fill() else { return false } }
            return true
        } catch {
            throw .input(error)
        }
    }
}
