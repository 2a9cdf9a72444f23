import Processor
import Wire

/// `stages`: how many customers are where, and which ways they took.
enum StagesCommand {
    static let command = Command(
        "stages", "count customers by stage, and the ways between stages",
        discussion: """
            Without --at the answer is what was published up to the newest tick or import. With --at the whole log is \
            folded again as far as it counts up to that instant.
            """,
        parameters: Question.data, Question.at, Question.json
    ) { settings, terminal throws(CommandFailure) in
        let directory = try DataDirectory(reading: settings[Question.data])
        let report = try directory.folded(asOf: settings[Question.at], terminal: terminal).stages()
        terminal.answer(report, asJSON: settings[Question.json]) { print(report, to: terminal) }
        return .done
    }

    private static func print(_ report: StagesReport, to terminal: Terminal) {
        let total = report.stages.reduce(0) { $0 + $1.count }
        terminal.write(
            "\(Grouped(total)) customers" + (report.asOf.map { " as of \(InstantText.write($0))" } ?? ""))
        var table = Table([.words("stage"), .number("customers"), .words("")])
        for stage in report.stages {
            table.add([stage.name, "\(Grouped(stage.count))", bar(stage.count, of: total)])
        }
        for line in table.lines(style: terminal.style) { terminal.write(line) }
        guard !report.transitions.isEmpty else { return }
        terminal.write("")
        terminal.write("from (rows) to (columns), how often:")
        for line in matrix(report).lines(style: terminal.style) { terminal.write(line) }
        guard report.behind > 0 else { return }
        terminal.write("")
        terminal.write(
            "\(Grouped(report.behind)) customers are behind: their imported history is still open. "
                + "`lifecycle import --finish` closes it.")
    }

    private static func bar(_ count: Int, of total: Int) -> String {
        guard total > 0, count > 0 else { return "" }
        return String(repeating: "▇", count: max(count * 30 / total, 1))
    }

    /// Only stages that were ever left or entered, so that the matrix fits.
    private static func matrix(_ report: StagesReport) -> Table {
        let names = report.stages.map(\.name)
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
