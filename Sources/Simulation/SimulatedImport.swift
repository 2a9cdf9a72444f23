import Processor

/// A file to import, of storefront events or of what a shop says of its orders, poison rows among them.
struct SimulatedImport: ImportSource, Sendable {
    let file: ImportFile
    let rows: [[UInt8]]

    init(name: String, rows: [[UInt8]], orders: ImportFile.Orders? = nil) {
        self.rows = rows
        file = ImportFile(hash: name, name: name, rowCount: rows.count, orders: orders)
    }

    /// The topic of origin in the records that its rows become.
    var origin: String { "import:\(file.hash)" }

    mutating func withRow<Result>(_ index: Int, _ body: (ImportRow) -> Result) -> Result {
        (rows[index] + [UInt8](repeating: 0, count: 64)).withUnsafeBytes {
            let json = UnsafeRawBufferPointer(rebasing: $0[..<rows[index].count])
            return body(ImportRow(line: index + 1, json: json, original: json))
        }
    }
}
