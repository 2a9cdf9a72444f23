import Foundation
import Glibc

/// What a run of the program printed and ended with.
struct Run: Equatable {
    /// The exit code; nil if a signal ended it.
    let code: Int32?
    let output: String
    let errors: String
}

/// The program as a process of its own, which can be killed. Its output goes to files: nobody waits for a reader.
struct Child {
    private let id: pid_t
    private let files: String

    init(_ words: [String], files: String) throws {
        self.files = files
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, files + ".out", flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, files + ".err", flags, 0o600)
        let program = Settings.executable
        var arguments = ([program] + words).map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        // No environment: what the program does is said by its arguments alone.
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        var id = pid_t()
        let failure = posix_spawn(&id, program, &actions, nil, &arguments, &environment)
        guard failure == 0 else {
            throw CocoaError(.executableLoad, userInfo: [NSFilePathErrorKey: "\(program): \(failure)"])
        }
        self.id = id
    }

    /// As a crash would: without a word.
    func kill() { Glibc.kill(id, SIGKILL) }

    /// Nothing of it is collected: `wait` still has to be called.
    var hasEnded: Bool {
        var found = siginfo_t()
        return waitid(P_PID, id_t(id), &found, WEXITED | WNOHANG | WNOWAIT) == 0 && found.si_signo == SIGCHLD
    }

    func wait() throws -> Run {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 {
            guard errno == EINTR else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .ECHILD) }
        }
        let hasExited = status & 0x7F == 0
        return Run(
            code: hasExited ? (status >> 8) & 0xFF : nil,
            output: try String(contentsOfFile: files + ".out", encoding: .utf8),
            errors: try String(contentsOfFile: files + ".err", encoding: .utf8))
    }
}
