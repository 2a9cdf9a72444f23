import Brokers
import CommandLine
import CustomerLifecycle
import PolicyLanguage
import Processor
import Service
import Storage
import Wire

/// `policy check`, `policy presets` and `policy facts`.
enum PolicyCommands {
    private static let file = Parameter.argument("FILE", Format<String>.policy, help: "a policy file, or preset:NAME")

    static let check = Command(
        "policy check", "check a policy file: errors, notes, and a customer for each rule",
        discussion: "Ends with 1 if the file is no policy.",
        parameters: file, Printing.json
    ) { settings, terminal throws(CommandFailure) in
        let compiled = try PolicyFile(settings[file]).compiled()
        let examples = ExampleSearch.findings(for: compiled)
        let report = PolicyReport(compiled, examples)
        terminal.answer(report, asJSON: settings[Printing.json]) { print(compiled, examples, to: terminal) }
        return report.isOK ? .done : .answerIsNo
    }

    static let presets = Command(
        "policy presets", "list the policies that the program brings along, to start from",
        discussion: """
            `preset:NAME` stands wherever a policy file may; `policy show --preset NAME` prints the document, to be \
            saved and changed.
            """,
        parameters: Printing.json
    ) { settings, terminal throws(CommandFailure) in
        let report = PresetsReport(
            presets: Preset.allCases.map { preset in
                PresetsReport.Preset(
                    name: preset.rawValue, summary: preset.summary, stages: preset.compiled.policy?.stages ?? [])
            })
        terminal.answer(report, asJSON: settings[Printing.json]) {
            var table = Table([.words("preset"), .words("what it is", columnCountMax: 120)])
            for preset in report.presets { table.add([preset.name, preset.summary]) }
            for line in table.lines(style: terminal.style) { terminal.write(line) }
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

    /// Makes the bootstrap of a new log. Throws if the policy has errors.
    static func bootstrap(
        _ names: Names, _ policy: CompiledPolicy, partitionCount: Int
    ) throws(CommandFailure) -> LogBootstrap {
        var generator = SystemRandomNumberGenerator()
        let bootstrap = LogBootstrap(
            names: names, partitionCount: partitionCount, log: LogID(random: &generator), policy: policy)
        guard let bootstrap else {
            throw CommandFailure(
                .usage,
                "\(policy.fileName) is no policy that a log can begin with:\n\(PolicyFile.errors(of: policy))")
        }
        return bootstrap
    }

    private static func print(
        _ compiled: CompiledPolicy, _ examples: [RuleExample.Finding], to terminal: Terminal
    ) {
        for line in compiled.problems.flatMap(compiled.lines) { terminal.write(line) }
        guard let policy = compiled.policy else { return }
        terminal.write(
            "\(Printable(compiled.fileName)): ok: \(Counted(policy.rules.count, "rule")), "
                + Counted(policy.stages.count, "stage").description
                + (policy.segments.isEmpty ? "" : ", \(Counted(policy.segments.count, "segment"))")
                + "; \(Counted(compiled.caseCount, "kind")) of customer checked"
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
