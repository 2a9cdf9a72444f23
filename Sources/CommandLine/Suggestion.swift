/// The known word nearest to one that nobody knows: what a message ends with.
package struct Suggestion: CustomStringConvertible {
    private static let letterCountMax = 64

    /// `; did you mean --data?` where something known is close to what was typed, else nothing.
    package let description: String

    package init(for typed: String, among known: some Sequence<String>) {
        description = Self.nearest(to: typed, among: known).map { "; did you mean \($0)?" } ?? ""
    }

    /// `unknown word "oders"; did you mean "orders"?`: tries the whole phrase first, then its first word alone.
    package static func message(unknown kind: String, _ word: String, phrase: String? = nil, among known: [String])
        -> String
    {
        let found = phrase.flatMap { nearest(to: $0, among: known) } ?? nearest(to: word, among: known)
        let question = found.map { "; did you mean \"\($0)\"?" } ?? ""
        return "unknown \(kind) \"\(excerpt(word))\"\(question)"
    }

    /// Enough of a hostile word to recognise it.
    package static func excerpt(_ word: String) -> String {
        word.unicodeScalars.count <= letterCountMax ? word : String(word.prefix(letterCountMax)) + "…"
    }

    /// One whose letters differ by a third at most, or that begins with what was typed.
    package static func nearest(to typed: String, among known: some Sequence<String>) -> String? {
        known.map { (name: $0, distance: distance(typed, $0)) }
            .filter { $0.distance <= max(1, $0.name.count / 3) || (typed.count > 1 && $0.name.hasPrefix(typed)) }
            .min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
    }

    /// Letters to insert, leave out, replace, or swap with their neighbour. Long texts are not worth comparing.
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
