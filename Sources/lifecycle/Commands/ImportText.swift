import CommandLine
import CustomerLifecycle
import MappingLanguage
import Service
import Wire

/// An import's report for a person.
struct ImportText {
    private let report: ImportReport
    private let isOfOperator: Bool

    private static let refusalCountMax = 20

    init(_ report: ImportReport, _ settings: Settings) {
        self.report = report
        isOfOperator = ShopParameters.isOfOperator(settings)
    }

    func print(to terminal: Terminal) {
        if let orders = report.orders { printHead(orders, to: terminal) }
        let wasThere = "\(Grouped(report.alreadyThere)) \(report.alreadyThere == 1 ? "was" : "were") there already"
        let count = Counted(report.rows, "event")
        terminal.write(
            "\(report.file ?? ""): "
                + (report.isTrial
                    ? "\(count); nothing was appended, since this is a dry run"
                    : "\(count), \(Counted(report.appended, "record")) appended"
                        + (report.alreadyThere > 0 ? "; \(wasThere)" : "")))
        if report.passedOver > 0 {
            terminal.write("  \(Counted(report.passedOver, "record")) gave no event: none of the mapping's")
        }
        for (field, count) in report.unreadable.sorted(by: { $0.key < $1.key }) {
            terminal.write("  \(Grouped(count)) × \(field) could not be read, and counts as absent")
        }
        for line in report.unmatchedCredits.lines { terminal.write("  \(Printable(line))") }
        for line in EventNameHint.lines(report.unknownEvents, isOfOperator: isOfOperator) {
            terminal.write("  \(line)")
        }
        if let orders = report.orders { printSums(orders, to: terminal) }
        for note in report.notes + (report.orders?.notes ?? []) { terminal.write("  note: \(Printable(note))") }
        if let orders = report.orders { printSamples(orders, to: terminal) }
        printImport(to: terminal)
        if report.followsClosedHistory {
            terminal.write(
                "  note: the history was closed before this file came: of customers who were there, older orders "
                    + "change where they stand now, as corrections, and not the stages of their days. Say --more with "
                    + "every file but the last")
        }
        for line in report.rejectedLines {
            let field = line.field.isEmpty ? "" : "\(line.field): "
            let expected = line.expected.isEmpty ? "" : ", expected \(line.expected)"
            terminal.write("  line \(line.line): \(Printable(field))\(Printable(line.found))\(Printable(expected))")
        }
        guard report.rejectedCount > 0 else { return }
        let more = report.rejectedCount - report.rejectedLines.count
        terminal.write(
            "  \(Counted(report.rejectedCount, "line")) refused\(more > 0 ? ", \(Grouped(more)) not shown" : "")")
        guard let orders = report.orders, orders.refusals.count > 1, more > 0 else { return }
        for refusal in orders.refusals.prefix(Self.refusalCountMax) {
            terminal.write("    \(Grouped(refusal.lines)) × \(Printable(refusal.reason))")
        }
    }

    /// What the file is among the files of the log.
    private func printImport(to terminal: Terminal) {
        if report.isImportedBefore {
            let number = report.isTrial && report.number > 0 ? ", as import \(report.number)" : ""
            let later =
                report.laterImports > 0
                ? ", and \(Counted(report.laterImports, "import")) came since: --again makes it the newest" : ""
            terminal.write(
                "  it was imported before\(number), and \(report.isTrial ? "would be" : "is") passed over"
                    + (report.number > 0 ? later : ""))
        }
        for setting in report.changedSettings {
            terminal.write("  it was imported before, and counts anew: \(Printable(setting))")
        }
        guard let changes = report.changes else { return }
        terminal.write(
            "  \(report.isTrial ? "it would be " : "")import \(report.number) of this log: "
                + "\(Counted(changes.new, "new order")), "
                + "\(Grouped(changes.changed)) changed, \(Grouped(changes.unchanged)) unchanged"
                + (changes.credits > 0 ? "; \(Counted(changes.credits, "credit note"))" : ""))
        if report.logWasEmpty == false {
            terminal.write(
                "  the numbers above are of this file alone; `lifecycle stages` counts all that the log has")
        }
        guard changes.uncompared > 0 else { return }
        terminal.write(
            "  \(Counted(changes.uncompared, "order")) of customers with very many orders "
                + "\(changes.uncompared == 1 ? "was" : "were") not compared")
    }

    /// What the file was taken for.
    private func printHead(_ orders: OrdersReport, to terminal: Terminal) {
        terminal.write("\(report.file ?? "") is read as \(Printable(orders.format)), \(orders.reason)")
        for column in orders.columns {
            let theirs = column.theirs.map { Printable($0).description }.joined(separator: ", else ")
            let note = column.note.map { " (\($0))" } ?? ""
            terminal.write("  \(column.name): \(theirs)\(note)")
        }
        if let value = orders.value { terminal.write("  an order's value: \(Printable(value))") }
        if !orders.unusedColumns.isEmpty {
            terminal.write(
                "  not used: \(orders.unusedColumns.map { Printable($0).description }.joined(separator: ", "))")
        }
    }

    /// What comes of it.
    private func printSums(_ orders: OrdersReport, to terminal: Terminal) {
        var line = "  \(Counted(orders.rows, "row")), \(Counted(orders.ordersTaken, "order"))"
        if orders.ordersTaken > orders.orders {
            line += ", of which \(Grouped(orders.orders)) \(orders.orders == 1 ? "counts" : "count")"
        }
        line += ", \(Counted(orders.customers, "customer"))"
        if let period = orders.period {
            line += ", \(InstantText.writeDate(period.lowerBound)) to \(InstantText.writeDate(period.upperBound))"
        }
        terminal.write(line)
        let bound =
            switch (orders.unvaluedOrders > 0, orders.unsureRefunds > 0) {
            case (false, false): ""
            case (true, false): "at least "
            case (false, true): "at most "
            case (true, true): "about "
            }
        for sum in orders.sums {
            terminal.write(
                "  \(bound)\(sum.amount) \(sum.currency) of \(Counted(sum.orders, "order"))")
        }
        for status in orders.statuses {
            let meaning =
                status.meaning ?? "not known, and not counted: say --status '\(status.word)=kept' or what it is"
            terminal.write(
                "  status \(Printable(status.word)): \(Counted(status.orders, "order")), \(Printable(meaning))")
        }
    }

    private func printSamples(_ orders: OrdersReport, to terminal: Terminal) {
        guard report.isTrial, !orders.samples.isEmpty else { return }
        var table = Table([
            .number("line"), .words("order"), .words("customer"), .words("ordered at"), .number("value"),
            .words("status"),
        ])
        for sample in orders.samples {
            table.add([
                "\(sample.line)", "\(Printable(sample.order))", "\(Printable(sample.customer))",
                "\(InstantText.write(sample.orderedAt))", sample.value ?? "–", sample.status,
            ])
        }
        for line in table.lines(style: terminal.style) { terminal.write("  \(line)") }
    }
}
