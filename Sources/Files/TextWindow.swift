/// The part of a text that is in memory. It moves over the text, mostly forward.
///
/// What is found in it has places counted from the window's begin; `start` says where in the text that is.
final class TextWindow {
    /// More than a row may have by far, so that rows are seldom cut by its end.
    static let standardByteCount = 4 << 20

    let text: FileText
    private let memory: HeldMemory
    /// Where in the text the window begins.
    private(set) var start = 0
    private var count = 0

    /// Begins at the text's begin.
    init(_ text: FileText, byteCount: Int = TextWindow.standardByteCount) throws(ImportError) {
        self.text = text
        memory = HeldMemory(byteCount: byteCount, of: text.space)
        try fill()
    }

    /// The window's text. 64 more bytes are readable behind it.
    var bytes: UnsafeRawBufferPointer { memory.bytes(0..<count) }

    /// Where in the text the window ends.
    var end: Int { start + count }

    /// Whether the window ends where the text does.
    var isLast: Bool { end == text.byteCount }

    /// Has the window begin at a place of the text.
    func move(to place: Int) throws(ImportError) {
        guard place != start else { return }
        let kept = place > start && place < end ? end - place : 0
        if kept > 0 { memory.base.copyMemory(from: memory.base + (count - kept), byteCount: kept) }
        start = place
        count = kept
        try fill()
    }

    /// Returns the text from a place on as far as it is in the window, which moves there if the place is not in it.
    func bytes(from place: Int) throws(ImportError) -> UnsafeRawBufferPointer {
        if place < start || place >= end { try move(to: place) }
        return memory.bytes(place - start..<count)
    }

    private func fill() throws(ImportError) {
        count += try text.read(into: memory.rest(from: count), at: end)
        (memory.base + count).initializeMemory(as: UInt8.self, repeating: 0, count: HeldMemory.paddingCount)
    }
}

extension TextWindow {
    /// Returns where the first line begins that is not blank, its number, and its first byte that is not; nil where
    /// there is no such line.
    func firstLine() throws(ImportError) -> (start: Int, line: Int, byte: UInt8)? {
        var (place, lineStart, line) = (0, 0, 1)
        var isReturn = false
        while place < text.byteCount {
            let bytes = try bytes(from: place)
            for (index, byte) in bytes.enumerated() {
                guard byte.isBlank else { return (lineStart, line, byte) }
                // A line feed behind a carriage return ends no other line.
                if byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n"), !(isReturn && byte == UInt8(ascii: "\n")) {
                    line += 1
                }
                isReturn = byte == UInt8(ascii: "\r")
                if isReturn || byte == UInt8(ascii: "\n") { lineStart = place + index + 1 }
            }
            place += bytes.count
        }
        return nil
    }

    /// Returns where the line ends that has the place in it: at its line break, or at the text's end.
    func lineEnd(from start: Int) throws(ImportError) -> Int {
        var place = start
        while place < text.byteCount {
            let bytes = try bytes(from: place)
            if let index = bytes.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) { return place + index }
            place += bytes.count
        }
        return place
    }

    /// Returns where the line begins that follows one which ends at `end`.
    func lineStart(behind end: Int) throws(ImportError) -> Int {
        guard end < text.byteCount else { return end }
        let isReturn = try bytes(from: end).first == 0x0D
        guard isReturn, end + 1 < text.byteCount else { return end + 1 }
        return try bytes(from: end + 1).first == 0x0A ? end + 2 : end + 1
    }

    /// Returns where the line behind the one that has the place in it begins.
    func nextLine(after start: Int) throws(ImportError) -> Int { try lineStart(behind: lineEnd(from: start)) }

    /// Returns whether a part of the text shows nothing.
    func isBlank(_ range: Range<Int>) throws(ImportError) -> Bool {
        var place = range.lowerBound
        while place < range.upperBound {
            let bytes = try bytes(from: place).prefix(range.upperBound - place)
            guard bytes.allSatisfy(\.isBlank) else { return false }
            place += bytes.count
        }
        return true
    }

    /// Returns a part of the text, which has to fit into the window.
    func bytes(_ range: Range<Int>) throws(ImportError) -> UnsafeRawBufferPointer {
        if range.lowerBound < start || range.upperBound > end { try move(to: range.lowerBound) }
        return memory.bytes(range.lowerBound - start..<range.upperBound - start)
    }
}

extension TextWindow {
    /// Throws where the text is one JSON document rather than one on each line.
    func requireLinesOfJSON() throws(ImportError) {
        guard let first = try firstLine() else { return }
        if first.byte == UInt8(ascii: "[") { throw .oneDocument(file: text.name, filter: ".[]") }
        guard first.byte == UInt8(ascii: "{") else { return }
        let beginning = try bytes(first.start..<min(first.start + 1_000, text.byteCount, end))
        let words = beginning.filter { !$0.isBlank }
        if words.starts(with: "{\"batch\":[".utf8) { throw .oneDocument(file: text.name, filter: ".batch[]") }
        let line = beginning.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        let isOpen = line.count < beginning.count && line.filter { !$0.isBlank }.elementsEqual("{".utf8)
        if isOpen { throw .oneDocument(file: text.name, filter: ".") }
    }
}
