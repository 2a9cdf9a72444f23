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
        PlainTable(
            caption: "What became of each step",
            columns: [
                .init("Action", .words), .init("Step", .words), .init("Due", .number), .init("Waiting", .number),
                .init("Cancelled", .words), .init("Suppressed", .words),
            ],
            rows: report.steps.map { step in
                [
                    step.action.asTitle, step.step.asTitle, Grouped(step.due).description,
                    Grouped(step.pending).description, reasons(step.cancelled), reasons(step.suppressed),
                ]
            }
        ).write(into: &html)
        if !report.days.isEmpty { days.write(into: &html) }
        if !report.arms.isEmpty { arms.write(into: &html) }
    }

    private var days: PlainTable {
        PlainTable(
            caption: "What is to come, by day (UTC)",
            columns: [
                .init("Day", .words), .init("Action", .words), .init("Step", .words), .init("Customers", .number),
            ],
            rows: report.days.map { day in
                ["\(day.date)", day.action.asTitle, day.step.asTitle, Grouped(day.count).description]
            })
    }

    private var arms: PlainTable {
        PlainTable(
            caption: "Experiments, by arm; no claim of significance",
            columns: [
                .init("Experiment", .words), .init("Arm", .words), .init("Customers", .number),
                .init("Ordered", .number), .init("Still open", .number),
            ],
            rows: report.arms.map { arm in
                [arm.experiment.asTitle, arm.variant.asTitle]
                    + [arm.customers, arm.ordered, arm.open].map { Grouped($0).description }
            })
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
}
