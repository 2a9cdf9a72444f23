package import CommandLine
import Glibc

/// The outputs and the exit code of a run of the program.
package struct Session: Equatable, Sendable {
    package let code: ExitCode
    package let output: String
    package let errors: String

    package init(code: ExitCode, output: String, errors: String) {
        self.code = code
        self.output = output
        self.errors = errors
    }

    /// `columnCount` are those of a terminal; nil for a file or a pipe.
    package static func capturing(columnCount: Int? = nil, _ body: (Terminal) -> ExitCode) -> Session {
        let output = Scratch()
        let errors = Scratch()
        let code = body(
            Terminal(
                output: FileOutput(descriptor: output.descriptor),
                errors: FileOutput(descriptor: errors.descriptor, isBuffered: false),
                columnCount: columnCount ?? 80, isOutputInteractive: columnCount != nil))
        return Session(code: code, output: output.text(), errors: errors.text())
    }
}

/// A file without a name, which is removed with its value.
package struct Scratch: ~Copyable {
    package let descriptor: Int32

    package init() {
        var path = Array("/tmp/lifecycle-scratch-XXXXXX".utf8CString)
        descriptor = mkstemp(&path)
        unlink(path)
    }

    deinit { close(descriptor) }

    package borrowing func text() -> String {
        let count = Int(lseek(descriptor, 0, SEEK_END))
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            used = max(0, pread(descriptor, buffer.baseAddress, count, 0))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
