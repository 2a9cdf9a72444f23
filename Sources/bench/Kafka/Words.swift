import Foundation

/// Writes figures for people.
enum Words {
    /// Writes a whole number with commas between thousands.
    static func grouped(_ number: Double) -> String {
        let digits = String(Int(number.rounded()))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0, digit != "-" { text.append(",") }
            text.append(digit)
        }
        return text
    }

    static func grouped(_ number: Int) -> String { grouped(Double(number)) }

    /// Writes a figure, without decimals from 100 on; `–` for nil.
    static func figure(_ number: Double?) -> String {
        guard let number else { return "–" }
        if number >= 100 { return grouped(number) }
        return String(format: number >= 10 ? "%.1f" : "%.2f", number)
    }

    static func percent(_ share: Double?) -> String { share.map { String(format: "%.1f %%", $0 * 100) } ?? "–" }

    static func percentiles(_ percentiles: Percentiles?) -> String {
        guard let percentiles else { return "no latencies" }
        return zip(Percentiles.names, percentiles.values).map { "\($0) \(figure($1))" }.joined(separator: ", ") + " ms"
    }

    /// Lays out rows whose first column is words and whose others are figures, each as wide as needed.
    static func table(_ rows: [[String]]) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.indices.map { column in
                let blanks = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + blanks : blanks + row[column]
            }.joined(separator: "  ")
        }
    }
}
