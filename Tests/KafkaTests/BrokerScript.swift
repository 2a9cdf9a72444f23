import Glibc
import Testing

/// Freezes, kills and restarts the broker, and runs Kafka's own tools against it.
enum BrokerScript {
    static func broker(_ words: String...) throws { try run([Settings.kafka + "/broker"] + words).finish() }

    static func tool(_ words: [String]) throws { try run([Settings.kafka + "/tool"] + words).finish() }

    /// Runs commands some seconds from now, when a test that is cut off could not run them itself.
    static func later(seconds: Int, _ commands: String...) throws -> Running {
        let scripts = commands.map { "\(Settings.kafka)/broker \($0)" }
        return try run(["/bin/bash", "-c", (["sleep \(seconds)"] + scripts).joined(separator: " && ")])
    }

    /// Starts a script. Foundation would take it for running as long as anything it started runs, here a broker.
    private static func run(_ words: [String]) throws -> Running {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        let arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        try #require(posix_spawn(&process, words[0], &actions, nil, arguments, environ) == 0, "\(words)")
        return Running(process: process, words: words)
    }

    struct Running {
        fileprivate let process: pid_t
        fileprivate let words: [String]

        func finish() throws {
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0, errno == EINTR {}
            try #require(status == 0, "\(words.joined(separator: " "))")
        }
    }
}
