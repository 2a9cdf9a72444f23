package import CommandLine
import CustomerLifecycle
package import Wire

extension PolicyDiffReport: ReadableReport {
    package func lines(columnCount: Int, style: Style) -> [String] {
        let instant = asOf.map { " as of \(InstantText.write($0))" } ?? ""
        let head = [
            "\(Printable(new.file)) beside the policy in force (\(Printable(old.name)), \(old.hash.prefix(12)))"
                + "\(instant):"
        ]
        guard customers > 0 else { return head + ["There are no customers."] }
        guard differs else { return head + ["Nobody stands elsewhere, of \(Counted(customers, "customer"))."] }
        return head + stageLines(style) + moveLines(style) + segmentLines(style) + forecastLines(style)
            + customerLines(style)
    }

    private func stageLines(_ style: Style) -> [String] {
        var table = Table([.words("stage"), .number("now"), .number("then"), .number("")])
        for stage in stages.reversed() { table.add([stage.name] + Self.cells(stage.old, stage.new)) }
        return [""] + table.lines(style: style)
    }

    private func moveLines(_ style: Style) -> [String] {
        guard movedCount > 0 else { return ["", "Nobody changes stage."] }
        var table = Table([.number("customers"), .words("from → to"), .words("because of", columnCountMax: 100)])
        for move in moves {
            let line = move.line.map { "line \($0): " } ?? ""
            table.add(["\(Grouped(move.count))", "\(move.from) → \(move.to)", line + move.rule])
        }
        return ["", "\(Grouped(movedCount)) of \(Counted(customers, "customer")) change stage:"]
            + table.lines(style: style)
    }

    private func segmentLines(_ style: Style) -> [String] {
        guard !segments.isEmpty else { return [] }
        var table = Table([
            .words("segment"), .number("now"), .number("then"), .number(""), .number("enter"), .number("leave"),
        ])
        for segment in segments {
            table.add(
                [segment.name] + Self.cells(segment.old, segment.new)
                    + ["\(Grouped(segment.enteredCount))", "\(Grouped(segment.leftCount))"])
        }
        return [""] + table.lines(style: style)
    }

    private func forecastLines(_ style: Style) -> [String] {
        guard !forecast.isEmpty else { return [] }
        var table = Table([.words("into"), .number("now"), .number("then"), .number("")])
        for stage in forecast { table.add([stage.name] + Self.cells(stage.old, stage.new)) }
        return ["", "Whom silence alone leads on within 30 days:"] + table.lines(style: style)
    }

    private func customerLines(_ style: Style) -> [String] {
        guard !moved.isEmpty else { return [] }
        var table = Table([.words("customer"), .words("from → to"), .number("line")])
        for customer in moved {
            table.add([customer.id, "\(customer.from) → \(customer.to)", customer.line.map { "\($0)" } ?? ""])
        }
        let more = movedCount - moved.count
        let end = more > 0 ? ["  and \(Grouped(more)) more: --limit says how many are named"] : []
        return [""] + table.lines(style: style) + end
    }

    private static func cells(_ old: Int, _ new: Int) -> [String] {
        let change = new - old
        return [
            "\(Grouped(old))", "\(Grouped(new))",
            change == 0 ? "" : (change > 0 ? "+" : "−") + "\(Grouped(abs(change)))",
        ]
    }
}
