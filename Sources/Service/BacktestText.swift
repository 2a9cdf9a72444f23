package import CommandLine
import CustomerLifecycle
import PolicyLanguage
package import Wire

extension BacktestReport: ReadableReport {
    package func lines(columnCount: Int, style: Style) -> [String] {
        guard let until, customers > 0 else { return ["Nobody has ordered."] }
        let span = PolicyText.duration(never.count)
        let head = Wrapped(
            "\(Printable(policy.file)), over all of history up to \(InstantText.write(until)): of "
                + "\(Counted(customers, "customer")) with orders \(Grouped(goneCount)) have not ordered for \(span) or "
                + "longer, and count as gone.", columnCount: columnCount
        ).lines
        return head + variants.flatMap { lines(of: $0, columnCount: columnCount, style: style) }
    }

    private func lines(of variant: Variant, columnCount: Int, style: Style) -> [String] {
        let head = variants.count > 1 ? ["", style(.strong, "\(variant.name):")] : [""]
        guard !variant.rules.isEmpty else { return head + ["Time alone led nobody anywhere."] }
        var table = Table([
            .number("line"), .words("into"), .number("entered"), .number("ordered again"), .number(""),
            .number("open"), .number("never again"), .number("of gone"), .number("silence, half"), .number("9 in 10"),
        ])
        for rule in variant.rules {
            let closed = rule.outcome.enteredCount - rule.outcome.openCount
            table.add([
                "\(rule.line)", rule.stage, "\(Grouped(rule.outcome.enteredCount))",
                "\(Grouped(rule.outcome.orderedAgainCount))", Self.percent(rule.outcome.orderedAgainCount, of: closed),
                "\(Grouped(rule.outcome.openCount))", "\(Grouped(rule.outcome.neverCount))",
                Self.percent(rule.caughtCount, of: goneCount), Self.days(rule.silenceMedian), Self.days(rule.silence90),
            ])
        }
        return head + table.lines(style: style) + (variants.count > 1 ? [] : notes(columnCount) + months(style))
    }

    private func notes(_ columnCount: Int) -> [String] {
        Wrapped(
            "Ordered again: within \(PolicyText.duration(horizon.count)), so that for them the line was early, of "
                + "those whose time is over. Open: that time is not over, whether they have ordered or not. Never "
                + "again: in \(PolicyText.duration(never.count)) after the entry that were observed. Of gone: of all "
                + "who are gone, those whom the line found after their last order, half of them and nine in ten after "
                + "so much silence.",
            columnCount: columnCount
        ).lines
    }

    private func months(_ style: Style) -> [String] {
        variants.flatMap(\.rules).flatMap { rule in
            var table = Table([
                .words("month"), .number("entered"), .number("ordered again"), .number("open"), .number("never again"),
            ])
            for month in rule.months {
                table.add([
                    PolicyReplayReport.text(month: month.month), "\(Grouped(month.outcome.enteredCount))",
                    "\(Grouped(month.outcome.orderedAgainCount))", "\(Grouped(month.outcome.openCount))",
                    "\(Grouped(month.outcome.neverCount))",
                ])
            }
            return ["", "line \(rule.line), \(Printable(rule.text)):"] + table.lines(style: style)
        }
    }

    private static func percent(_ count: Int, of all: Int) -> String {
        all == 0 ? "" : "\((count * 100 + all / 2) / all) %"
    }

    private static func days(_ length: Milliseconds?) -> String {
        length.map { "\($0.count / Milliseconds.days(1).count) days" } ?? ""
    }
}
