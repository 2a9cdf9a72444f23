import Capture
import CommandLine
import PolicyLanguage
import Processor
import Service
import Testing

@testable import lifecycle

@Suite struct `Where a log is` {
    private static let command = Command("ask", "a test", sharing: LogLocation.declarations, parameters: Printing.json)
    {
        settings, terminal throws(CommandFailure) in
        switch try LogLocation(settings) {
        case .directory(let path): terminal.write("in \(path)")
        case .cluster(let address):
            let entries = address.entries.map { "\($0.key)=\($0.value)" }.joined(separator: "+")
            terminal.write(
                "on \(address.brokers) \(address.names.log) \(address.stateDirectory ?? "-") \(entries)")
        }
        return .done
    }

    private static func ask(
        _ words: [String], environment: [String: String] = [:], file: String = ""
    ) -> Session {
        let program = Program(name: "lifecycle", summary: "", version: "1", commands: [command], exitCodes: []) {
            path throws(CommandFailure) in try ConfigurationFile(path: "lifecycle.yaml", text: Array(file.utf8))
        }
        return Session.capturing { program.run(["ask"] + words, environment: environment, terminal: $0) }
    }

    @Test(arguments: [
        (["--data", "d"], "in d\n"),
        (["--brokers", "a:1,b:2"], "on a:1,b:2 lifecycle.log - \n"),
        (
            ["--brokers", "a:1", "--prefix", "shop1.", "--state-dir", "s", "--kafka", "client.rack=x=y"],
            "on a:1 shop1.lifecycle.log s client.rack=x=y\n"
        ),
    ])
    func `is said by one option, with what belongs to it`(words: [String], output: String) {
        #expect(Self.ask(words).output == output)
    }

    @Test(arguments: [
        ([], "where is the log? Say --data DIR for an embedded one, or --brokers HOST:PORT for Kafka."),
        (["--data", "d", "--brokers", "b"], "--data and --brokers exclude each other: a log is in one place"),
        (["--data", "d", "--prefix", "p"], "--prefix goes with --brokers, not with --data"),
        (["--data", "d", "--kafka", "a=b"], "--kafka goes with --brokers, not with --data"),
        (["--brokers", "b", "--prefix", "a/b"], "--prefix: expected at most 200 letters"),
        (["--brokers", "b", "--kafka", "a"], "--kafka: expected a setting and its value"),
    ])
    func `is a mistake where none is said, or two are`(words: [String], error: String) {
        let session = Self.ask(words)
        #expect(session.code == .usage)
        #expect(session.errors.contains(error), "\(session.errors)")
    }

    @Test func `is said by who has the last word: the command line, then the environment, then the file`() {
        let file = "brokers: from-file:9092\nprefix: shop1."
        #expect(Self.ask([], file: file).output == "on from-file:9092 shop1.lifecycle.log - \n")
        #expect(Self.ask(["--data", "d"], file: file).output == "in d\n")
        #expect(Self.ask([], environment: ["LIFECYCLE_DATA": "e"], file: file).output == "in e\n")
        let both = Self.ask(["--brokers", "b"], environment: ["LIFECYCLE_DATA": "e"])
        #expect(both.output == "on b lifecycle.log - \n")
        #expect(Self.ask([], file: "data: d\nbrokers: b").code == .usage)
    }

    @Test func `on Kafka is not asked with a setting that exactly-once stands on`() {
        let session = Session.capturing {
            Main.program.run(
                ["digest", "--brokers", "127.0.0.1:1", "--kafka", "isolation.level=read_uncommitted"], environment: [:],
                terminal: $0)
        }
        #expect(session.code == .usage)
        #expect(session.errors.contains("isolation.level cannot be set"))
    }
}
