import CommandLine
import FoundationEssentials
import Glibc

/// The directory of the demo's log.
enum DemoDirectory {
    /// Returns the named directory, or a new one among the temporary files where none is named. Throws if it holds a
    /// log.
    static func make(_ path: String?) throws(CommandFailure) -> String {
        guard let path else { return try makeTemporary() }
        guard !DataDirectory.isLog(path) else {
            throw CommandFailure(
                .usage,
                "--data \(path) holds a log already, and a demo begins a new one. Name another directory; "
                    + "`lifecycle stages --data \(path)` shows what is in this one.")
        }
        return path
    }

    private static func makeTemporary() throws(CommandFailure) -> String {
        let base = FileManager.default.temporaryDirectory.appending(path: "lifecycle-demo").path
        // `mkdir` fails if anything has that name, so nobody can plant a directory for us to write into.
        for number in 1...1_000 {
            let path = number == 1 ? base : "\(base)-\(number)"
            if mkdir(path, 0o700) == 0 { return path }
            guard errno == EEXIST else { break }
        }
        throw CommandFailure(
            .usage, "cannot make a directory \(base): \(String(cString: strerror(errno))). Name one with --data DIR.")
    }
}
