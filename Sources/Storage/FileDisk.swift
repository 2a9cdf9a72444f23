import Glibc

/// The disk of this machine, through POSIX.
package struct FileDisk: Disk {
    package init() {}

    package func createDirectory(_ path: String) throws(StorageError) {
        guard mkdir(path, 0o777) != 0 else { return try syncDirectory(parent(of: path)) }
        switch errno {
        case EEXIST:
            return
        case ENOENT where parent(of: path) != path:
            try createDirectory(parent(of: path))
            guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw .current("create", path) }
            try syncDirectory(parent(of: path))
        default:
            throw .current("create", path)
        }
    }

    package func names(in directory: String) throws(StorageError) -> [String] {
        guard let stream = opendir(directory) else { throw .current("list", directory) }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw .current("list", directory) }
        return names.sorted()
    }

    package func open(_ path: String, _ purpose: OpenPurpose) throws(StorageError) -> PosixFile {
        switch purpose {
        case .reading: try PosixFile(path, O_RDONLY)
        case .updating: try PosixFile(path, O_RDWR)
        case .creating: try PosixFile(path, O_RDWR | O_CREAT | O_TRUNC)
        }
    }

    package func rename(_ path: String, to newPath: String) throws(StorageError) {
        guard Glibc.rename(path, newPath) == 0 else { throw .current("rename", path) }
    }

    package func remove(_ path: String) throws(StorageError) {
        guard unlink(path) == 0 else { throw .current("remove", path) }
    }

    package func syncDirectory(_ path: String) throws(StorageError) {
        let directory = try PosixFile(path, O_RDONLY | O_DIRECTORY)
        guard fsync(directory.descriptor) == 0 else { throw .current("sync", path) }
    }

    package func lock(directory: String) throws(StorageError) -> PosixFile {
        // The kernel releases a flock when the last descriptor closes, also after kill -9.
        let file = try PosixFile(directory + "/lock", O_RDWR | O_CREAT)
        while flock(file.descriptor, LOCK_EX | LOCK_NB) != 0 {
            switch errno {
            case EINTR: continue
            case EWOULDBLOCK: throw .inUse(directory: directory)
            default: throw .current("lock", file.path)
            }
        }
        return file
    }

    private func parent(of path: String) -> String {
        var kept = Substring(path)
        while kept.count > 1, kept.last == "/" { kept.removeLast() }
        guard let slash = kept.lastIndex(of: "/") else { return "." }
        return slash == kept.startIndex ? "/" : String(kept[..<slash])
    }
}

/// The sole owner of one file descriptor. Threads may share it because every call is positioned.
package final class PosixFile: DiskFile {
    package let path: String
    let descriptor: Int32

    init(_ path: String, _ flags: Int32) throws(StorageError) {
        var descriptor: Int32
        repeat {
            descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o666)
        } while descriptor < 0 && errno == EINTR
        guard descriptor >= 0 else { throw .current("open", path) }
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    package func byteCount() throws(StorageError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .current("measure", path) }
        return Int(status.st_size)
    }

    package func read(into destination: UnsafeMutableRawBufferPointer, at position: Int) throws(StorageError) -> Int {
        guard let base = destination.baseAddress else { return 0 }
        var done = 0
        while done < destination.count {
            let count = pread(descriptor, base + done, destination.count - done, off_t(position + done))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .current("read", path) }
            guard count > 0 else { break }
            done += count
        }
        return done
    }

    package func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(StorageError) {
        guard let base = bytes.baseAddress else { return }
        var done = 0
        while done < bytes.count {
            let count = pwrite(descriptor, base + done, bytes.count - done, off_t(position + done))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .current("write", path) }
            done += count
        }
    }

    package func truncate(to byteCount: Int) throws(StorageError) {
        while ftruncate(descriptor, off_t(byteCount)) != 0 {
            guard errno == EINTR else { throw .current("truncate", path) }
        }
    }

    package func beginSync(of bytes: Range<Int>) {
        // Linux begins to write out pages that it is advised to drop, and drops only those that are on the disk
        // already. It is a hint; `sync` reports a failure.
        _ = posix_fadvise(descriptor, off_t(bytes.lowerBound), off_t(bytes.count), POSIX_FADV_DONTNEED)
    }

    package func sync() throws(StorageError) {
        guard fdatasync(descriptor) == 0 else { throw .current("sync", path) }
    }
}
