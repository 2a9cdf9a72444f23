/// `; did you mean --data?` where something known is close to what was typed, else nothing.
struct Suggestion: CustomStringConvertible {
    let description: String

    init(for typed: String, among known: some Sequence<String>) {
        let best = known.map { (name: $0, distance: Self.distance(typed, $0)) }
            .filter { $0.distance <= max(1, $0.name.count / 3) || (typed.count > 1 && $0.name.hasPrefix(typed)) }
            .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
        description = best.map { "; did you mean \($0.name)?" } ?? ""
    }

    /// Letters to insert, leave out, replace, or swap with their neighbour. Long texts are not worth comparing.
    static func distance(_ a: String, _ b: String) -> Int {
        let a = Array(a)
        let b = Array(b)
        guard a.count <= 64, b.count <= 64 else { return .max }
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
