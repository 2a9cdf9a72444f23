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
            let bound = row.isTruncated ? "≥ " : ""
            table.add([
                row.customer, row.stage, InstantText.writeDate(row.enteredAt), "\(bound)\(Grouped(row.orders))",
                bound + PolicyText.money(row.revenue.minorUnits, row.revenue.currency),
                row.lastOrderAt.map(InstantText.writeDate) ?? "",
                row.forecast.map { "\($0.nextStage) \(InstantText.writeDate($0.at))" } ?? "",
            ])
        }
        return table.lines(style: style, indent: 0) + more + truncated
    }

    private var truncated: [String] {
        guard rows.contains(where: \.isTruncated) else { return [] }
        return [
            "≥: of these customers more is known than is kept (\(Facts.entryCountMax) orders each, the newest), "
                + "and what is older does not count."
        ]
    }

    private var more: [String] {
        if count > rows.count { return ["\(Grouped(rows.count)) of \(Grouped(count)); --limit shows more."] }
        return rows.isEmpty ? ["No customers."] : []
    }
}
