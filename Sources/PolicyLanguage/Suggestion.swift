/// The known word nearest to one that nobody knows, by the share of letters in common runs (Ratcliff and Obershelp).
enum Suggestion {
    private static let letterCountMax = 64
    private static let likenessMin = 0.6

    /// `unknown word "oders"; did you mean "orders"?`: tries the whole phrase first, then its first word alone.
    static func message(unknown kind: String, _ word: String, phrase: String? = nil, among known: [String]) -> String {
        let found = phrase.flatMap { nearest(to: $0, among: known) } ?? nearest(to: word, among: known)
        let question = found.map { "; did you mean \"\($0)\"?" } ?? ""
        return "unknown \(kind) \"\(excerpt(word))\"\(question)"
    }

    /// Enough of a hostile word to recognise it.
    static func excerpt(_ word: String) -> String {
        word.unicodeScalars.count <= letterCountMax ? word : String(word.prefix(letterCountMax)) + "…"
    }

    static func nearest(to word: String, among known: [String]) -> String? {
        let letters = Array(word.unicodeScalars)
        guard (1...letterCountMax).contains(letters.count) else { return nil }
        var best: (likeness: Double, word: String)?
        for candidate in known {
            let likeness = likeness(Array(candidate.unicodeScalars), letters)
            guard likeness >= likenessMin else { continue }
            if let best, (best.likeness, best.word) >= (likeness, candidate) { continue }
            best = (likeness, candidate)
        }
        return best?.word
    }

    private static func likeness(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Double {
        2 * Double(commonCount(a[...], b[...])) / Double(a.count + b.count)
    }

    private static func commonCount(_ a: ArraySlice<Unicode.Scalar>, _ b: ArraySlice<Unicode.Scalar>) -> Int {
        var longest = (a: a.startIndex, b: b.startIndex, count: 0)
        for start in a.indices {
            for other in b.indices {
                let count = zip(a[start...], b[other...]).prefix { $0 == $1 }.count
                if count > longest.count { longest = (start, other, count) }
            }
        }
        guard longest.count > 0 else { return 0 }
        return longest.count + commonCount(a[..<longest.a], b[..<longest.b])
            + commonCount(a[(longest.a + longest.count)...], b[(longest.b + longest.count)...])
    }
}
