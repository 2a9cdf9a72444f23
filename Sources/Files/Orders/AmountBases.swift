import MappingLanguage
import Wire

/// Decides what the amounts of each column stand for, by the amounts that orders of several rows have in it.
struct AmountBases {
    /// So many orders of several rows that have one amount in all of them show that it is the order's.
    private static let equalCountMin = 10

    private struct Seen {
        /// The line of the first amount that differs from another one of its order.
        var differingLine: Int?
        /// Orders of several rows with one amount in all of them.
        var equalCount = 0
    }

    private let rows: OrderRows
    private let forms: OrderForms
    private let request: OrdersRequest
    private let columns: [OrderColumn]
    private var seen: [Seen]
    private var key: [UInt8] = []
    private var held: [UInt8] = []
    private var heldLine = 0
    private var rowCount = 0
    /// The amounts of the order under way, by column: the first, in how many rows there is one, whether one differs.
    private var first: [ExactDecimal?]
    private var counts: [Int]
    private var differs: [Bool]
    private var severalCount = 0
    private var severalLine = 0

    init(_ rows: OrderRows, _ forms: OrderForms, _ request: OrdersRequest) {
        self.rows = rows
        self.forms = forms
        self.request = request
        columns = OrderColumn.allCases.filter { $0.kind == .amount && rows.header.has($0) }
        seen = Array(repeating: Seen(), count: columns.count)
        first = Array(repeating: nil, count: columns.count)
        counts = Array(repeating: 0, count: columns.count)
        differs = Array(repeating: false, count: columns.count)
    }

    /// Takes the next row, sorted by order. Only the rows of orders that have several are looked into.
    mutating func add(_ row: SortedRow) {
        if !row.person.elementsEqual(key) || rowCount == 0 {
            endOrder()
            key = Array(row.person)
            rowCount = 1
            held = Array(row.text)
            heldLine = row.line
            return
        }
        if rowCount == 1 {
            severalCount += 1
            if severalLine == 0 { severalLine = row.line }
            held.withUnsafeBytes { look(at: $0, heldLine) }
        }
        rowCount += 1
        look(at: row.text, row.line)
    }

    private mutating func look(at text: UnsafeRawBufferPointer, _ line: Int) {
        rows.find(in: text)
        for (index, column) in columns.enumerated() {
            guard let text = rows.filled(column), let value = forms.amount(text, column)?.value else { continue }
            counts[index] += 1
            guard let known = first[index] else {
                first[index] = value
                continue
            }
            guard !known.isEqual(to: value), !differs[index] else { continue }
            differs[index] = true
            if seen[index].differingLine == nil { seen[index].differingLine = line }
        }
    }

    private mutating func endOrder() {
        guard rowCount > 1 else { return }
        for index in columns.indices {
            if counts[index] > 1, !differs[index] { seen[index].equalCount += 1 }
            first[index] = nil
            counts[index] = 0
            differs[index] = false
        }
    }

    /// Throws where neither the export, the user nor the amounts tell.
    mutating func decide(_ forms: inout OrderForms, file: String) throws(ImportError) {
        endOrder()
        rowCount = 0
        let header = rows.header
        if let total = columns.firstIndex(of: .total) {
            forms.bases[OrderColumn.total.rawValue] = try basis(of: total, header, file)
        }
        let standard = forms.basis(.total)
        for (index, column) in columns.enumerated() where column != .total {
            let isOrder: Bool
            if header.export.amounts != nil && header.export.columns[column] != nil && request.amounts == nil {
                isOrder = header.export.amounts == .order
            } else {
                isOrder =
                    seen[index].differingLine == nil
                    && (seen[index].equalCount >= Self.equalCountMin || standard == .order)
            }
            forms.bases[column.rawValue] = OrderForms.Basis(basis: isOrder ? .order : .line, reason: .values)
        }
    }

    private func basis(of index: Int, _ header: OrdersHeader, _ file: String) throws(ImportError) -> OrderForms.Basis {
        if let said = request.amounts { return OrderForms.Basis(basis: said, reason: .said) }
        if let known = header.export.amounts { return OrderForms.Basis(basis: known, reason: .export) }
        let name = header.name(of: .total)
        // Pieces and their number beside an amount: it may be the price of one, unless it is called a total.
        if header.has(.quantity), ColumnName.folded(name) != OrderColumn.total.name {
            throw .openForm(
                file: file, column: name,
                found: "amounts beside a quantity, and nothing that tells whether they are the price of one piece",
                option: "--amount order, --amount line or --amount unit")
        }
        if severalCount == 0 { return OrderForms.Basis(basis: .order, reason: .unneeded) }
        if seen[index].differingLine != nil { return OrderForms.Basis(basis: .line, reason: .values) }
        if seen[index].equalCount >= Self.equalCountMin { return OrderForms.Basis(basis: .order, reason: .values) }
        throw .openForm(
            file: file, column: name,
            found: "orders of several rows, the first in line \(severalLine), and too few of them to tell whether an "
                + "amount is the order's or the row's",
            option: "--amount order or --amount line")
    }
}
