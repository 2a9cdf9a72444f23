import CommandLine
import FoundationEssentials
import Glibc

/// Where the demo's log goes.
enum DemoDirectory {
    /// The directory named, if it holds no log yet; else a new one among the temporary files.
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
        // `mkdir` fails where anything stands, so nobody can put something in our way.
        for number in 1...1_000 {
            let path = number == 1 ? base : "\(base)-\(number)"
            if mkdir(path, 0o700) == 0 { return path }
            guard errno == EEXIST else { break }
        }
        throw CommandFailure(
            .usage, "cannot make a directory \(base): \(String(cString: strerror(errno))). Name one with --data DIR.")
    }
}
