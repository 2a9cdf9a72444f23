import Foundation
import Glibc

/// Another program, as the leader of its own process group, so that its children end with it. Its output goes to two
/// files.
final class Child {
    let name: String
    let id: pid_t
    private let files: String
    /// Its exit code, or 128 plus the number of the signal that ended it; nil while it runs.
    private var code: Int32?

    /// Starts the program. `files` is the prefix of its outputs' paths; `environment` is its whole environment.
    init(
        _ name: String, _ program: String, _ words: [String], files: String, environment: [String: String]
    ) throws(BenchFailure) {
        self.name = name
        self.files = files
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, files + ".out", flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, files + ".err", flags, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        var arguments = ([program] + words).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var id = pid_t()
        let failure = posix_spawn(&id, program, &actions, &attributes, &arguments, &variables)
        guard failure == 0 else {
            throw BenchFailure("\(program) cannot be started: \(String(cString: strerror(failure))).")
        }
        self.id = id
    }

    /// A program that is no longer referenced is killed.
    deinit { kill() }

    var hasEnded: Bool {
        if code == nil { collect(WNOHANG) }
        return code != nil
    }

    /// Returns what it printed, once it has ended with 0. Throws if it is still running after `limit`.
    func output(within limit: Duration, evenIfInterrupted isCleanUp: Bool = false) throws -> String {
        let hasEnded = try Interruption.wait(atMost: limit, evenIfInterrupted: isCleanUp) { self.hasEnded }
        guard hasEnded, let code else { throw failure("was still at work after \(limit.components.seconds) s") }
        guard code == 0 else { throw failure("ended with \(code)") }
        return try text(".out")
    }

    /// Throws if it has ended by itself.
    func requireRunning() throws {
        guard hasEnded, let code else { return }
        throw failure("ended by itself, with \(code)")
    }

    /// Asks it to end, as a supervisor does, and waits until it has ended with 0.
    func stop(within limit: Duration) throws {
        try requireRunning()
        Glibc.kill(id, SIGTERM)
        _ = try output(within: limit)
    }

    func kill() {
        guard !hasEnded else { return }
        Glibc.kill(-id, SIGKILL)
        collect(0)
    }

    /// Returns what it has printed so far.
    func text(_ ending: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: files + ending)), as: UTF8.self)
    }

    /// Makes a failure that shows the last lines of both outputs.
    func failure(_ found: String) -> BenchFailure {
        BenchFailure(([name + " " + found + "."] + [".out", ".err"].flatMap(tail)).joined(separator: "\n"))
    }

    private func tail(_ ending: String) -> [String] {
        do {
            let lines = try text(ending).split(separator: "\n").suffix(Self.tailLineCount)
            return lines.isEmpty ? [] : ["  the end of \(files)\(ending):"] + lines.map { "    \($0)" }
        } catch {
            return ["  \(files)\(ending) cannot be read: \(error)"]
        }
    }

    private static let tailLineCount = 20

    private func collect(_ options: Int32) {
        var status: Int32 = 0
        var found: pid_t
        repeat { found = waitpid(id, &status, options) } while found < 0 && errno == EINTR
        guard found == id else { return }
        let signal = status & 0x7F
        code = signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }
}
