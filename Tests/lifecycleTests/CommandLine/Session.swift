import CustomerLifecycle
import Glibc

@testable import lifecycle

/// What a run of the program printed and ended with.
struct Session: Equatable {
    let code: ExitCode
    let output: String
    let errors: String

    /// Runs a small program of made-up commands, each of which prints what it was told.
    init(
        _ words: String..., environment: [String: String] = [:],
        file: @escaping ConfigurationFile.Reader = { _ in .none }
    ) {
        let program = Program(
            name: "lifecycle", summary: "a test", version: "1", commands: [Sample.stages, Sample.check, Sample.diff],
            readConfiguration: file)
        self = Self.capturing { program.run(words, environment: environment, terminal: $0) }
    }

    init(code: ExitCode, output: String, errors: String) {
        self.code = code
        self.output = output
        self.errors = errors
    }

    static func capturing(_ body: (Terminal) -> ExitCode) -> Session {
        let output = Scratch()
        let errors = Scratch()
        let code = body(
            Terminal(
                output: Output(descriptor: output.descriptor),
                errors: Output(descriptor: errors.descriptor, isBuffered: false)))
        return Session(code: code, output: output.text(), errors: errors.text())
    }
}

/// A file without a name, gone with its value.
struct Scratch: ~Copyable {
    let descriptor: Int32

    init() {
        var path = Array("/tmp/lifecycle-scratch-XXXXXX".utf8CString)
        descriptor = mkstemp(&path)
        unlink(path)
    }

    deinit { close(descriptor) }

    borrowing func text() -> String {
        let count = Int(lseek(descriptor, 0, SEEK_END))
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            used = max(0, pread(descriptor, buffer.baseAddress, count, 0))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

enum Sample {
    static let data = Parameter.required("data", .folder, help: "the directory of the log")
    static let at = Parameter.optional("at", .instant, help: "as of this instant")
    static let partitions = Parameter.standard("partitions", .integer(in: 1...512), "4", help: "how many")
    static let columns = Parameter.repeated("columns", .text, help: "other names")
    static let json = Parameter.flag("json", help: "for programs")
    static let file = Parameter.argument("FILE", .file, help: "what to read")
    static let others = Parameter.arguments("OTHER", .file, help: "more of it")

    static let stages = Command(
        "stages", "count customers by stage",
        discussion: "Counts every stage of the policy, those without customers too, as they were at an instant.",
        parameters: data, at, partitions, columns, json
    ) { settings, terminal throws(CommandFailure) in
        let at = settings[at].map(InstantText.write) ?? "-"
        let parts = [settings[data], at, "\(settings[partitions])", settings[columns].joined(separator: "+")]
        terminal.write((parts + ["\(settings[json])"]).joined(separator: " "))
        return .done
    }

    static let check = Command("policy check", "say what a policy gets wrong", parameters: file, others) {
        settings, terminal throws(CommandFailure) in
        terminal.write(([settings[file]] + settings[others]).joined(separator: " "))
        return .answerIsNo
    }

    static let diff = Command("policy diff", "compare two policies", parameters: json) {
        _, terminal throws(CommandFailure) in
        terminal.write("half of it")
        throw CommandFailure(.damagedLog, "log/00000000.log: damaged at byte 96")
    }
}
