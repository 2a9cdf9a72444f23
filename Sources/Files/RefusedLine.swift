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

/// The refused lines of a file. All are counted; the first 100 are kept.
package struct RefusedLines: Equatable {
    static let keptMax = 100

    package private(set) var count = 0
    package private(set) var first: [RefusedLine] = []

    mutating func append(_ line: @autoclosure () -> RefusedLine) {
        count += 1
        if first.count < Self.keptMax { first.append(line()) }
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
