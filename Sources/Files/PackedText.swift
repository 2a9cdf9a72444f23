import Storage

/// Text that cannot be read at any place, because it is packed or comes from a pipe: it is read once, and written
/// unpacked to a file without a name.
struct PackedText {
    private static let chunkByteCount = 1 << 20

    private let source: FileSource
    private let name: String
    private let first: HeldMemory
    private let firstCount: Int
    private let isPacked: Bool

    /// `first` has the first `firstCount` bytes of the source, which a pipe does not give twice.
    init(_ source: FileSource, name: String, first: HeldMemory, _ firstCount: Int, isPacked: Bool) {
        self.source = source
        self.name = name
        self.first = first
        self.firstCount = firstCount
        self.isPacked = isPacked
    }

    func unpacked(in space: ImportSpace, _ onProgress: FileText.OnProgress) throws(ImportError) -> SpillFile {
        let file = try ImportError.spilling { () throws(StorageError) in try space.makeFile() }
        var input = PackedInput(source, first, firstCount)
        if isPacked {
            try unpack(&input, into: file, space, onProgress)
        } else {
            repeat {
                try append(input.bytes, to: file)
                onProgress(file.byteCount, 0)
                input.use(input.bytes.count)
            } while try input.fill()
        }
        return file
    }

    private func unpack(
        _ input: inout PackedInput, into file: SpillFile, _ space: ImportSpace, _ onProgress: FileText.OnProgress
    ) throws(ImportError) {
        var gzip = GzipReader()
        let buffer = HeldMemory(byteCount: Self.chunkByteCount, of: space)
        while !gzip.isAtEnd {
            let count: Int
            do throws(GzipReader.Failure) {
                count = try gzip.read(from: &input, into: buffer.rest(from: 0))
            } catch {
                switch error {
                case .damage(let byte, let reason): throw .damagedGzip(file: name, byte: byte, reason: reason)
                case .input(let error): throw error
                }
            }
            try append(buffer.bytes(0..<count), to: file)
            onProgress(input.usedByteCount, source.state.isSized ? source.state.byteCount : 0)
        }
    }

    private func append(_ bytes: UnsafeRawBufferPointer, to file: SpillFile) throws(ImportError) {
        try ImportError.spilling { () throws(StorageError) in try file.append(bytes) }
    }
}

/// What is packed, piece by piece, from front to back.
struct PackedInput {
    private let source: FileSource
    private let memory: HeldMemory
    private var filled: Range<Int>
    /// How many bytes were used before the first one that is filled.
    private(set) var usedByteCount = 0

    /// `memory` holds the first `count` bytes.
    init(_ source: FileSource, _ memory: HeldMemory, _ count: Int) {
        self.source = source
        self.memory = memory
        filled = 0..<count
    }

    /// The bytes that were read and not used, valid until more are read.
    var bytes: UnsafeRawBufferPointer { memory.bytes(filled) }

    mutating func use(_ byteCount: Int) {
        filled = filled.lowerBound + byteCount..<filled.upperBound
        usedByteCount += byteCount
    }

    /// Reads more bytes behind those that were not used. Returns false at the end.
    mutating func fill() throws(ImportError) -> Bool {
        memory.base.copyMemory(from: memory.base + filled.lowerBound, byteCount: filled.count)
        filled = 0..<filled.count
        let count = try source.read(into: memory.rest(from: filled.count), at: usedByteCount + filled.count)
        filled = 0..<filled.count + count
        return count > 0
    }
}
