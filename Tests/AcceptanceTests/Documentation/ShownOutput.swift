/// The output that a page shows for a command. A line of `…` alone stands for any lines, or none.
struct ShownOutput {
    let lines: [String]
    let masks: [Mask]

    init(_ lines: [String], masks: [Mask] = []) {
        self.lines = Self.comparable(lines, masks)
        self.masks = masks
    }

    /// Returns the first difference; nil where there is none.
    func difference(from output: [String]) -> String? {
        var rest = Self.comparable(output, masks)[...]
        let parts = lines.split(separator: "…", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            guard index > 0 else {
                if let difference = Self.firstDifference(part, rest, isWhole: parts.count == 1) { return difference }
                rest = rest.dropFirst(part.count)
                continue
            }
            let isLast = index == parts.count - 1
            let starts = isLast ? [rest.endIndex - part.count] : Array(rest.indices)
            let start = starts.first { $0 >= rest.startIndex && rest[$0...].starts(with: part) }
            guard let start else { return "nowhere below \"…\": \(part.joined(separator: " ⏎ "))" }
            rest = rest[(start + part.count)...]
        }
        return nil
    }

    private static func firstDifference(
        _ shown: ArraySlice<String>, _ found: ArraySlice<String>, isWhole: Bool
    ) -> String? {
        let found = isWhole ? found : found.prefix(shown.count)
        for (line, other) in zip(shown, found) where line != other { return "shown \"\(line)\", found \"\(other)\"" }
        if shown.count > found.count { return "not found: \"\(shown[shown.startIndex + found.count])\"" }
        if shown.count < found.count { return "not shown: \"\(found[found.startIndex + shown.count])\"" }
        return nil
    }

    /// Returns the lines masked, without trailing blanks and without empty lines at the end.
    private static func comparable(_ lines: [String], _ masks: [Mask]) -> [String] {
        var lines = lines.map { line in
            var line = masks.reduce(line) { $1.applied(to: $0) }
            while line.last == " " { line.removeLast() }
            return line
        }
        while lines.last == "" { lines.removeLast() }
        return lines
    }
}
