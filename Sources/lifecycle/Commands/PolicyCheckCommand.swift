import Brokers
import CommandLine
import CustomerLifecycle
import PolicyLanguage
import Processor
import Service
import Storage
import Wire

/// `policy check`: whether a file is a policy, and what there is to say about it.
enum PolicyCheckCommand: LogCommand {
    private static let file = Parameter.argument("FILE", Format<String>.policy, help: "a policy file, or preset:NAME")

    static let command = Command(
        "policy check", "check a policy file: errors, notes, and a customer for each rule",
        discussion: """
            Ends with 1 if the file is no policy. With --data or --brokers on the command line it also names each fact \
            that a line asks for and that nothing in the log ever fed.
            """,
        sharing: LogLocation.declarations, parameters: file, Printing.json
    ) { settings, terminal throws(CommandFailure) in
        let compiled = try PolicyFile(settings[file]).compiled()
        // A place that stands in a configuration is for other commands: to check a policy takes no log.
        guard LogLocation.isOnCommandLine(settings), compiled.policy != nil else {
            return answer(compiled, [], settings, terminal)
        }
        return try run(settings, terminal)
    }

    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        let compiled = try PolicyFile(settings[file]).compiled()
        let fed = try place.answer(terminal) { view, onWork throws(ProcessorError) in
            try view.folded(asOf: nil, onWork: onWork).fedFacts()
        }
        return answer(compiled, compiled.notes(onAllBut: fed), settings, terminal)
    }

    private static func answer(
        _ compiled: CompiledPolicy, _ unfed: [Problem], _ settings: Settings, _ terminal: Terminal
    ) -> ExitCode {
        let examples = ExampleSearch.findings(for: compiled)
        var report = PolicyReport(compiled, examples)
        report.notes += unfed.map {
            PolicyReport.Message(line: $0.place.line, column: $0.place.column, message: $0.message)
        }
        terminal.answer(report, asJSON: settings[Printing.json]) { print(compiled, unfed, examples, to: terminal) }
        return report.isOK ? .done : .answerIsNo
    }

    private static func print(
        _ compiled: CompiledPolicy, _ unfed: [Problem], _ examples: [RuleExample.Finding], to terminal: Terminal
    ) {
        for line in (compiled.problems + unfed).flatMap(compiled.lines) { terminal.write(line) }
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
