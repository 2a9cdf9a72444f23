import CommandLine
import CustomerLifecycle
import Service
import Wire

/// Draws the customers by stage as they grow: on a terminal as bars redrawn in place, elsewhere as a line for each
/// month.
struct Funnel {
    private static let barColumnCount = 40

    private let terminal: Terminal
    private let columns: StageColumns
    private var drawnLineCount = 0

    init(_ stages: [StagesReport.Stage], terminal: Terminal) {
        self.terminal = terminal
        columns = StageColumns(stages)
    }

    /// Writes the head of the lines. Call it once, before the first month.
    func begin() {
        guard !terminal.isOutputInteractive else { return }
        for line in columns.headLines(style: terminal.style) { terminal.write(line) }
    }

    /// Draws the counts over what was drawn before, with the lines of `below` under them. It does nothing unless on a
    /// terminal.
    mutating func draw(_ report: StagesReport, at instant: Instant, below: [String] = []) {
        guard terminal.isOutputInteractive else { return }
        let lines = [head(report, at: instant)] + bars(report) + below
        let up = drawnLineCount > 0 ? "\u{1B}[\(drawnLineCount)A" : ""
        terminal.output.write(up + lines.map { "\r\($0)\u{1B}[K\n" }.joined() + "\u{1B}[J")
        terminal.output.flush()
        drawnLineCount = lines.count
    }

    /// Writes the line of a month that has ended. It does nothing on a terminal, which has the bars.
    func endMonth(_ report: StagesReport, label: String) {
        guard !terminal.isOutputInteractive else { return }
        terminal.write(columns.line(label, report.stages))
        terminal.output.flush()
    }

    private func head(_ report: StagesReport, at instant: Instant) -> String {
        "\(terminal.style(.strong, InstantText.writeDate(instant)))  \(report.headcount)"
    }

    private func bars(_ report: StagesReport) -> [String] {
        let largest = report.stages.map(\.knownCount).max() ?? 0
        let nameCount = report.stages.map { TextWidth.columnCount(of: $0.name) }.max() ?? 0
        return report.stages.reversed().map { stage in
            let name = TextWidth.padded(stage.name, to: nameCount)
            let count = TextWidth.padded("\(Grouped(stage.knownCount))", to: 7, atRight: true)
            let bar = Bar(stage.knownCount, of: largest, columnCount: Self.barColumnCount)
            return "  \(name) \(count)  \(terminal.style(.quiet, bar))"
        }
    }
}
