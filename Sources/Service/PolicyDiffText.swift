package import CommandLine
import CustomerLifecycle
package import Wire

extension PolicyDiffReport: ReadableReport {
    package func lines(columnCount: Int, style: Style) -> [String] {
        let instant = asOf.map { " as of \(InstantText.write($0))" } ?? ""
        let head =
            [
                "\(Printable(new.file)) beside the policy in force (\(Printable(old.name)), \(old.hash.prefix(12)))"
                    + "\(instant):"
            ] + noteLines(columnCount)
        let actions = actionLines(columnCount)
        guard customers > 0 else { return head + ["There are no customers."] + actions }
        guard movesAnybody else {
            return head + ["Nobody stands elsewhere, of \(Counted(customers, "customer"))."] + actions
        }
        return head + stageLines(style) + moveLines(style) + segmentLines(style) + forecastLines(style) + actions
            + customerLines(style)
    }

    private func noteLines(_ columnCount: Int) -> [String] {
        var notes: [String] = []
        if behind > 0 {
            notes.append(
                "note: the imported history of \(Counted(behind, "customer")) is still open (`lifecycle import "
                    + "--finish` closes it): they are judged at their own newest event, and not as of that instant")
        }
        if let currencies = otherCurrencies {
            notes.append(
                "note: it counts in \(currencies.new.letters), and no more in \(currencies.old.letters): amounts are "
                    + "never converted")
        }
        return notes.flatMap { Wrapped($0, columnCount: columnCount).lines }
    }

    /// Actions are told apart by name, as an adoption does; that none is in force yet `policy check` says.
    private func actionLines(_ columnCount: Int) -> [String] {
        var sentences: [String] = []
        if !newActions.isEmpty {
            sentences.append("New actions, whose \"once per\" begins anew: \(newActions.joined(separator: ", ")).")
        }
        if !goneActions.isEmpty {
            sentences.append("Actions that are gone, with what is pending: \(goneActions.joined(separator: ", ")).")
        }
        return sentences.isEmpty ? [] : [""] + sentences.flatMap { Wrapped($0, columnCount: columnCount).lines }
    }

    private func stageLines(_ style: Style) -> [String] {
        [""] + Self.lines(stages.reversed(), named: "stage", style)
    }

    fileprivate static func lines(_ pairs: [Pair], named name: String, _ style: Style) -> [String] {
        var table = Table([.words(name), .number("now"), .number("then"), .number("")])
        for pair in pairs { table.add([pair.name] + cells(pair.old, pair.new)) }
        return table.lines(style: style)
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
        return ["", "Whom silence alone leads on within 30 days:"] + Self.lines(forecast, named: "into", style)
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

    fileprivate static func cells(_ old: Int, _ new: Int) -> [String] {
        let change = new - old
        return [
            "\(Grouped(old))", "\(Grouped(new))",
            change == 0 ? "" : (change > 0 ? "+" : "−") + "\(Grouped(abs(change)))",
        ]
    }
}

extension PolicyReplayReport: ReadableReport {
    package func lines(columnCount: Int, style: Style) -> [String] {
        let instant = asOf.map { " up to \(InstantText.write($0))" } ?? ""
        let head = Wrapped(
            "\(Printable(new.file)) beside the policy in force (\(Printable(old.name)), \(old.hash.prefix(12))), each "
                + "as if it had been in force from the start: \(Counted(eventCount, "event"))\(instant).",
            columnCount: columnCount
        ).lines
        let remark = Wrapped(
            "What customers would have done otherwise is not simulated: the same events came.", columnCount: columnCount
        ).lines
        guard customers > 0 else { return head + ["There are no customers."] }
        let contacts = contactLines(columnCount, style)
        guard differs else {
            return head + ["Nothing differs, of \(Counted(customers, "customer"))."] + remark + contacts
        }
        return head + remark + [""] + PolicyDiffReport.lines(stages.reversed(), named: "stage", style) + wayLines(style)
            + flowLines(style) + contacts
    }

    private func wayLines(_ style: Style) -> [String] {
        guard movedCount > 0 else { return ["", "Everybody ends in the same stage."] }
        var table = Table([.number("customers"), .words("under the policy in force"), .words("under the other")])
        for way in ways { table.add(["\(Grouped(way.value))", way.key.from, way.key.to]) }
        return ["", "\(Grouped(movedCount)) of \(Counted(customers, "customer")) end in another stage:"]
            + table.lines(style: style)
    }

    private func flowLines(_ style: Style) -> [String] {
        let differing = flows.filter { $0.value.old != $0.value.new }
        guard !differing.isEmpty else { return [] }
        var table = Table([.words("month"), .words("from → to"), .number("now"), .number("then"), .number("")])
        for flow in differing {
            let way = "\(flow.key.from ?? "(new)") → \(flow.key.to)"
            table.add([flow.key.monthText, way] + PolicyDiffReport.cells(flow.value.old, flow.value.new))
        }
        return ["", "Changes of stage by month (UTC), where they differ:"] + table.lines(style: style)
    }

    private func contactLines(_ columnCount: Int, _ style: Style) -> [String] {
        guard !contacts.isEmpty else { return [] }
        var table = Table([.words("action"), .number("now"), .number("then"), .number("")])
        for (action, count) in contactsByAction { table.add([action] + PolicyDiffReport.cells(count.old, count.new)) }
        var text =
            "Contacts that would have been released if each event had been told when it happened, what was imported too"
        if lateEvents > 0 {
            text += " (\(Counted(lateEvents, "event")) stood behind newer ones of their customer, and counted as late)"
        }
        text += ":"
        return [""] + Wrapped(text, columnCount: columnCount).lines + table.lines(style: style)
            + monthlyContactLines(style)
    }

    private func monthlyContactLines(_ style: Style) -> [String] {
        let differing = contacts.filter { $0.value.old != $0.value.new }
        guard !differing.isEmpty else { return [] }
        var table = Table([.words("month"), .words("action"), .number("now"), .number("then"), .number("")])
        for contact in differing {
            table.add(
                [Self.text(month: contact.key.month), contact.key.action]
                    + PolicyDiffReport.cells(contact.value.old, contact.value.new))
        }
        return ["", "Contacts by month (UTC), where they differ:"] + table.lines(style: style)
    }
}
