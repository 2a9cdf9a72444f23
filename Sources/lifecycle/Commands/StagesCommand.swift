import Brokers
import CommandLine
import Processor
import Service
import Wire

/// `stages`: how many customers are where, and which ways they took.
enum StagesCommand: LogCommand {
    private static let months = Parameter.optional(
        "months", Format<Int>.integer(in: 1...120), help: "also count at the end of each of the last N months (UTC)")

    static let command = Command(
        "stages", "count customers by stage, and the ways between stages",
        discussion: """
            Without --at the answer is what was published up to now, silence counted up to the newest tick or import. \
            With --at the whole log is folded again as far as it counts up to that instant; --months does so once for \
            each month.
            """,
        sharing: LogLocation.declarations, parameters: Question.at, months, Question.json, run: run)

    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        let folded = try place.folded(asOf: settings[Question.at], terminal: terminal)
        var report = folded.stages()
        if let count = settings[months], let instant = folded.instant {
            report.months = try place.months(count, endingAt: instant, terminal: terminal)
        }
        terminal.answer(report, asJSON: settings[Question.json]) { print(report, to: terminal) }
        return .done
    }

    private static func print(_ report: StagesReport, to terminal: Terminal) {
        let total = report.stages.reduce(0) { $0 + $1.count }
        terminal.write("\(Grouped(total)) customers" + instants(report))
        let largest = report.stages.map(\.count).max() ?? 0
        var table = Table([.words("stage"), .number("customers"), .words("")])
        // As customers pass through them; the policy's first rule, which goes before all others, stands last.
        for stage in report.stages.reversed() {
            table.add([stage.name, "\(Grouped(stage.count))", "\(Bar(stage.count, of: largest, columnCount: 40))"])
        }
        for line in table.lines(style: terminal.style) { terminal.write(line) }
        printMonths(report, to: terminal)
        printWays(report, to: terminal)
        guard report.behind > 0 else { return }
        terminal.write("")
        terminal.write(
            "\(Grouped(report.behind)) customers are behind: their imported history is still open. "
                + "`lifecycle import --finish` closes it.")
    }

    /// Both, where events came since time was last counted.
    private static func instants(_ report: StagesReport) -> String {
        guard let asOf = report.asOf, let readUpTo = report.readUpTo else { return "" }
        guard readUpTo != asOf else { return " as of \(InstantText.write(asOf))" }
        return ", read up to \(InstantText.write(readUpTo)),\nsilence counted up to \(InstantText.write(asOf))"
    }

    private static func printMonths(_ report: StagesReport, to terminal: Terminal) {
        guard let months = report.months else { return }
        let columns = StageColumns(report.stages)
        terminal.write("")
        terminal.write("At the end of each month:")
        for line in columns.headLines(style: terminal.style) { terminal.write("  " + line) }
        for month in months {
            terminal.write("  " + columns.line(InstantText.writeDate(month.asOf), month.stages))
        }
    }

    /// A matrix where there is room for it, else a paragraph for each stage that was left.
    private static func printWays(_ report: StagesReport, to terminal: Terminal) {
        guard !report.transitions.isEmpty else { return }
        terminal.write("")
        let lines = matrix(report).lines(style: terminal.style)
        guard lines.contains(where: { TextWidth.columnCount(of: $0) > terminal.columnCount }) else {
            terminal.write("From (rows) to (columns), how often:")
            for line in lines { terminal.write(line) }
            return
        }
        terminal.write("From where to where, how often:")
        let names = report.stages.reversed().map { Optional($0.name) }
        let indent = 2 + (names.compactMap { $0?.count }.max() ?? 0) + 3
        for from in [nil] + names {
            // Blanks that do not break keep a count with its stage.
            let ways = report.transitions.filter { $0.from == from }.sorted { ($1.count, $0.to) < ($0.count, $1.to) }
                .map { "\($0.to)\u{A0}\(Grouped($0.count))" }
            guard !ways.isEmpty else { continue }
            let text = Wrapped(ways.joined(separator: ", "), columnCount: terminal.columnCount - indent).lines
            let name = TextWidth.padded(from ?? "(new)", to: indent - 5)
            for (index, line) in text.enumerated() {
                let head = index == 0 ? "  \(name) → " : String(repeating: " ", count: indent)
                terminal.write(head + line.replacing("\u{A0}", with: " "))
            }
        }
    }

    /// Only stages that were ever left or entered, so that the matrix fits.
    private static func matrix(_ report: StagesReport) -> Table {
        let names: [String] = report.stages.reversed().map(\.name)
        let rows = [nil] + names.map { Optional($0) }
        let left = rows.filter { from in report.transitions.contains { $0.from == from } }
        let entered = names.filter { to in report.transitions.contains { $0.to == to } }
        var table = Table([.words("")] + entered.map { .number($0) })
        for from in left {
            let cells = entered.map { to in
                report.transitions.first { $0.from == from && $0.to == to }.map { "\(Grouped($0.count))" } ?? "·"
            }
            table.add([from ?? "(new)"] + cells)
        }
        return table
    }
}
