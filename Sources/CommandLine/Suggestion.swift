/// The end of a message about an unknown word: it suggests the nearest known one.
package struct Suggestion: CustomStringConvertible {
    private static let letterCountMax = 64

    /// `; did you mean --data?` where something known is close to what was typed, else nothing.
    package let description: String

    package init(for typed: String, among known: some Sequence<String>) {
        description = Self.nearest(to: typed, among: known).map { "; did you mean \($0)?" } ?? ""
    }

    /// Writes `unknown word "oders"; did you mean "orders"?`. It compares the whole phrase first, then the word alone.
    package static func message(unknown kind: String, _ word: String, phrase: String? = nil, among known: [String])
        -> String
    {
        let found = phrase.flatMap { nearest(to: $0, among: known) } ?? nearest(to: word, among: known)
        let question = found.map { "; did you mean \"\($0)\"?" } ?? ""
        return "unknown \(kind) \"\(excerpt(word))\"\(question)"
    }

    /// Returns at most 64 letters of a word, enough to recognise it.
    package static func excerpt(_ word: String) -> String {
        word.unicodeScalars.count <= letterCountMax ? word : String(word.prefix(letterCountMax)) + "…"
    }

    /// Returns the nearest known word whose letters differ by a third at most, or that begins with what was typed; nil
    /// where there is none.
    package static func nearest(to typed: String, among known: some Sequence<String>) -> String? {
        known.map { (name: $0, distance: distance(typed, $0)) }
            .filter { $0.distance <= max(1, $0.name.count / 3) || (typed.count > 1 && $0.name.hasPrefix(typed)) }
            .min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
    }

    /// Returns how many letters to insert, leave out, replace, or swap with their neighbour. Texts of more than 64
    /// letters are not compared.
    package static func distance(_ a: String, _ b: String) -> Int {
        let a = Array(a)
        let b = Array(b)
        guard a.count <= letterCountMax, b.count <= letterCountMax else { return .max }
        var rows = [Array(0...b.count)]
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var least = min(row[j] + 1, rows[i][j + 1] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, rows[i - 1][j - 1] + 1) }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
