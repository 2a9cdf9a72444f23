import Glibc
import Storage

/// Turns a text of another encoding into UTF-8, piece by piece.
struct TextEncoding: ~Copyable {
    private let name: String
    private let conversion: iconv_t

    /// `name` is one that iconv knows; nil where it knows none.
    init?(_ name: String) {
        guard let opened = iconv_open("UTF-8", name), opened != iconv_t(bitPattern: -1) else { return nil }
        self.name = name
        conversion = opened
    }

    deinit { iconv_close(conversion) }

    /// Converts what `input` has to a file without a name. `input` fills memory from a place on, and says how many
    /// bytes it had.
    borrowing func convert(
        file: String, in space: ImportSpace, onProgress: FileText.OnProgress, total: Int,
        from input: (UnsafeMutableRawBufferPointer, _ place: Int) throws(ImportError) -> Int
    ) throws(ImportError) -> SpillFile {
        let target = try ImportError.spilling { () throws(StorageError) in try space.makeFile() }
        let source = HeldMemory(byteCount: 1 << 18, of: space)
        // No character has more than four bytes in UTF-8, and none of these encodings less than one.
        let converted = HeldMemory(byteCount: 4 << 18, of: space)
        var (place, kept) = (0, 0)
        while true {
            let count = try input(source.rest(from: kept), place)
            place += count
            let available = kept + count
            let used = try convert(
                source.bytes(0..<available), isLast: count == 0, into: converted, at: place - available, file)
            try ImportError.spilling { () throws(StorageError) in try target.append(converted.bytes(0..<used.written)) }
            kept = available - used.read
            if kept > 0 { source.base.copyMemory(from: source.base + used.read, byteCount: kept) }
            onProgress(place, total)
            if count == 0 { return target }
        }
    }

    /// Throws where bytes stand for nothing in this encoding.
    private borrowing func convert(
        _ bytes: UnsafeRawBufferPointer, isLast: Bool, into target: HeldMemory, at place: Int, _ file: String
    ) throws(ImportError) -> (read: Int, written: Int) {
        var input = UnsafeMutablePointer(
            mutating: bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
        var inputLeft = bytes.count
        var output: UnsafeMutablePointer<CChar>? = target.base.assumingMemoryBound(to: CChar.self)
        var outputLeft = target.byteCount
        let result = iconv(conversion, &input, &inputLeft, &output, &outputLeft)
        let cause = errno
        let read = bytes.count - inputLeft
        if result == -1 {
            // A character that is cut by the end of the piece comes whole with the next one.
            guard cause == EINVAL, !isLast else {
                throw .notInEncoding(file: file, encoding: name, byte: place + read)
            }
        }
        return (read, target.byteCount - outputLeft)
    }

    /// Which encoding bytes that are not UTF-8 may be in. A guess, for a hint.
    static func guess(_ bytes: UnsafeRawBufferPointer) -> String {
        var (pairs, index) = (0, 0)
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            guard byte >= 0x80, !(0xA1...0xDF).contains(byte) else { continue }
            guard (0x81...0x9F).contains(byte) || (0xE0...0xEF).contains(byte), index < bytes.count,
                (0x40...0x7E).contains(bytes[index]) || (0x80...0xFC).contains(bytes[index])
            else { return "cp1252" }
            if byte <= 0x9F { pairs += 1 }
            index += 1
        }
        return pairs >= 2 ? "Shift_JIS" : "cp1252"
    }
}
