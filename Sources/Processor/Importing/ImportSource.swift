package import CustomerLifecycle

/// A file as an import knows it.
package struct ImportFile: Equatable, Sendable {
    /// Names the content: SHA-256 (hex) of the file's bytes. An import's progress stands under this name.
    package let content: String
    /// Names the content and what the file's reader was told of it: the origin of its records in the log.
    package let hash: String
    /// How the user calls it.
    package let name: String
    /// Rows that are storefront events; lines that are none were reported when the file was read.
    package let rowCount: Int
    /// The settings of the file's reader that change what the rows mean, by name.
    package let settings: [String: String]
    /// What it says of its orders. Nil of a file of events: they happened, and no file takes one back.
    package let orders: Orders?

    /// What a file of orders says of all of them.
    package struct Orders: Equatable, Sendable {
        /// The newest date in the file.
        package let newest: Instant
        package let covers: Statement.Coverage
        /// What judged its dates, if anything did. Its import is under the same clock, so that its rows are the same in
        /// every run.
        package let clock: Instant?

        package init(newest: Instant, covers: Statement.Coverage, clock: Instant? = nil) {
            self.newest = newest
            self.covers = covers
            self.clock = clock
        }
    }

    /// A file whose reader is told nothing has one name for its content and for its origin.
    package init(
        hash: String, name: String, rowCount: Int, content: String? = nil, settings: [String: String] = [:],
        orders: Orders? = nil
    ) {
        self.content = content ?? hash
        self.hash = hash
        self.name = name
        self.rowCount = rowCount
        self.settings = settings
        self.orders = orders
    }
}

/// A row of a file, lent for as long as the call that lends it.
package struct ImportRow {
    /// The row's line in the file, counted from 1.
    package let line: Int
    /// The row as a storefront event in JSON. 64 more bytes are readable behind it.
    package let json: UnsafeRawBufferPointer
    /// How many bytes the event has. A row that is longer than an event may be is not lent whole.
    package let byteCount: Int
    /// Whether it says only that an order does not count, which matters where an earlier file or an event has it.
    package let isWithdrawal: Bool
    /// The row as it stands in the file, without its line break; not more of it than an event may have.
    package let original: UnsafeRawBufferPointer

    package init(
        line: Int, json: UnsafeRawBufferPointer, byteCount: Int? = nil, isWithdrawal: Bool = false,
        original: UnsafeRawBufferPointer
    ) {
        self.line = line
        self.json = json
        self.byteCount = byteCount ?? json.count
        self.isWithdrawal = isWithdrawal
        self.original = original
    }
}

/// A file's rows in the order in which they go to the log: by customer, then time, so that each history is appended as
/// it happened. The order is a function of the file alone: an import that was killed goes on where it stood.
package protocol ImportSource {
    var file: ImportFile { get }

    /// Lends row `index` (0 ..< rowCount). Rows are asked for one after the other, from 0 on; asking for 0 again begins
    /// anew.
    mutating func withRow<Result>(_ index: Int, _ body: (ImportRow) -> Result) throws(ProcessorError) -> Result
}
