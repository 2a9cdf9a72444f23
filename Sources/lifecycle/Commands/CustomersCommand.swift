import Brokers
import CommandLine
import CustomerLifecycle
import PolicyLanguage
import Processor
import Service
import Wire

/// `customers`: who is in a stage, sorted and limited.
enum CustomersCommand: LogCommand {
    private static let stage = Parameter.optional("stage", Format<String>.text, help: "only customers in this stage")
    private static let sort = Parameter.standard(
        "sort", Format<CustomerSelection.Order>.choice, "id", help: "by id, entry into the stage, orders, revenue, …")
    private static let descending = Parameter.flag("descending", help: "largest or latest first")
    private static let limit = Parameter.standard(
        "limit", Format<Int>.integer(in: 1...1_000_000), "20", help: "how many to list")

    static let command = Command(
        "customers", "list customers: their stage, since when, and what comes next",
        sharing: LogLocation.declarations, parameters: stage, sort, descending, limit, Question.at, Question.json,
        run: run)

    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        let folded = try place.folded(asOf: settings[Question.at], terminal: terminal)
        let selection = CustomerSelection(
            stage: settings[stage], order: settings[sort], isDescending: settings[descending], limit: settings[limit])
        let report = try CommandFailure.translating { () throws(ProcessorError) in try folded.customers(selection) }
        terminal.answer(report, asJSON: settings[Question.json]) { print(report, to: terminal) }
        return .done
    }

    private static func print(_ report: CustomersReport, to terminal: Terminal) {
        var table = Table([
            .words("customer", columnCountMax: 24), .words("stage"), .words("since"), .number("orders"),
            .number("revenue"), .words("last order"), .words("next if silent"),
        ])
        for row in report.rows {
            table.add([
                row.customer, row.stage, InstantText.writeDate(row.enteredAt), "\(Grouped(row.orders))",
                PolicyText.money(row.revenue.minorUnits, row.revenue.currency),
                row.lastOrderAt.map(InstantText.writeDate) ?? "",
                row.forecast.map { "\($0.nextStage) \(InstantText.writeDate($0.at))" } ?? "",
            ])
        }
        for line in table.lines(style: terminal.style, indent: 0) { terminal.write(line) }
        if report.count > report.rows.count {
            terminal.write("\(Grouped(report.rows.count)) of \(Grouped(report.count)); --limit shows more.")
        } else if report.rows.isEmpty {
            terminal.write("No customers.")
        }
    }
}
