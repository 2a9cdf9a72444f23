import Glibc
import Storage

/// The sole owner of an open file of the user's.
struct FileDescriptor: ~Copyable {
    private let raw: Int32
    private let path: String

    init(_ path: String) throws(ImportError) {
        self.path = path
        raw = open(path, O_RDONLY | O_CLOEXEC)  // Closed in `deinit`.
        guard raw >= 0 else { throw .cannotRead(file: path, reason: String(cString: strerror(errno))) }
    }

    deinit { close(raw) }

    borrowing func state() throws(ImportError) -> FileState {
        var status = stat()
        guard fstat(raw, &status) == 0 else { throw failure }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw .cannotRead(file: path, reason: "it is a directory") }
        return FileState(status)
    }

    /// Reads some bytes from `position` on, of a pipe the next ones. Returns how many; 0 only at the end.
    borrowing func read(
        into target: UnsafeMutableRawBufferPointer, at position: Int, of state: FileState
    ) throws(ImportError) -> Int {
        while true {
            let count =
                state.isSized
                ? pread(raw, target.baseAddress, target.count, off_t(position))
                : Glibc.read(raw, target.baseAddress, target.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure }
            return count
        }
    }

    private var failure: ImportError { .cannotRead(file: path, reason: String(cString: strerror(errno))) }
}

/// What changes when a file is written to or replaced: which file it is, its size, and its time of modification.
struct FileState: Equatable {
    let byteCount: Int
    /// Whether it is a file, rather than a device, a pipe or a directory.
    let isFile: Bool
    /// Whether its size is known, and it can be read anywhere.
    let isSized: Bool
    private let device: UInt
    private let inode: UInt
    private let modifiedSeconds: Int
    private let modifiedNanoseconds: Int

    fileprivate init(_ status: stat) {
        byteCount = Int(status.st_size)
        isFile = status.st_mode & S_IFMT == S_IFREG
        // Files under /proc report a size of 0, so they are read as pipes are.
        isSized = isFile && status.st_size > 0
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
        modifiedSeconds = Int(status.st_mtim.tv_sec)
        modifiedNanoseconds = Int(status.st_mtim.tv_nsec)
    }

    /// The state of what a path leads to; nil where it leads nowhere.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    func isSameFile(as other: Self) -> Bool { device == other.device && inode == other.inode }
}

/// A file of the user's as its bytes are stored: read from front to back, or, where it is no pipe, anywhere. It is read
/// and not mapped, because a mapped file that becomes shorter stops the process.
final class FileSource {
    private let name: String
    private let path: String
    private let descriptor: FileDescriptor
    let state: FileState

    init(path: String, name: String) throws(ImportError) {
        self.path = path
        self.name = name
        descriptor = try FileDescriptor(path)
        state = try descriptor.state()
    }

    /// Fills `target` from `position` on, of a pipe with the next bytes. Returns how many it read, fewer only at the
    /// end.
    ///
    /// A regular file ends where it ended when it was opened, so that one that is written to meanwhile has an end too.
    func read(into target: UnsafeMutableRawBufferPointer, at position: Int) throws(ImportError) -> Int {
        let wanted = state.isSized ? min(target.count, state.byteCount - position) : target.count
        var done = 0
        while done < wanted {
            let rest = UnsafeMutableRawBufferPointer(rebasing: target[done..<wanted])
            let count = try descriptor.read(into: rest, at: position + done, of: state)
            if count == 0 { break }
            done += count
        }
        guard done == wanted || !state.isSized else { throw .changed(file: name) }
        return done
    }

    /// Throws where the file was written to or replaced since it was opened: what was read is then neither the old file
    /// nor the new one.
    func checkUnchanged() throws(ImportError) {
        guard state.isSized else { return }
        guard try descriptor.state() == state, FileState(path: path) == state else { throw .changed(file: name) }
    }
}
