import CommandLine
import Processor
import Service
import Wire

/// What fell due and what did not, what is to come, and what came of experiments.
struct ActionsPage {
    let report: ActionsReport

    func write(into html: inout HTMLWriter) {
        let due = report.steps.reduce(0) { $0 + $1.due }
        guard !report.steps.isEmpty else {
            html.element("p", [.init("class", "lead")], "The rules have no actions: nothing falls due.")
            return
        }
        html.element(
            "p", [.init("class", "lead")],
            "\(Counted(due, "contact")) fell due; \(Counted(report.customersWaiting, "customer")) "
                + "\(report.customersWaiting == 1 ? "waits" : "wait") for one.")
        let steps = [
            Column("Action", .words), Column("Step", .words), Column("Due", .number), Column("Waiting", .number),
            Column("Cancelled", .words), Column("Suppressed", .words),
        ]
        table(
            "What became of each step", steps,
            report.steps.map { step in
                [
                    step.action.asTitle, step.step.asTitle, Grouped(step.due).description,
                    Grouped(step.pending).description, reasons(step.cancelled), reasons(step.suppressed),
                ]
            }, into: &html)
        if !report.days.isEmpty {
            let days = [
                Column("Day", .words), Column("Action", .words), Column("Step", .words), Column("Customers", .number),
            ]
            table(
                "What is to come, by day (UTC)", days,
                report.days.map { day in
                    ["\(day.date)", day.action.asTitle, day.step.asTitle, Grouped(day.count).description]
                }, into: &html)
        }
        if !report.arms.isEmpty {
            let arms = [
                Column("Experiment", .words), Column("Arm", .words), Column("Customers", .number),
                Column("Ordered", .number), Column("Still open", .number),
            ]
            table(
                "Experiments, by arm; no claim of significance", arms,
                report.arms.map { arm in
                    [arm.experiment.asTitle, arm.variant.asTitle]
                        + [arm.customers, arm.ordered, arm.open].map { Grouped($0).description }
                }, into: &html)
        }
    }

    /// `5 no consent, 2 too late`.
    private func reasons(_ counts: [String: Int]) -> String {
        guard !counts.isEmpty else { return "none" }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { reason, count in
            // The policy's own word for a condition that must go on holding.
            let word = reason == "while" ? "condition over" : reason.replacing("_", with: " ")
            return "\(Grouped(count)) \(word)"
        }.joined(separator: ", ")
    }

    private struct Column {
        enum Kind {
            case words, number
        }

        let title: String
        let kind: Kind

        init(_ title: String, _ kind: Kind) {
            self.title = title
            self.kind = kind
        }

        var attributes: [HTMLWriter.Attribute] { kind == .words ? [HTMLWriter.Attribute("class", "words")] : [] }
    }

    private func table(
        _ caption: String, _ columns: [Column], _ rows: [[String]], into html: inout HTMLWriter
    ) {
        html.element("div", [.init("class", "scroll"), .init("tabindex", "0")]) { html in
            html.element("table") { html in
                html.element("caption", caption)
                html.element("thead") { html in
                    html.element("tr") { html in
                        for column in columns {
                            html.element("th", [.init("scope", "col")] + column.attributes, column.title)
                        }
                    }
                }
                html.element("tbody") { html in
                    for row in rows {
                        html.element("tr") { html in
                            for (column, text) in zip(columns, row) { html.element("td", column.attributes, text) }
                        }
                    }
                }
            }
        }
    }
}
