package import CommandLine
import CustomerLifecycle
import PolicyLanguage
package import Wire

extension CustomersReport: ReadableReport {
    package func lines(columnCount: Int, style: Style) -> [String] {
        var table = Table([
            .words("customer", columnCountMax: 24), .words("stage"), .words("since"), .number("orders"),
            .number("revenue"), .words("last order"), .words("next if silent"),
        ])
        for row in rows {
            table.add([
                row.customer, row.stage, InstantText.writeDate(row.enteredAt), "\(Grouped(row.orders))",
                PolicyText.money(row.revenue.minorUnits, row.revenue.currency),
                row.lastOrderAt.map(InstantText.writeDate) ?? "",
                row.forecast.map { "\($0.nextStage) \(InstantText.writeDate($0.at))" } ?? "",
            ])
        }
        return table.lines(style: style, indent: 0) + more
    }

    private var more: [String] {
        if count > rows.count { return ["\(Grouped(rows.count)) of \(Grouped(count)); --limit shows more."] }
        return rows.isEmpty ? ["No customers."] : []
    }
}
