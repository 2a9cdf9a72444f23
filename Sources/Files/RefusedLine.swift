import CommandLine

/// A line of a file that is not an event: its place, the field, what was found and what was expected.
package struct RefusedLine: Equatable, CustomStringConvertible {
    /// The line's number, counted from 1; the first line of a row that has several.
    package let line: Int
    /// The field's name in the header; nil where the whole line is meant.
    package let field: String?
    package let found: String
    package let expected: String

    package var description: String {
        "line \(line)\(field.map { ", \(Printable($0))" } ?? ""): found \(found), expected \(expected)"
    }
}

/// The refused lines of a file. All are counted, the first 100 are kept, and all go to a file if there
/// is one.
package struct RefusedLines {
    static let keptMax = 100

    package private(set) var count = 0
    package private(set) var first: [RefusedLine] = []
    private let file: RefusedFile?

    init(in file: RefusedFile? = nil) { self.file = file }

    /// Whether the next line is kept or written, and not only counted.
    var wantsLine: Bool { file != nil || first.count < Self.keptMax }

    /// Counts a line that is neither kept nor written.
    mutating func countOne() { count += 1 }

    /// Adds a line, with its row as it stands in the file.
    mutating func append(_ line: RefusedLine, row: UnsafeRawBufferPointer) throws(ImportError) {
        count += 1
        if first.count < Self.keptMax { first.append(line) }
        try file?.append(
            line: line.line, column: line.field ?? "", found: line.found, expected: line.expected, row: row)
    }
}

/// A piece of a file to show to a person: shortened, on one line, and left out where it may be a mail address.
struct Excerpt: CustomStringConvertible {
    private static let byteCountMax = 60

    let description: String

    init(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else {
            description = "nothing"
            return
        }
        guard !bytes.contains(UInt8(ascii: "@")) else {
            description = "a text of \(bytes.count) bytes with an @ in it"
            return
        }
        let shown = Printable(String(decoding: bytes.prefix(Self.byteCountMax), as: UTF8.self))
        description = "`\(shown)`" + (bytes.count > Self.byteCountMax ? "… (\(Grouped(bytes.count)) bytes)" : "")
    }
}
