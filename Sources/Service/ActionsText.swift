package import CommandLine
import CustomerLifecycle
import PolicyLanguage
import Processor
package import Wire

extension ActionsReport: ReadableReport {
    package func lines(columnCount: Int, style: Style) -> [String] {
        guard !steps.isEmpty else { return ["The policy \(Printable(policy)) has no actions, and none fell due."] }
        let until = asOf.map { " as of \(InstantText.write($0))" } ?? ""
        let from = since.map { ", from \(InstantText.write($0)) on" } ?? ""
        return Wrapped("What became of each step\(until)\(from):", columnCount: columnCount).lines + [""]
            + table(style) + reasons(columnCount) + coming(columnCount, style) + experiments(columnCount, style)
    }

    private func table(_ style: Style) -> [String] {
        var table = Table([
            .words("action"), .words("step"), .words("by"), .number("due"), .number("called off"),
            .number("not sent"), .number("waiting"),
        ])
        for step in steps {
            let channel = [step.channel, step.purpose].compactMap(\.self).joined(separator: " ")
            table.add([
                step.action, step.step, channel, "\(Grouped(step.due))", "\(Grouped(step.cancelledCount))",
                "\(Grouped(step.suppressedCount))", "\(Grouped(step.pending))",
            ])
        }
        return table.lines(style: style)
    }

    private func reasons(_ columnCount: Int) -> [String] {
        func lines(_ title: String, _ counts: (Step) -> [String: Int]) -> [String] {
            var all: [String: Int] = [:]
            for step in steps { all.merge(counts(step)) { $0 + $1 } }
            guard !all.isEmpty else { return [] }
            return ["", title]
                + all.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.flatMap { reason, count in
                    Wrapped("  \(Grouped(count))  \(reason): \(ActionText.why(reason))", columnCount: columnCount).lines
                }
        }
        return lines("Called off:", \.cancelled) + lines("Not sent:", \.suppressed)
    }

    private func coming(_ columnCount: Int, _ style: Style) -> [String] {
        let span = Counted(Int(ahead.count / Milliseconds.days(1).count), "day")
        guard !days.isEmpty else { return ["", "Nothing is to be decided within \(span)."] }
        var table = Table([.words("day"), .words("action"), .words("step"), .number("steps")])
        for day in days {
            table.add([InstantText.writeDate(day.date.midnight), day.action, day.step, "\(Grouped(day.count))"])
        }
        let head = Wrapped(
            "To be decided within \(span), if nothing happens before; \(Counted(customersWaiting, "customer")) wait "
                + "for a step, whenever it is:", columnCount: columnCount
        ).lines
        return [""] + head + [""] + table.lines(style: style)
    }

    private func experiments(_ columnCount: Int, _ style: Style) -> [String] {
        guard !arms.isEmpty else { return [] }
        let span = PolicyText.duration(within.count)
        var table = Table([
            .words("experiment"), .words("variant"), .number("customers"), .number("ordered"), .number(""),
            .number("open"),
        ])
        for arm in arms {
            let percent = arm.customers == 0 ? "" : "\((arm.ordered * 100 + arm.customers / 2) / arm.customers) %"
            table.add([
                arm.experiment, arm.variant, "\(Grouped(arm.customers))", "\(Grouped(arm.ordered))", percent,
                "\(Grouped(arm.open))",
            ])
        }
        let head = Wrapped(
            "Experiments: customers whose first step reached its release, and who of them ordered within \(span) of "
                + "it. Open: that time is not over. Whether a difference is more than chance is not said.",
            columnCount: columnCount
        ).lines
        return [""] + head + [""] + table.lines(style: style)
    }
}
