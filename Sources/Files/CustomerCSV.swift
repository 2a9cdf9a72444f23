import CustomerLifecycle
import PolicyLanguage
package import Wire

/// Customers as CSV (RFC 4180, lines ended by a line feed), for spreadsheets and programs. What is not known is an
/// empty field.
///
/// No field can be taken for a formula: all begin with a letter or a digit, but for ids that the shop gave, which get
/// an apostrophe before what would begin one. Whoever needs such an id as it is finds it in the first column.
package struct CustomerCSV {
    package static let columns = [
        "customer_id", "kind", "shop_id", "stage", "entered_at", "orders", "revenue", "currency", "revenue_is",
        "first_order_at", "last_order_at", "next_stage", "next_at", "truncated",
    ]
    /// What follows them where moves are asked for.
    package static let moveColumns = ["moved_at", "moved_from", "moved_to", "moved_by", "moved_because"]
    private static let comma = UInt8(ascii: ",")

    private let showsMoves: Bool
    private var bytes: [UInt8] = []

    package init(showsMoves: Bool) { self.showsMoves = showsMoves }

    package var header: String { (Self.columns + (showsMoves ? Self.moveColumns : [])).joined(separator: ",") + "\n" }

    package mutating func line(_ row: CustomerRow) -> String {
        bytes.removeAll(keepingCapacity: true)
        for (place, field) in (fields(row) + (showsMoves ? moveFields(row) : [])).enumerated() {
            if place > 0 { bytes.append(Self.comma) }
            CSVReader.append(field.utf8, to: &bytes, separator: Self.comma)
        }
        bytes.append(UInt8(ascii: "\n"))
        return String(decoding: bytes, as: UTF8.self)
    }

    private func fields(_ row: CustomerRow) -> [String] {
        let isMoney = row.revenue.currency != .none
        let isKnown = isMoney && row.revenueBound != .unknown
        return [
            row.customer, Subject.userID(of: row.customer) == nil ? "visitor" : "customer",
            Self.harmless(String(row.customer.utf8.dropFirst(Subject.prefixByteCount)) ?? ""), row.stage,
            Self.time(row.enteredAt), "\(row.orders)", isKnown ? row.revenue.decimal : "",
            isMoney ? row.revenue.currency.letters : "",
            isMoney ? row.revenueBound.word : "unknown",
            row.firstOrderAt.map(Self.time) ?? "", row.lastOrderAt.map(Self.time) ?? "",
            row.forecast?.nextStage ?? "", row.forecast.map { Self.time($0.at) } ?? "",
            row.isTruncated ? "yes" : "no",
        ]
    }

    private func moveFields(_ row: CustomerRow) -> [String] {
        guard let move = row.move else { return Self.moveColumns.map { _ in "" } }
        return [Self.time(move.at), move.kind.from ?? "", move.kind.to, move.kind.rule, move.reason]
    }

    /// As spreadsheets know a time: `2025-01-31 09:05:00`, in UTC.
    private static func time(_ instant: Instant) -> String {
        String(instant.rfc3339.prefix(19)).replacing("T", with: " ")
    }

    private static func harmless(_ id: String) -> String {
        guard let first = id.utf8.first, "=+-@\t\r".utf8.contains(first) else { return id }
        return "'" + id
    }
}
