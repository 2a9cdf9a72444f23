package import CommandLine
import CustomerLifecycle
import MappingLanguage
package import Wire

extension StagesReport: ReadableReport {
    package func lines(columnCount: Int, style: Style) -> [String] {
        let largest = stages.map(\.knownCount).max() ?? 0
        let barColumn = Table.Column.words("")
        var table = Table(
            [.words("stage"), .number("customers")] + (hasVisitors ? [.number("visitors")] : []) + [barColumn])
        // Stages stand in the order in which customers pass through them: the policy's first rule, which overrides all
        // others, stands last.
        for stage in stages.reversed() {
            table.add(
                [stage.name, "\(Grouped(stage.knownCount))"] + (hasVisitors ? ["\(Grouped(stage.visitorCount))"] : [])
                    + ["\(Bar(stage.knownCount, of: largest, columnCount: 40))"])
        }
        return [headcount + instants] + policyLines(columnCount) + noteLines(columnCount) + table.lines(style: style)
            + (hasVisitors ? [""] + Self.visitorLines(columnCount: columnCount) : []) + monthLines(style)
            + wayLines(columnCount, style) + moveLines(style) + segmentLines(columnCount, style) + behindLines
            + eventLines
    }

    /// `2,104 customers and 1,648 visitors`; without visitors, customers alone.
    package var headcount: String {
        let visitorCount = stages.reduce(0) { $0 + $1.visitorCount }
        return Counted(stages.reduce(0) { $0 + $1.knownCount }, "customer").description
            + (visitorCount > 0 ? " and \(Counted(visitorCount, "visitor"))" : "")
    }

    package var hasVisitors: Bool { stages.contains { $0.visitorCount > 0 } }

    /// Why visitors are counted apart.
    package static func visitorLines(columnCount: Int) -> [String] {
        let days = Partition.visitorMemory.count / Milliseconds.days(1).count
        return Wrapped(
            "A visitor is a browser, not a person: who signs in is counted as a customer, under their own id, from "
                + "then on, and what the browser did before stays the visitor's. A visitor without an order or a "
                + "consent is forgotten \(days) days after the last event.", columnCount: columnCount
        ).lines
    }

    private func noteLines(_ columnCount: Int) -> [String] {
        notes.flatMap { Wrapped("note: \($0)", columnCount: columnCount).lines }
    }

    /// Nothing where only one policy was ever in force.
    private func policyLines(_ columnCount: Int) -> [String] {
        guard let policy, let policyOfThen, let policyOfNow, policyOfThen != policyOfNow else { return [] }
        let other =
            policy == policyOfNow
            ? "then policy \(policyOfThen.version) (\(policyOfThen.name)) was in force: --policy-of then asks for it"
            : "policy \(policyOfNow.version) (\(policyOfNow.name)) is in force now"
        return Wrapped(
            "under policy \(policy.version) (\(policy.name)); \(other)", columnCount: columnCount
        ).lines
    }

    private var eventLines: [String] {
        guard let unknownEvents else { return [] }
        let lines = EventNameHint.lines(unknownEvents)
        return [""] + (lines.isEmpty ? ["Every event in the log has a known name."] : lines)
    }

    /// Names one instant, or two where events came after time was last counted.
    private var instants: String {
        guard let asOf, let readUpTo else { return "" }
        guard readUpTo != asOf else { return " as of \(InstantText.write(asOf))" }
        return ", read up to \(InstantText.write(readUpTo)),\nsilence counted up to \(InstantText.write(asOf))"
    }

    private func monthLines(_ style: Style) -> [String] {
        guard let months else { return [] }
        let columns = StageColumns(stages)
        return ["", "At the end of each month:"] + columns.headLines(style: style).map { "  " + $0 }
            + months.map { "  " + columns.line(InstantText.writeDate($0.asOf), $0.stages) }
            + monthVisitorLines(months)
    }

    private func monthVisitorLines(_ months: [Month]) -> [String] {
        let counts = months.map { $0.stages.reduce(0) { $0 + $1.visitorCount } }
        guard counts.contains(where: { $0 > 0 }) else { return [] }
        var table = Table([.words(""), .number("visitors")])
        for (month, count) in zip(months, counts) {
            table.add([InstantText.writeDate(month.asOf), "\(Grouped(count))"])
        }
        return [""] + table.lines()
    }

    /// Writes the transitions as a matrix where it fits, else as a paragraph for each stage that was left.
    private func wayLines(_ columnCount: Int, _ style: Style) -> [String] {
        guard !transitions.isEmpty else { return [] }
        let matrix = matrix.lines(style: style)
        guard matrix.contains(where: { TextWidth.columnCount(of: $0) > columnCount }) else {
            return ["", "From (rows) to (columns), how often\(whose):"] + matrix
        }
        let passed = Set(transitions.flatMap { [$0.from, $0.to].compactMap(\.self) })
        let names = (stages.reversed().map(\.name) + passed.subtracting(stages.map(\.name)).sorted()).map(Optional.some)
        let indent = 2 + (names.compactMap { $0?.count }.max() ?? 0) + 3
        return ["", "From where to where, how often\(whose):"]
            + ([nil] + names).flatMap { paragraph(of: $0, indent: indent, columnCount) }
    }

