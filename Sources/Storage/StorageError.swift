import Glibc

/// An error of the disk, with the file it happened to. Damage names the byte where it begins.
package enum StorageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The operating system refused; `code` is its errno.
    case system(action: String, path: String, code: Int32)
    /// No space is left for `path`. What was there before is untouched.
    case full(path: String)
    case missing(path: String)
    /// Another opener holds the directory.
    case inUse(directory: String)
    /// The bytes are not those that were written.
    case damaged(path: String, byteOffset: Int, reason: String)
    /// The log takes nothing more until it is opened again.
    case refusing(path: String, reason: String)
    case tooLarge(path: String, byteCount: Int, byteCountMax: Int)

    /// Makes the error for `errno`. Call it right after the failed call.
    static func current(_ action: String, _ path: String) -> Self {
        switch errno {
        case ENOSPC, EDQUOT: .full(path: path)
        case ENOENT: .missing(path: path)
        case let code: .system(action: action, path: path, code: code)
        }
    }

    /// The cause that lies in this machine, where it does.
    package var local: LocalFailure? {
        switch self {
        case .full: .noSpace
        case .system(_, _, let code): LocalFailure(code)
        case .missing, .inUse, .damaged, .refusing, .tooLarge: nil
        }
    }

    package var description: String {
        switch self {
        case .system(let action, let path, let code): "Cannot \(action) \(path): \(String(cString: strerror(code)))."
        case .full(let path): "No space is left on the device of \(path)."
        case .missing(let path): "There is no \(path)."
        case .inUse(let directory): "\(directory) is in use by another process."
        case .damaged(let path, let byteOffset, let reason): "\(path) is damaged at byte \(byteOffset): \(reason)."
        case .refusing(let path, let reason): "\(path) takes no more appends until it is opened again: \(reason)"
        case .tooLarge(let path, let byteCount, let byteCountMax):
            "\(byteCount) bytes are too many for \(path): at most \(byteCountMax)."
        }
    }
}

/// A cause that lies in this machine, neither in the log nor in a broker.
package enum LocalFailure: Hashable, Sendable {
    case noSpace
    case noPermission
    /// Open files, memory, or the size that a file may have.
    case limitReached
    /// Something in the path is not what it has to be, as a file in the place of a directory.
    case wrongPath
    /// Reading or writing failed for any other reason, as where a disk breaks.
    case brokenDisk

    /// What an errno stands for.
    init(_ code: Int32) {
        self =
            switch code {
            case ENOSPC, EDQUOT: .noSpace
            case EACCES, EPERM, EROFS: .noPermission
            case EMFILE, ENFILE, ENOMEM, EFBIG, EAGAIN: .limitReached
            case ENOTDIR, EISDIR, ENAMETOOLONG, ELOOP, EEXIST, EINVAL: .wrongPath
            default: .brokenDisk
            }
    }
}
