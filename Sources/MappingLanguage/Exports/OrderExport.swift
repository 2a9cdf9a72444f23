import Wire

/// A shop's export of orders: in which columns it says what, and what its words mean.
package struct OrderExport: Sendable {
    package internal(set) var name = ""
    package internal(set) var about = ""
    /// The columns by which it is known, as `ColumnName.folded`; none of an export that is only chosen by name.
    package internal(set) var recognisedBy: [String] = []
    /// The names of columns in a header, folded, the first filled one counting.
    package internal(set) var columns: [OrderColumn: [String]] = [:]
    /// What an order's value is; for the summary.
    package internal(set) var value: String?
    /// What an amount stands for; nil where the file's values decide.
    package internal(set) var amounts: AmountBasis?
    package internal(set) var decimalMark: DecimalMark?
    package internal(set) var dateOrder: DateOrder?
    /// Whether its times that name no zone are in UTC.
    package internal(set) var isUTC = false
    /// Of a customer's column: words that say that there is none, folded. The next column is asked then.
    package internal(set) var guests: Set<String> = []
    package internal(set) var statuses: [String: OrderStatus] = [:]
    /// For the summary: under which key live events of that shop come.
    package internal(set) var note: String?
    /// Why it cannot be imported, and what can be instead.
    package internal(set) var lacks: String?

    /// Among `guests`: whatever has a blank in it, since an id has none.
    package static let aName = "a name"

    init() {}
}

/// What an amount of a row stands for.
package enum AmountBasis: String, CaseIterable, Sendable {
    /// The whole order, again in each of its rows.
    case order
    /// The row.
    case line
    /// One piece of the row's quantity.
    case unit
}

/// The character between a number's whole part and its decimals.
package enum DecimalMark: String, CaseIterable, Sendable {
    case point = "."
    case comma = ","

    package var byte: UInt8 { self == .point ? UInt8(ascii: ".") : UInt8(ascii: ",") }
    package var other: Self { self == .point ? .comma : .point }
}

/// What stands first in a date such as 05/04/2025.
package enum DateOrder: String, CaseIterable, Sendable {
    case day, month
}

/// What a shop's word for an order's status means.
package enum OrderStatus: String, CaseIterable, Sendable {
    /// It counts: paid, sent, done.
    case kept
    /// It counts no more.
    case cancelled
    /// It does not count yet.
    case pending
    /// It is none: a draft, a test.
    case ignored
    /// It counted, and all was paid back.
    case refunded
    /// It counts, and some of it was paid back.
    case partlyRefunded = "partly_refunded"

    /// Returns the word as it is compared: without case, and with blanks for `_` and `-`.
    package static func folded(_ word: some StringProtocol) -> String {
        var folded = ""
        for character in ColumnName.folded(word) {
            let isBlank = character == "_" || character == "-" || character.isWhitespace
            if !isBlank { folded.append(character) } else if folded.last != " " { folded.append(" ") }
        }
        return folded
    }
}
