import Brokers
import CommandLine
import CustomerLifecycle
import PolicyLanguage
import Processor
import Service
import Storage
import Wire

/// `policy check`, `policy show` and `policy facts`.
enum PolicyCommands: LogCommand {
    private static let file = Parameter.argument("FILE", Format<String>.file, help: "a policy file")
    private static let optionalFile = Parameter.optionalArgument(
        "FILE", Format<String>.file, help: "a policy file; without it the policy in force, or the built-in one")

    static let check = Command(
        "policy check", "check a policy file: errors, notes, and a customer for each rule",
        discussion: "Ends with 1 if the file is no policy.",
        parameters: file, Printing.json
    ) { settings, terminal throws(CommandFailure) in
        let compiled = PolicyCompiler.compile(try read(settings[file]), fileName: settings[file])
        let examples = ExampleSearch.findings(for: compiled)
        let report = report(compiled, examples)
        terminal.answer(report, asJSON: settings[Printing.json]) { print(compiled, examples, to: terminal) }
        return report.isOK ? .done : .answerIsNo
    }

    static let show = Command(
        "policy show", "print a policy: a file, the one in force in a log, or the built-in one",
        sharing: LogLocation.declarations, parameters: optionalFile, Printing.json
    ) { settings, terminal throws(CommandFailure) in
        if let path = settings[optionalFile] {
            print(PolicyCompiler.compile(try read(path), fileName: path), settings, terminal)
        } else if let location = try LogLocation.ifSaid(settings) {
            return try answer(at: location, settings, terminal)
        } else {
            print(.standard, settings, terminal)
        }
        return .done
    }

    static let facts = Command(
        "policy facts", "list the facts that a policy may use: type, meaning, and a line that uses it",
        parameters: Printing.json
    ) { settings, terminal throws(CommandFailure) in
        let report = FactsReport()
        terminal.answer(report, asJSON: settings[Printing.json]) {
            for line in report.lines(columnCount: terminal.columnCount, style: terminal.style) { terminal.write(line) }
        }
        return .done
    }

    /// Prints the policy in force.
    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        let view = try place.view()
        let inForce = try CommandFailure.translating { () throws(ProcessorError) in try view.policy() }
        print(inForce.compiled, settings, terminal)
        return .done
    }

    private static func print(_ compiled: CompiledPolicy, _ settings: Settings, _ terminal: Terminal) {
        terminal.answer(report(compiled), asJSON: settings[Printing.json]) {
            terminal.output.write(String(decoding: compiled.text, as: UTF8.self))
        }
    }

    /// More than a policy may have, so that the compiler reports one that is too long.
    private static let readByteCountMax = 1 << 20

    /// Compiles the policy in a file; nil where no file is named.
    static func wanted(_ path: String?) throws(CommandFailure) -> CompiledPolicy? {
        guard let path else { return nil }
        return PolicyCompiler.compile(try read(path), fileName: path)
    }

    static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        do throws(StorageError) {
            let file = try FileDisk().open(path, .reading)
            let buffer = ByteBuffer()
            let count = min(try file.byteCount(), readByteCountMax)
            let found = try file.read(into: buffer.resize(to: count), at: 0)
            return Array(buffer.bytes.prefix(found))
        } catch {
            throw CommandFailure(.usage, error.description)
        }
    }

    /// Makes the bootstrap of a new log. Throws if the policy has errors.
    static func bootstrap(
        _ names: Names, _ policy: CompiledPolicy, partitionCount: Int
    ) throws(CommandFailure) -> LogBootstrap {
        var generator = SystemRandomNumberGenerator()
        let bootstrap = LogBootstrap(
            names: names, partitionCount: partitionCount, log: LogID(random: &generator), policy: policy)
        guard let bootstrap else {
            let errors = policy.errors.map { Printable(policy.rendered($0)).description }.joined(separator: "\n")
            throw CommandFailure(.usage, "\(policy.fileName) is no policy that a log can begin with:\n\(errors)")
        }
        return bootstrap
    }

    /// `examples`: one for each rule, where they were looked for.
    private static func report(_ compiled: CompiledPolicy, _ examples: [RuleExample.Finding] = []) -> PolicyReport {
        let messages = { (severity: Problem.Severity) in
            compiled.problems.filter { $0.severity == severity }.map {
                PolicyReport.Message(line: $0.place.line, column: $0.place.column, message: $0.message)
            }
        }
        let policy = compiled.policy
        return PolicyReport(
            file: compiled.fileName, errors: messages(.error), notes: messages(.note), name: policy?.name,
            hash: policy == nil ? nil : compiled.hash.hex, stages: policy?.stages ?? [],
            rules: policy?.rules.enumerated().map { place, rule in
                PolicyReport.Rule(
                    stage: policy?.stages[rule.stage] ?? "", line: rule.line, text: compiled.source(line: rule.line),
                    example: examples.isEmpty ? nil : PolicyReport.Example(examples[place]))
            } ?? [])
    }

    private static func print(
        _ compiled: CompiledPolicy, _ examples: [RuleExample.Finding], to terminal: Terminal
    ) {
        for problem in compiled.problems { terminal.write(Printable(compiled.rendered(problem))) }
        guard let policy = compiled.policy else { return }
        terminal.write(
            "\(Printable(compiled.fileName)): ok: \(Counted(policy.rules.count, "rule")), "
                + "\(Counted(policy.stages.count, "stage")); \(Counted(compiled.caseCount, "kind")) of customer checked"
        )
        let title = "for example, as of \(RuleExample.asOf.exampleText)"
        var table = Table([.number("line"), .words("stage"), .words(title, columnCountMax: 160)])
        for (rule, example) in zip(policy.rules, examples) {
            for (place, line) in example.lines.enumerated() {
                let isFirst = place == 0
                table.add([isFirst ? "\(rule.line)" : "", isFirst ? policy.stages[rule.stage] : "", line])
            }
        }
        for line in table.lines(style: terminal.style) { terminal.write(line) }
    }
}

extension RuleExample.Finding {
    /// As they stand below each other; one at least.
    fileprivate var lines: [String] {
        switch self {
        case .found(let example): example.shortHistory.map(\.description)
        case .none(let reason): ["no example was found: \(reason)"]
        }
    }
}

extension PolicyReport.Example {
    fileprivate init(_ finding: RuleExample.Finding) {
        switch finding {
        case .found(let example):
            let history = example.history.map { PolicyReport.Event(at: $0.at, text: $0.text) }
            self = .found(asOf: RuleExample.asOf, history: history)
        case .none(let reason): self = .none(because: reason)
        }
    }
}
