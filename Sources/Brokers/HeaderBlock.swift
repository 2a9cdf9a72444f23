package import Storage

/// The headers of one record, packed one after the other: name length u16, value length i32 (-1 for none), name, value.
package struct HeaderBlock {
    private let buffer = ByteBuffer(capacity: 1_024)

    package init() {}

    /// The packed headers, valid until the next call that changes the block; nil for no headers, as in
    /// `OutgoingRecord`.
    package var bytes: UnsafeRawBufferPointer? { buffer.count == 0 ? nil : buffer.bytes }

    package func removeAll() { buffer.removeAll() }

    package func append(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) {
        precondition(name.count <= UInt16.max && (value?.count ?? 0) <= Int32.max, "No header is that long.")
        buffer.append(UInt16(name.count))
        buffer.append(value.map { Int32($0.count) } ?? -1)
        buffer.append(name)
        if let value { buffer.append(value) }
    }

    package func append(_ name: String, _ value: String?) {
        var name = name
        name.withUTF8 { name in
            guard var value else { return append(UnsafeRawBufferPointer(name), nil) }
            value.withUTF8 { append(UnsafeRawBufferPointer(name), UnsafeRawBufferPointer($0)) }
        }
    }
}

extension HeaderBlock {
    /// Packs headers of which some have another value in every record. The result is cut before each value that is nil;
    /// the packer of a record inserts the value there.
    ///
    /// For each piece but the last, `lengthDistance` says how far before its end the length of the value must be
    /// written.
    package static func pieces(
        of headers: [(name: String, value: String?)]
    ) -> [(bytes: [UInt8], lengthDistance: Int)] {
        let block = HeaderBlock()
        var pieces: [(bytes: [UInt8], lengthDistance: Int)] = []
        for header in headers {
            block.append(header.name, header.value ?? "")
            guard header.value == nil else { continue }
            pieces.append((block.packed, header.name.utf8.count + MemoryLayout<Int32>.size))
            block.removeAll()
        }
        pieces.append((block.packed, 0))
        return pieces
    }

    private var packed: [UInt8] { bytes.map(Array.init) ?? [] }
}

/// A header lent from a block.
package struct LentHeader {
    package let name: UnsafeRawBufferPointer
    package let value: UnsafeRawBufferPointer?
}

/// Reads a block's headers in order.
package struct HeaderScanner {
    private var scanner: ByteScanner

    package init(_ block: UnsafeRawBufferPointer) { scanner = ByteScanner(block) }

    /// Returns the next header; nil after the last. Throws if the block is not one that `HeaderBlock` made.
    package mutating func next() throws(ByteScanner.Ended) -> LentHeader? {
        guard !scanner.isAtEnd else { return nil }
        let nameCount = try scanner.integer(UInt16.self)
        let valueCount = try scanner.integer(Int32.self)
        let name = try scanner.take(Int(nameCount))
        return LentHeader(name: name, value: valueCount == -1 ? nil : try scanner.take(Int(valueCount)))
    }
}
