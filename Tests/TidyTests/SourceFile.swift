/// A Swift file as the house rules see it: each line whole, its code without comments and texts, and its comments.
struct SourceFile: Sendable {
    /// The path from the package's root, for example `Sources/Wire/Body.swift`.
    let path: String
    let lines: [String]
    /// `lines` without comments. Only the quotes of texts and of names in backticks are left.
    let code: [String]
    let comments: [String]

    init(path: String, text: String) {
        self.path = path
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        self.lines = lines
        var scanner = LineScanner()
        let parts = lines.map { scanner.scan($0) }
        code = parts.map(\.code)
        comments = parts.map(\.comment)
    }

    /// The target it belongs to: the second folder of its path.
    var target: String { folder(1) }
    var isTest: Bool { folder(0) == "Tests" }
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    private func folder(_ index: Int) -> String {
        let folders = path.split(separator: "/").dropLast()
        return folders.count > index ? String(folders[index]) : ""
    }

    /// Returns a finding for each line of `code` in which `pattern` occurs.
    func findings(of pattern: Regex<some Any>, saying sentence: String) -> [Finding] {
        // Unicode's own word boundaries see none at the point of `Task.run`.
        let pattern = pattern.wordBoundaryKind(.simple)
        return code.indices.filter { !code[$0].isEmpty && code[$0].contains(pattern) }
            .map { Finding(path: path, line: $0 + 1, sentence: sentence) }
    }
}

/// A place where a house rule is broken.
struct Finding: Equatable, CustomStringConvertible {
    let path: String
    let line: Int
    let sentence: String

    var description: String { "\(path):\(line): \(sentence)" }
}

/// Separates code from comments and texts, line by line. It knows texts of one and of many lines, raw ones, and
/// interpolations in `\( )`.
struct LineScanner {
    private enum State: Equatable {
        case text(quotes: Int, hashes: Int)
        /// Code inside a text's `\( )`, with the count of parentheses open.
        case interpolation(depth: Int)
    }

    /// The open states, the innermost last; empty in plain code.
    private var states: [State] = []
    private var rest: Substring = ""
    private var code = ""

    mutating func scan(_ line: String) -> (code: String, comment: String) {
        rest = line[...]
        code = ""
        while !rest.isEmpty {
            if case .text(let quotes, let hashes) = states.last {
                scanText(quotes: quotes, hashes: hashes)
            } else if rest.hasPrefix("//") {
                return (code, String(rest))
            } else {
                scanCode()
            }
        }
        // A text of one line ends with the line, even without a closing quote.
        if case .text(1, _) = states.last { states.removeLast() }
        return (code, "")
    }

    private mutating func scanText(quotes: Int, hashes: Int) {
        let raw = String(repeating: "#", count: hashes)
        if take(String(repeating: "\"", count: quotes) + raw) {
            states.removeLast()
            code += "\""
        } else if take("\\" + raw + "(") {
            states.append(.interpolation(depth: 1))
        } else if hashes == 0, take("\\") {
            rest = rest.dropFirst()
        } else {
            rest = rest.dropFirst()
        }
    }

    private mutating func scanCode() {
        let hashes = rest.prefix { $0 == "#" }.count
        let raw = String(repeating: "#", count: hashes)
        // A text of many lines begins on the next one; `#""""#` is a text of two quotes.
        if rest.hasSuffix("\"\"\""), take(raw + "\"\"\"") {
            open(quotes: 3, hashes: hashes)
        } else if take(raw + "\"") {
            open(quotes: 1, hashes: hashes)
        } else if take("`") {
            code += "``"
            rest = rest.drop { $0 != "`" }.dropFirst()
        } else {
            scanPlain(rest.removeFirst())
        }
    }

    private mutating func scanPlain(_ character: Character) {
        if case .interpolation(let depth) = states.last, character == "(" || character == ")" {
            let left = depth + (character == "(" ? 1 : -1)
            states.removeLast()
            guard left > 0 else { return }
            states.append(.interpolation(depth: left))
        }
        code.append(character)
    }

    private mutating func open(quotes: Int, hashes: Int) {
        states.append(.text(quotes: quotes, hashes: hashes))
        code += "\""
    }

    private mutating func take(_ prefix: String) -> Bool {
        guard rest.hasPrefix(prefix) else { return false }
        rest = rest.dropFirst(prefix.count)
        return true
    }
}
