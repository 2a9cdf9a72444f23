/// Reads rows by RFC 4180: fields in quotes may hold separators, line breaks and doubled quotes. A quote elsewhere in a
/// field is a character like any other; CR, LF and CR LF all end a line.
package struct CSVReader {
    let text: UnsafeRawBufferPointer
    let separator: UInt8

    /// The place of a field's text, without the quotes around it.
    struct Field {
        var start = 0
        var count = 0
        /// Whether the text holds doubled quotes, which must be halved.
        var isDoubled = false

        func bytes(in text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: text[start..<start + count])
        }
    }

    /// What a field ended with.
    enum End {
        case separator
        case line
        case text
        /// The text ends inside quotes.
        case neverClosed
        /// Text follows the closing quote.
        case afterQuote
    }

    struct Passed {
        let field: Field
        let end: End
        /// The first byte that was not read.
        let nextIndex: Int
        /// How many line breaks are inside the field.
        let breakCount: Int
        /// Where the last of them stands.
        let lastBreak: Int?
    }

    /// What became of a row whose quotes cannot be read: it ran over these line breaks within quotes. A row that runs
    /// over one of them within quotes ends the same way, so the text behind it need not be read again.
    struct Misread {
        let breaks: ClosedRange<Int>
        let end: End

        /// Returns the same with places counted from `start`.
        func counted(from start: Int) -> Self {
            Self(breaks: breaks.lowerBound - start...breaks.upperBound - start, end: end)
        }
    }

    /// Reads the field that begins at `start`.
    func field(at start: Int, after misread: Misread? = nil) -> Passed {
        if start < text.count, text[start] == Self.quote { return quoted(at: start, misread) }
        var index = start
        while index < text.count {
            let byte = text[index]
            if byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn { break }
            index += 1
        }
        return passed(Field(start: start, count: index - start), at: index)
    }

    private func quoted(at start: Int, _ misread: Misread?) -> Passed {
        var field = Field(start: start + 1)
        var index = start + 1
        var breakCount = 0
        var lastBreak: Int?
        while index < text.count {
            let byte = text[index]
            if byte == Self.quote {
                guard index + 1 < text.count, text[index + 1] == Self.quote else {
                    field.count = index - field.start
                    return passed(field, at: index + 1, breakCount: breakCount, lastBreak: lastBreak)
                }
                field.isDoubled = true
                index += 1
            } else if byte == Self.lineFeed || (byte == Self.carriageReturn && !isLineFeed(at: index + 1)) {
                breakCount += 1
                lastBreak = index
                if let misread, misread.breaks.contains(index) {
                    field.count = index - field.start
                    return Passed(
                        field: field, end: misread.end, nextIndex: index, breakCount: breakCount, lastBreak: lastBreak)
                }
            }
            index += 1
        }
        field.count = index - field.start
        return Passed(
            field: field, end: .neverClosed, nextIndex: index, breakCount: breakCount, lastBreak: lastBreak)
    }

    private func passed(_ field: Field, at index: Int, breakCount: Int = 0, lastBreak: Int? = nil) -> Passed {
        func passed(_ end: End, _ next: Int) -> Passed {
            Passed(field: field, end: end, nextIndex: next, breakCount: breakCount, lastBreak: lastBreak)
        }
        guard index < text.count else { return passed(.text, index) }
        switch text[index] {
        case separator: return passed(.separator, index + 1)
        case Self.lineFeed: return passed(.line, index + 1)
        case Self.carriageReturn: return passed(.line, isLineFeed(at: index + 1) ? index + 2 : index + 1)
        default: return passed(.afterQuote, index)
        }
    }

    /// Returns where the line after the one at `start` begins.
    func nextLine(after start: Int) -> Int {
        var index = start
        while index < text.count, text[index] != Self.lineFeed, text[index] != Self.carriageReturn { index += 1 }
        guard index < text.count else { return index }
        return text[index] == Self.carriageReturn && isLineFeed(at: index + 1) ? index + 2 : index + 1
    }

    private func isLineFeed(at index: Int) -> Bool { index < text.count && text[index] == Self.lineFeed }

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// Writes a field as it is read back: in quotes where it has to be.
    package static func append(_ field: some Sequence<UInt8>, to target: inout [UInt8], separator: UInt8) {
        let isPlain = field.allSatisfy { $0 != separator && $0 != quote && $0 != lineFeed && $0 != carriageReturn }
        guard !isPlain else { return target.append(contentsOf: field) }
        target.append(quote)
        for byte in field {
            if byte == quote { target.append(quote) }
            target.append(byte)
        }
        target.append(quote)
    }

    /// Writes a field's text with its doubled quotes halved. Returns how many bytes it wrote.
    static func halveQuotes(_ field: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Int {
        var written = 0
        var index = 0
        while index < field.count {
            target[written] = field[index]
            written += 1
            index += field[index] == quote ? 2 : 1
        }
        return written
    }
}

extension CSVReader {
    /// Returns all fields of the row at `start` as text. The end of the last one says whether the row could be read.
    func fields(at start: Int) -> (fields: [String], last: Passed, breakCount: Int) {
        var fields: [String] = []
        var passed = field(at: start)
        var breakCount = passed.breakCount
        while true {
            fields.append(string(passed.field))
            guard passed.end == .separator else { return (fields, passed, breakCount) }
            passed = field(at: passed.nextIndex)
            breakCount += passed.breakCount
        }
    }

    /// Returns the fields of one line separated by commas; nil where its quotes are wrong.
    static func fields(of line: String) -> [String]? {
        var line = line
        return line.withUTF8 { bytes in
            let (fields, last, _) = CSVReader(text: UnsafeRawBufferPointer(bytes), separator: UInt8(ascii: ",")).fields(
                at: 0)
            return last.end == .text ? fields : nil
        }
    }

    private func string(_ field: Field) -> String {
        let bytes = field.bytes(in: text)
        guard field.isDoubled else { return String(decoding: bytes, as: UTF8.self) }
        return withUnsafeTemporaryAllocation(byteCount: bytes.count, alignment: 1) { target in
            String(decoding: target[..<Self.halveQuotes(bytes, into: target)], as: UTF8.self)
        }
    }
}
