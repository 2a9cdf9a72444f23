import CommandLine
import CustomerLifecycle
import Wire

/// What the proposed policy would make of the customers that there are, beside the one in force.
struct ProposedPage {
    let report: PolicyDiffReport

    func write(into html: inout HTMLWriter) {
        html.element("p", [.init("class", "lead")], lead)
        if let currencies = report.otherCurrencies {
            html.element(
                "p",
                "It counts in \(currencies.new.letters), and no more in \(currencies.old.letters): amounts are never "
                    + "converted.")
        }
        table("Customers by stage", "Stage", report.stages.reversed(), into: &html)
        if !report.moves.isEmpty {
            PlainTable(
                caption: "Who would move, by the line of the proposed rules that decides",
                columns: [
                    .init("From", .words), .init("To", .words), .init("Customers", .number), .init("Line", .words),
                ],
                rows: report.moves.map { move in
                    [
                        move.from.asTitle, move.to.asTitle, Grouped(move.count).description,
                        move.line.map { "line \($0): \(move.rule)" } ?? move.rule,
                    ]
                }
            ).write(into: &html)
        }
        if !report.segments.isEmpty {
            PlainTable(
                caption: "Customers by segment",
                columns: [
                    .init("Segment", .words), .init("Now", .number), .init("Then", .number), .init("Enter", .number),
                    .init("Leave", .number),
                ],
                rows: report.segments.map { segment in
                    [segment.name.asTitle]
                        + [segment.old, segment.new, segment.enteredCount, segment.leftCount].map {
                            Grouped($0).description
                        }
                }
            ).write(into: &html)
        }
        if !report.forecast.isEmpty {
            table("Whom silence alone leads into a stage within 30 days", "Stage", report.forecast, into: &html)
        }
        for (title, names) in [
            ("New actions, whose “once per” begins anew", report.newActions),
            ("Actions that are gone, with what is pending", report.goneActions),
        ] where !names.isEmpty {
            html.element("p", "\(title): \(names.map(\.asTitle).joined(separator: ", ")).")
        }
        guard !report.moved.isEmpty else { return }
        html.element("h2", "Some of those who would move")
        html.element("ul") { html in
            for customer in report.moved {
                html.element("li") { html in
                    html.link(to: Link("customers", customer.id).description, customer.id)
                    html.write(": \(customer.from.asTitle) → \(customer.to.asTitle)")
                }
            }
        }
    }

    private var lead: String {
        let name = "“\(report.new.name)” of \(report.new.file)"
        guard report.movesAnybody else { return "Under \(name) nobody would stand elsewhere." }
        let count = report.movedCount
        return "Under \(name) \(Counted(count, "customer")) of \(Grouped(report.customers)) would stand elsewhere. "
            + "Adopting it stays with the command line: lifecycle policy adopt."
    }

    private func table(
        _ caption: String, _ title: String, _ pairs: some Sequence<PolicyDiffReport.Pair>, into html: inout HTMLWriter
    ) {
        PlainTable(
            caption: caption,
            columns: [.init(title, .words), .init("Now", .number), .init("Then", .number), .init("Change", .number)],
            rows: pairs.map { pair in
                let change = pair.new - pair.old
                let sign = change > 0 ? "+" : change < 0 ? "−" : "±"
                return [
                    pair.name.asTitle, Grouped(pair.old).description, Grouped(pair.new).description,
                    sign + Grouped(change.magnitude).description,
                ]
            }
        ).write(into: &html)
    }
}
