/// A file as an import knows it.
package struct ImportFile: Equatable, Sendable {
    /// Names the content: SHA-256 (hex) of the file's bytes and of all settings that change what its rows mean.
    package let hash: String
    /// How the user calls it.
    package let name: String
    /// Rows that are storefront events; lines that are none were reported when the file was read.
    package let rowCount: Int

    package init(hash: String, name: String, rowCount: Int) {
        self.hash = hash
        self.name = name
        self.rowCount = rowCount
    }
}

/// A file's rows in the order in which they go to the log: by customer, then time, so that each history is appended as
/// it happened. The order is a function of the file alone: an import that was killed goes on where it stood.
package protocol ImportSource {
    var file: ImportFile { get }

    /// Lends row `index` (0 ..< rowCount) as a storefront event in JSON, with its line in the file from 1. 64 more
    /// bytes are readable behind it.
    mutating func withRow<Result>(_ index: Int, _ body: (_ line: Int, _ json: UnsafeRawBufferPointer) -> Result)
        -> Result
}
