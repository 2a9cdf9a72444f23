extension Array {
    /// Inserts an element of a file by its line. Of all that come, in whatever order, those that stand first in the
    /// file stay, at most `countMax`; of one line, those that came first.
    package mutating func insert(_ element: Element, by line: (Element) -> Int, atMost countMax: Int) {
        if count == countMax {
            guard let last, line(element) < line(last) else { return }
            removeLast()
        }
        insert(element, at: lastIndex { line($0) <= line(element) }.map { $0 + 1 } ?? 0)
    }
}
