import CommandLine
package import Wire

/// A line of a file that is not an event: its place, the field, what was found and what was expected.
package struct RefusedLine: Equatable, CustomStringConvertible {
    /// The line's number, counted from 1; the first line of a row that has several.
    package let line: Int
    /// The field's name in the header; nil where the whole line is meant.
    package let field: String?
    package let found: String
    package let expected: String

    package var description: String {
        let place = "line \(line)\(field.map { ", \(Printable($0))" } ?? ""): "
        // A reason's own sentence says both.
        return place + (expected.isEmpty ? found : "found \(found), expected \(expected)")
    }
}

/// The refused lines of a file. All are counted, the first 100 are kept, and all go to a file if there is one.
package struct RefusedLines {
    static let keptMax = 100
    /// More different reasons are gathered under one name.
    private static let reasonCountMax = 50

    package private(set) var count = 0
    /// Those that stand first in the file, by line.
    package private(set) var first: [RefusedLine] = []
    private var countByReason: [String: Int] = [:]
    private let file: RefusedFile?

    package init(in file: RefusedFile? = nil) { self.file = file }

    /// Why lines were refused, and how many, the most frequent reason first.
    package var reasons: [OrdersReport.Refusal] {
        countByReason.map { OrdersReport.Refusal(reason: $0.key, lines: $0.value) }
            .sorted { ($0.lines, $1.reason) > ($1.lines, $0.reason) }
    }

    /// Adds a line, with its row as it stands in the file.
    mutating func append(_ line: RefusedLine, row: UnsafeRawBufferPointer) throws(ImportError) {
        count += 1
        let reason = "\(line.field.map { "\($0): " } ?? "")expected \(line.expected)"
        let isKnown = countByReason[reason] != nil || countByReason.count < Self.reasonCountMax
        countByReason[isKnown ? reason : "other reasons", default: 0] += 1
        first.insert(line, by: \.line, atMost: Self.keptMax)
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