    private var whose: String { hasVisitors ? ", of customers and visitors" : "" }

    private func paragraph(of from: String?, indent: Int, _ columnCount: Int) -> [String] {
        // No-break spaces keep a count with its stage.
        let ways = transitions.filter { $0.from == from }.sorted { ($1.count, $0.to) < ($0.count, $1.to) }
            .map { "\($0.to)\u{A0}\(Grouped($0.count))" }
        guard !ways.isEmpty else { return [] }
        let text = Wrapped(ways.joined(separator: ", "), columnCount: columnCount - indent).lines
        let name = TextWidth.padded(from ?? "(new)", to: indent - 5)
        return text.enumerated().map { index, line in
            let head = index == 0 ? "  \(name) → " : String(repeating: " ", count: indent)
            return head + line.replacing("\u{A0}", with: " ")
        }
    }

    /// The matrix has only stages that were ever left or entered, so that it stays small.
    private var matrix: Table {
        let known: [String] = stages.reversed().map(\.name)
        let passed = Set(transitions.flatMap { [$0.from, $0.to].compactMap(\.self) })
        // Those that only earlier policies had stand last.
        let names = known + passed.subtracting(known).sorted()
        let rows = [nil] + names.map { Optional($0) }
        let left = rows.filter { from in transitions.contains { $0.from == from } }
        let entered = names.filter { to in transitions.contains { $0.to == to } }
        var table = Table([.words("")] + entered.map { .number($0) })
        for from in left {
            let cells = entered.map { to in
                transitions.first { $0.from == from && $0.to == to }.map { "\(Grouped($0.count))" } ?? "·"
            }
            table.add([from ?? "(new)"] + cells)
        }
        return table
    }

    private func moveLines(_ style: Style) -> [String] {
        guard let moves, let since else { return [] }
        let head = "Since \(InstantText.write(since))"
        guard !moves.isEmpty else { return ["", "\(head), nobody moved."] }
        let policyCount = Set(moves.map(\.move.policyNumber)).count
        var table = Table([
            .words("from"), .words("to"), .number("how often"), .words("because of"),
            .words("by", columnCountMax: .max),
        ])
        for counted in moves {
            let move = counted.move
            let number = policyCount > 1 ? " of policy \(move.policyNumber)" : ""
            let line = move.text.map { "\(move.rule.replacing("\(move.to), ", with: ""))\(number): \($0)" }
            table.add([
                move.from ?? "(new)", move.to, "\(Grouped(counted.count))", Self.cause(move.trigger),
                line ?? "the shop",
            ])
        }
        return ["", "\(head), who moved and why\(whose):"] + table.lines(style: style)
    }

    private static func cause(_ trigger: StageChange.Trigger) -> String {
        switch trigger {
        case .event: "an event"
        case .silence: "time alone"
        case .correction: "late news"
        case .policy: "a new policy"
        case .override: "the shop's word"
        }
    }

    /// Those that nobody was ever in are named behind the others.
    private func segmentLines(_ columnCount: Int, _ style: Style) -> [String] {
        let empty = segments.filter { $0.enteredCount == 0 }.map(\.name)
        let notes =
            empty.isEmpty
            ? [] : Wrapped("Nobody was ever in \(empty.joined(separator: ", ")).", columnCount: columnCount).lines
        let isForgotten = segments.contains { $0.enteredCount - $0.leftCount != $0.count }
        let remark =
            "Who was forgotten, as visitors are in time, has entered a segment and neither left it nor is in it."
        let forgotten = isForgotten ? Wrapped(remark, columnCount: columnCount).lines : []
        guard empty.count < segments.count else { return empty.isEmpty ? [] : [""] + notes }
        var table = Table([.words("segment"), .number("in it"), .number("entered"), .number("left")])
        for segment in segments where segment.enteredCount > 0 {
            table.add([
                segment.name, "\(Grouped(segment.count))", "\(Grouped(segment.enteredCount))",
                "\(Grouped(segment.leftCount))",
            ])
        }
        let title = since == nil ? [] : ["Segments, since the log was begun:"]
        return [""] + title + table.lines(style: style) + notes + forgotten
    }

    private var behindLines: [String] {
        guard behind > 0 else { return [] }
        return [
            "",
            "\(Counted(behind, "customer")) \(behind == 1 ? "is" : "are") behind: their imported history is still "
                + "open. `lifecycle import --finish` closes it.",
        ]
    }
}
