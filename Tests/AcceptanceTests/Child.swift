import Foundation
import Glibc

/// The outputs and the exit code of a run of the program.
struct Run: Equatable {
    /// The exit code; nil if a signal ended it.
    let code: Int32?
    let output: String
    let errors: String
}

/// The program as another process, which can be killed. Its output goes to files, so that it never waits for a reader.
struct Child {
    let id: pid_t
    let files: String

    /// Starts the program. Without an environment only its arguments decide what it does. Another program may need one.
    init(
        _ words: [String], files: String, program: String = Settings.executable, environment: [String: String] = [:],
        input: String = "/dev/null"
    ) throws {
        self.files = files
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, files + ".out", flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, files + ".err", flags, 0o600)
        var arguments = ([program] + words).map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for variable in variables { free(variable) } }
        // Tests run on threads that block most signals, and a child would take that over: nothing could ask it to end.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var id = pid_t()
        let failure = posix_spawnp(&id, program, &actions, &attributes, &arguments, &variables)
        guard failure == 0 else {
            throw CocoaError(.executableLoad, userInfo: [NSFilePathErrorKey: "\(program): \(failure)"])
        }
        self.id = id
    }

    /// Kills it, as a crash would.
    func kill() { signal(SIGKILL) }

    func signal(_ number: Int32) { Glibc.kill(id, number) }

    /// Whether it has ended. Its exit code is not collected, so `wait` still has to be called.
    var hasEnded: Bool {
        var found = siginfo_t()
        return waitid(P_PID, id_t(id), &found, WEXITED | WNOHANG | WNOWAIT) == 0 && found.si_signo == SIGCHLD
    }

    /// Returns what it has written to stderr so far.
    func errors() throws -> String { try text(".err") }

    func output() throws -> String { try text(".out") }

    /// kcat prints what shops send, which is not always UTF-8.
    private func text(_ ending: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: files + ending)), as: UTF8.self)
    }

    func wait() throws -> Run {
        Run(code: try end(), output: try output(), errors: try errors())
    }

    /// Waits for the exit code; nil if a signal ended it.
    func end() throws -> Int32? {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 {
            guard errno == EINTR else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .ECHILD) }
        }
        let hasExited = status & 0x7F == 0
        return hasExited ? (status >> 8) & 0xFF : nil
    }
}
