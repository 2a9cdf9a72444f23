import Brokers
import Testing

@Suite struct `A block of headers` {
    private func decode(_ bytes: UnsafeRawBufferPointer) throws -> [[String?]] {
        var scanner = HeaderScanner(bytes)
        var headers: [[String?]] = []
        while let header = try scanner.next() {
            headers.append(
                [
                    String(decoding: header.name, as: UTF8.self),
                    header.value.map { String(decoding: $0, as: UTF8.self) },
                ])
        }
        return headers
    }

    @Test func `gives back names and values in order, and tells no value from an empty one`() throws {
        let block = HeaderBlock()
        #expect(block.bytes == nil)
        block.append("ce_id", "1-0-42-0")
        block.append("ce_id", nil)
        block.append("", "")
        #expect(try decode(#require(block.bytes)) == [["ce_id", "1-0-42-0"], ["ce_id", nil], ["", ""]])
        block.removeAll()
        #expect(block.bytes == nil)
    }

    @Test func `cut short is refused, or is the headers that are whole`() throws {
        let block = HeaderBlock()
        block.append("a", "one")
        block.append("b", "two")
        let bytes = try #require(block.bytes)
        for count in 0..<bytes.count {
            let cut = UnsafeRawBufferPointer(rebasing: bytes[..<count])
            guard count % 10 == 0 else {
                #expect(throws: (any Error).self, "\(count) bytes") { try decode(cut) }
                continue
            }
            #expect(try decode(cut).count == count / 10)
        }
    }

    @Test func `with a length below -1 is refused`() {
        let bytes: [UInt8] = [0, 0, 0xFE, 0xFF, 0xFF, 0xFF]
        #expect(throws: (any Error).self) { try bytes.withUnsafeBytes { try decode($0) } }
    }

    @Test func `is the pieces packed once with the values between them, each with its length`() throws {
        let whole = HeaderBlock()
        var bytes: [UInt8] = []
        let values = ["", "one", "", String(repeating: "x", count: 300)]
        let pieces = HeaderBlock.pieces(
            of: [("a", nil), ("fixed", "f"), ("bb", nil), ("c", nil), ("d", nil), ("e", "")])
        for (place, piece) in pieces.enumerated() {
            bytes += piece.bytes
            guard place < values.count else { continue }
            let length = bytes.count - piece.lengthDistance
            bytes += Array(values[place].utf8)
            withUnsafeBytes(of: Int32(values[place].utf8.count).littleEndian) {
                bytes.replaceSubrange(length..<length + 4, with: $0)
            }
        }
        whole.append("a", values[0])
        whole.append("fixed", "f")
        whole.append("bb", values[1])
        whole.append("c", values[2])
        whole.append("d", values[3])
        whole.append("e", "")
        #expect(pieces.count == 5)
        #expect(try bytes == Array(#require(whole.bytes)))
    }
}
