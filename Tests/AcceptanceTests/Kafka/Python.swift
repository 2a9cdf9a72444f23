import Foundation
import Testing

/// The Python in which subscribers' programs run, with the packages that they need (`.ci/python`). The first test that
/// asks waits until they are installed.
enum Python {
    private static let found: Run? = {
        do {
            let place = try Workplace()
            return try Child(
                [], files: place.path + "/python", program: Settings.project + "/.ci/python",
                environment: Settings.environment
            ).wait()
        } catch {
            return nil
        }
    }()

    static var isOffline: Bool { found?.code == 3 }

    static func program() throws -> String {
        let found = try #require(found)
        try #require(found.code == 0, "\(found.errors)")
        return found.output.trimmingCharacters(in: .newlines)
    }
}

extension Trait where Self == ConditionTrait {
    static var wherePackagesCome: Self {
        .disabled("pip reaches no package index, so no subscriber's program can run") {
            Settings.areGiven && !Settings.servers.isEmpty && Python.isOffline
        }
    }
}

/// One of the programs in `schemas/examples` at work for a shop, in a database of its own.
final class ExampleProgram {
    private let name: String
    private let shop: KafkaShop
    private let database: String
    private var running: Child?
    private(set) var killCount = 0

    init(_ name: String, database: String? = nil, for shop: KafkaShop) {
        self.name = name
        self.shop = shop
        self.database = "\(shop.workplace.path)/\(database ?? name).db"
    }

    deinit { running?.kill() }

    /// The program and what it is told at every start.
    private var words: [String] {
        [
            "\(Settings.project)/schemas/examples/\(name).py", "--brokers", Settings.servers, "--prefix", shop.prefix,
            "--database", database,
        ]
    }

    private func begin(_ more: [String]) throws -> Child {
        try shop.tools.start(Python.program(), words + more)
    }

    func start() throws { running = try begin([]) }

    /// Kills it, as a crash would, and starts it again.
    func crash() throws {
        let child = try #require(running)
        let errors = try child.errors()
        try #require(!child.hasEnded, "\(name) has ended: \(errors)")
        child.kill()
        _ = try child.wait()
        killCount += 1
        try start()
    }

    /// Kills it, and lets it read all that is left. Returns what it prints meanwhile.
    @discardableResult
    func finish(_ words: String...) throws -> String {
        running?.kill()
        if let running { _ = try running.wait() }
        running = nil
        let run = try begin(["--once"] + words).wait()
        try #require(run.code == 0, "\(name): \(run.errors)")
        return run.output
    }

    /// Runs it to its end with the prefix of a shop that is not there.
    func runForNoShop() throws -> Run { try begin(["--once", "--prefix", "no.such."]).wait() }

    /// Kills it before a statement of its database, again and again, until it ends by itself. Returns how often it was
    /// killed.
    func finishWhileKilled(beforeStatementUpTo statementMax: Int, using generator: inout SeededGenerator) throws -> Int
    {
        let script = """
            import os, runpy, signal, sqlite3, sys
            connect, left = sqlite3.connect, int(sys.argv.pop(1))

            def trace(_):
                global left
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

            def connect_traced(file):
                database = connect(file)
                database.set_trace_callback(trace)
                return database

            sqlite3.connect = connect_traced
            sys.argv.pop(0)
            runpy.run_path(sys.argv[0], run_name="__main__")
            """
        for kills in 0..<100 {
            let statement = Int.random(in: 1...statementMax, using: &generator)
            let run = try shop.tools.start(
                Python.program(), ["-c", script, "\(statement)"] + words + ["--once"]
            ).wait()
            if run.code == 0 { return kills }
            try #require(run.code == nil, "\(name): \(run.errors)")
        }
        return 100
    }

    /// Reads a part of the topic anew, as after a backup was played back.
    func goBack() throws {
        try query("UPDATE offsets SET next = max(0, next / 2)")
    }

    /// Returns the rows of a query, each value as text.
    @discardableResult
    func query(_ statement: String) throws -> [[String?]] {
        let script = """
            import json, sqlite3, sys
            database = sqlite3.connect(sys.argv[1])
            with database:
                rows = database.execute(sys.argv[2]).fetchall()
            print(json.dumps([[value if value is None else str(value) for value in row] for row in rows]))
            """
        let run = try shop.tools.run(Python.program(), ["-c", script, database, statement])
        return try JSONDecoder().decode([[String?]].self, from: Data(run.output.utf8))
    }
}
