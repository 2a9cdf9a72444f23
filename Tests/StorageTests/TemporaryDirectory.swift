import Glibc
import Storage
import Testing

/// A directory for one test, removed when the test is done.
final class TemporaryDirectory {
    let path: String

    init() throws {
        var template = Array("/tmp/lifecycle-XXXXXX".utf8CString)
        path = try template.withUnsafeMutableBufferPointer { name in
            let template = try #require(name.baseAddress)
            return String(cString: try #require(mkdtemp(template)))
        }
    }

    deinit { Self.removeAll(path) }

    private static func removeAll(_ path: String) {
        guard unlink(path) != 0, let names = try? FileDisk().names(in: path) else { return }
        for name in names { removeAll(path + "/" + name) }
        rmdir(path)
    }
}
