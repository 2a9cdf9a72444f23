import Glibc

/// Gets a file's bytes into memory, and reports its progress.
struct FileSource {
    private static let chunkByteCount = 1 << 22

    let name: String
    let memoryMax: Int
    let onProgress: FileText.OnProgress

    /// Returns the bytes as they are stored: mapped where the file is a regular one, else read.
    func stored(_ descriptor: borrowing FileDescriptor, _ state: FileState) throws(ImportError) -> FileMemory {
        guard !state.isRegular else {
            guard let mapped = FileMemory(mapping: descriptor.raw, count: state.byteCount) else {
                throw .cannotRead(file: name, reason: String(cString: strerror(errno)))
            }
            return mapped
        }
        let memory = try memory(capacity: Self.chunkByteCount)
        while true {
            let room = try spare(memory)
            let count = read(descriptor.raw, room.baseAddress, room.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .cannotRead(file: name, reason: String(cString: strerror(errno))) }
            if count == 0 { break }
            try advance(memory, by: count)
            onProgress(memory.count, 0)
        }
        memory.endBytes()
        return memory
    }

    func unpacked(_ stored: FileMemory, _ hash: ContentHash) throws(ImportError) -> FileMemory {
        var gzip = GzipReader(stored.bytes)
        let memory = try memory(capacity: min(stored.count * 4, memoryMax))
        while !gzip.isAtEnd {
            let spare = try spare(memory)
            let room = UnsafeMutableRawBufferPointer(rebasing: spare.prefix(Self.chunkByteCount))
            let count: Int
            do throws(GzipReader.Damage) {
                count = try gzip.read(into: room)
            } catch {
                throw .damagedGzip(file: name, byte: error.byte, reason: error.reason)
            }
            hash.update(UnsafeRawBufferPointer(rebasing: room[..<count]))
            try advance(memory, by: count)
            onProgress(gzip.usedCount, stored.count)
        }
        memory.endBytes()
        return memory
    }

    func update(_ hash: ContentHash, _ bytes: UnsafeRawBufferPointer) {
        var done = 0
        while done < bytes.count {
            let end = min(done + Self.chunkByteCount, bytes.count)
            hash.update(UnsafeRawBufferPointer(rebasing: bytes[done..<end]))
            done = end
            onProgress(done, bytes.count)
        }
    }

    private func memory(capacity: Int) throws(ImportError) -> FileMemory {
        guard let memory = FileMemory(capacity: capacity) else {
            throw .beyondMemory(file: name, byteCountMax: capacity)
        }
        return memory
    }

    private func spare(_ memory: FileMemory) throws(ImportError) -> UnsafeMutableRawBufferPointer {
        guard let spare = memory.spare() else { throw .beyondMemory(file: name, byteCountMax: memory.count) }
        return spare
    }

    private func advance(_ memory: FileMemory, by count: Int) throws(ImportError) {
        memory.advance(by: count)
        guard memory.count <= memoryMax else { throw .beyondMemory(file: name, byteCountMax: memoryMax) }
    }
}

/// The sole owner of an open file.
struct FileDescriptor: ~Copyable {
    let raw: Int32

    init(_ path: String) throws(ImportError) {
        raw = open(path, O_RDONLY | O_CLOEXEC)  // Closed in `deinit`.
        guard raw >= 0 else { throw .cannotRead(file: path, reason: String(cString: strerror(errno))) }
    }

    deinit { close(raw) }

    borrowing func state(_ path: String) throws(ImportError) -> FileState {
        var status = stat()
        guard fstat(raw, &status) == 0 else { throw .cannotRead(file: path, reason: String(cString: strerror(errno))) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw .cannotRead(file: path, reason: "it is a directory") }
        return FileState(status)
    }
}

/// What changes when a file is written to: its size and its time of modification.
struct FileState: Equatable {
    let byteCount: Int
    let isRegular: Bool
    private let modifiedSeconds: Int
    private let modifiedNanoseconds: Int

    fileprivate init(_ status: stat) {
        byteCount = Int(status.st_size)
        // Files under /proc report a size of 0, so they are read instead.
        isRegular = status.st_mode & S_IFMT == S_IFREG && status.st_size > 0
        modifiedSeconds = Int(status.st_mtim.tv_sec)
        modifiedNanoseconds = Int(status.st_mtim.tv_nsec)
    }
}
