/// Finds the end of a CSV row that does not fit into a window, as `CSVReader` would find it, byte by byte.
struct LongRow {
    let start: Int
    /// What the row's last field ended with.
    private(set) var end = CSVReader.End.text
    /// The first byte that was not read; where the quotes are wrong, the byte that showed it.
    private(set) var nextIndex: Int
    private(set) var fieldCount = 1
    /// How many line breaks are inside fields.
    private(set) var breakCount = 0
    /// Where the last of them stands.
    private(set) var lastBreak: Int?
    /// Whether all fields are empty.
    private(set) var isBlank = true
    private var state = State.fieldStart
    private let separator: UInt8
    private let misread: CSVReader.Misread?

    private enum State {
        case fieldStart
        case plain
        case quoted
        /// Behind a carriage return within quotes: a line feed belongs to the same break.
        case quotedReturn
        /// Behind a quote within quotes: it is the closing one, or doubled.
        case quoteInQuotes
        /// Behind a carriage return that ended the row: a line feed belongs to it.
        case rowReturn
    }

    /// Reads the row that begins at `start`. The window moves with it.
    init(
        at start: Int, in window: TextWindow, separator: UInt8, after misread: CSVReader.Misread?
    ) throws(ImportError) {
        self.start = start
        nextIndex = start
        self.separator = separator
        self.misread = misread
        while nextIndex < window.text.byteCount {
            for byte in try window.bytes(from: nextIndex) {
                if take(byte) { return }
                nextIndex += 1
            }
        }
        switch state {
        case .fieldStart, .plain, .quoteInQuotes: end = .text
        case .rowReturn: end = .line
        case .quoted: end = .neverClosed
        case .quotedReturn: if !breaks(at: nextIndex - 1) { end = .neverClosed }
        }
    }

    /// Takes the next byte. Returns whether the row ends with it, or before it.
    private mutating func take(_ byte: UInt8) -> Bool {
        switch state {
        case .fieldStart where byte == Self.quote: state = .quoted
        case .fieldStart, .plain: return takePlain(byte)
        case .quoted: return takeQuoted(byte)
        case .quotedReturn:
            // A line feed behind it is the break, else the carriage return is.
            if byte != Self.lineFeed, breaks(at: nextIndex - 1) { return true }
            state = .quoted
            return takeQuoted(byte)
        case .quoteInQuotes:
            guard byte != Self.quote else {
                isBlank = false
                state = .quoted
                return false
            }
            guard isEnd(byte) else {
                end = .afterQuote
                return true
            }
            return takePlain(byte)
        case .rowReturn:
            if byte == Self.lineFeed { nextIndex += 1 }
            end = .line
            return true
        }
        return false
    }

    private func isEnd(_ byte: UInt8) -> Bool {
        byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn
    }

    private mutating func takePlain(_ byte: UInt8) -> Bool {
        switch byte {
        case separator:
            fieldCount += 1
            state = .fieldStart
        case Self.lineFeed:
            nextIndex += 1
            end = .line
            return true
        case Self.carriageReturn: state = .rowReturn
        default:
            isBlank = false
            state = .plain
        }
        return false
    }

    private mutating func takeQuoted(_ byte: UInt8) -> Bool {
        guard byte != Self.quote else {
            state = .quoteInQuotes
            return false
        }
        isBlank = false
        if byte == Self.lineFeed { return breaks(at: nextIndex) }
        if byte == Self.carriageReturn { state = .quotedReturn }
        return false
    }

    /// Counts a line break within quotes. Returns whether the row is known to end there.
    private mutating func breaks(at index: Int) -> Bool {
        breakCount += 1
        lastBreak = index
        guard let misread, misread.breaks.contains(index) else { return false }
        nextIndex = index
        end = misread.end
        return true
    }

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
}
