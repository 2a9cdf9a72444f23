import Processor
import Wire

/// `explain CUSTOMER`: where a customer stands, by which line of the policy, on what evidence, and how it came about.
enum ExplainCommand {
    private static let customer = Parameter.argument(
        "CUSTOMER", Format<String>.text, help: "the customer's id, with or without its prefix u: or a:")

    static let command = Command(
        "explain", "say where a customer stands and why, with the whole story",
        parameters: customer, Question.data, Question.at, Question.json
    ) { settings, terminal throws(CommandFailure) in
        let directory = try DataDirectory(reading: settings[Question.data])
        let view = try directory.view()
        let name = settings[customer]
        let work = LongWork("reading", unit: "records", total: nil, terminal: terminal)
        let report = try CommandFailure.translating { () throws(ProcessorError) in
            try view.explain(name, asOf: settings[Question.at]) { work.advance(by: $0) }
        }
        work.end()
        guard let report else {
            terminal.errors.write("lifecycle: no customer \(Printable(name)) in \(directory.path)\n")
            return .answerIsNo
        }
        terminal.answer(report, asJSON: settings[Question.json]) { print(report, to: terminal) }
        return .done
    }

    private static func print(_ report: ExplainReport, to terminal: Terminal) {
        let style = terminal.style
        terminal.write(
            "\(Printable(report.customer)) is \(style(.strong, report.stage)) since \(InstantText.write(report.since))")
        terminal.write("  as of   \(InstantText.write(report.asOf))")
        terminal.write("  rule    line \(report.ruleLine): \(report.rule)")
        for (index, finding) in report.findings.enumerated() {
            terminal.write("  \(index == 0 ? "because" : "and    ") \(Printable(finding.phrase))")
        }
        if report.evidence.count > 0 {
            let shown = report.evidence.elements.map { "\($0.kind) \($0.id)" }.joined(separator: ", ")
            let more = report.evidence.count - report.evidence.elements.count
            terminal.write("  seen in \(Printable(shown))\(more > 0 ? " and \(more) more" : "")")
        }
        let next = report.forecast.map { "\($0.nextStage) on \(InstantText.write($0.at)), if nothing happens" }
        terminal.write("  next    \(next ?? "stays, if nothing happens")")
        terminal.write("")
        var table = Table([.words(""), .words(""), .words("", columnCountMax: 200)])
        for entry in report.timeline {
            table.add([InstantText.write(entry.at), entry.kind == .change ? "▸" : " ", entry.text])
        }
        for line in table.lines(style: style) { terminal.write(line) }
    }
}
