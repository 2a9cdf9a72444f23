package import CommandLine
import CustomerLifecycle
import PolicyLanguage
package import Wire

extension CustomersReport: ReadableReport {
    package func lines(columnCount: Int, style: Style) -> [String] {
        var table = CustomerTable(showsMoves: rows.contains { $0.move != nil })
        for row in rows { table.measure(row) }
        table.fit(columnCount: columnCount)
        return table.headLines(style: style) + rows.map { table.line($0, style: style) }
            + table.notes(shownCount: rows.count, count: count)
    }
}

/// Customers as a table whose rows are not kept: it is shown all of them first, and then writes one after the other.
package struct CustomerTable {
    private static let idColumnCountMin = 24

    private let showsMoves: Bool
    private var layout: TableLayout
    private var currency = Currency.none
    private var hasTruncated = false
    private var hasUnvalued = false
    private var hasUnsureRefund = false

    /// Where moves are asked for, they stand in the place of what comes next.
    package init(showsMoves: Bool = false) {
        self.showsMoves = showsMoves
        let customer = Table.Column.words("customer", columnCountMax: .max)
        layout = TableLayout(
            showsMoves
                ? [
                    customer, .words("moved"), .words("from"), .words("to"), .words("stage now"), .number("orders"),
                    .number("revenue"), .words("why", columnCountMax: .max),
                ]
                : [
                    customer, .words("stage"), .words("since"), .number("orders"), .number("revenue"),
                    .words("last order"), .words("next if silent"),
                ])
    }

    package mutating func measure(_ row: CustomerRow) {
        layout.widen(for: cells(row))
        currency = row.revenue.currency
        hasTruncated = hasTruncated || row.isTruncated
        switch row.revenueBound {
        case .exact: break
        case .atLeast, .unknown: hasUnvalued = true
        case .atMost: hasUnsureRefund = true
        case .about: (hasUnvalued, hasUnsureRefund) = (hasUnvalued || !row.isTruncated, true)
        }
    }

    /// Cuts ids, and marks them, where lines would be longer. Call it once all rows were measured.
    package mutating func fit(columnCount: Int) {
        layout.narrowFirst(toFit: columnCount, columnCountMin: Self.idColumnCountMin)
    }

    package func headLines(style: Style) -> [String] { layout.headLines(style: style, indent: 0) }

    package func line(_ row: CustomerRow, style: Style) -> String { layout.line(cells(row), style: style, indent: 0) }

    /// What stands below the rows.
    package func notes(shownCount: Int, count: Int) -> [String] {
        var notes: [String] = []
        if count > shownCount {
            notes.append("\(Grouped(shownCount)) of \(Grouped(count)); --limit N shows more, --limit all everybody.")
        } else if count == 0 {
            notes.append("No customers.")
        }
        if hasUnvalued, currency != .none {
            notes.append(
                "at least, –: of these customers the value of some orders, or of all, is not known in "
                    + "\(currency.letters).")
        }
        if hasUnsureRefund, currency != .none {
            notes.append(
                "at most, about: of these customers a refund is of unknown amount, or in another currency than its "
                    + "order.")
        }
        if hasTruncated {
            notes.append(
                "≥: of these customers more is known than is kept (the newest \(Facts.entryCountMax) of orders, of "
                    + "consents, of complaints, of reviews and of costs), and what is older does not count.")
        }
        return notes
    }

    private func cells(_ row: CustomerRow) -> [String] {
        let bound = row.isTruncated ? "≥ " : ""
        let revenue = PolicyText.revenue(row.revenue.minorUnits, row.revenue.currency, row.revenueBound)
        let figures = ["\(bound)\(Grouped(row.orders))", row.revenueBound == .exact ? bound + revenue : revenue]
        let move = row.move
        guard !showsMoves else {
            return layout.printable(
                [
                    row.customer, move.map { InstantText.writeDate($0.at) } ?? "", move?.kind.from ?? "(new)",
                    move?.kind.to ?? "", row.stage,
                ] + figures + [move.map(Self.why) ?? ""])
        }
        return layout.printable(
            [row.customer, row.stage, InstantText.writeDate(row.enteredAt)] + figures + [
                row.lastOrderAt.map(InstantText.writeDate) ?? "",
                row.forecast.map { "\($0.nextStage) \(InstantText.writeDate($0.at))" } ?? "",
            ])
    }

    /// The line and what it found; of `otherwise`, which asks nothing, the line alone.
    private static func why(_ move: CustomerRow.Move) -> String {
        move.reason.isEmpty ? move.kind.rule : move.reason
    }
}
