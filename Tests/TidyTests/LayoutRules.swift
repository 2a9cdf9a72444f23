extension Rule {
    /// Sizes, names and comments.
    static let layout: [Rule] = [
        Rule(
            "a file has at most 400 lines", broken: String(repeating: "\n", count: 401),
            kept: String(repeating: "\n", count: 400)
        ) { file in
            guard file.lines.count > 400 else { return [] }
            return [Finding(path: file.path, line: 401, sentence: "\(file.lines.count) lines: split it by ideas")]
        },
        Rule(
            "a line has at most 120 columns, comments too", broken: "// " + String(repeating: "é", count: 118),
            kept: "// " + String(repeating: "é", count: 117) + "\nlet body = \"" + String(repeating: "a", count: 300)
                + "\"",
            keptIn: "Tests/WireTests/BodyTests.swift"
        ) { file in
            // A text in a test may be of any length.
            let shown = file.isTest ? zip(file.code, file.comments).map { $0 + $1 } : file.lines
            return shown.indices.filter { shown[$0].count > 120 }.map {
                Finding(path: file.path, line: $0 + 1, sentence: "\(shown[$0].count) columns")
            }
        },
        Rule(
            "a function has at most 60 lines",
            broken: "func f() {\n" + String(repeating: "\n", count: 59) + "}",
            kept: "func f() {\n" + String(repeating: "\n", count: 58) + "}"
        ) { file in
            file.functionLengths().filter { $0.lineCount > 60 }.map {
                Finding(path: file.path, line: $0.line, sentence: "a function of \($0.lineCount) lines")
            }
        },
        Rule(
            "a type's name has no empty word in it", broken: "package struct OrderHelper {",
            kept: "package struct DataDirectory: Helpful {"
        ) { file in
            file.findings(
                of:
                    #/
                    \b(struct|class|enum|actor|protocol|typealias)\s+
                    (\w*(Manager|Helper|Helpers|Util|Utils|Utilities|Impl)([A-Z]\w*)?|\w*(Data|Info|Base|Misc))\b
                    /#, saying: "a name that hides what it is")
        },
        Rule(
            "a file's name has no empty word in it", in: "Sources/Wire/WireUtils.swift", broken: "", kept: "",
            keptIn: "Sources/Wire/Utility.swift"
        ) { file in
            guard file.name.contains(/(Manager|Helpers?|Utils?|Utilities|Impl|Misc|Extensions)\.swift$/) else {
                return []
            }
            return [Finding(path: file.path, line: 1, sentence: "name it for the type in it")]
        },
        Rule(
            "a module never shares its name with a type in it", in: "Sources/Shop/Shop.swift", broken: "struct Shop {",
            kept: "struct SeededShop {"
        ) { file in
            let declaration = /(?:struct|class|enum|actor|protocol) +(\w+)/
            return file.code.indices.compactMap { index in
                let name = file.code[index].firstMatch(of: declaration)?.output.1
                guard let name, name == file.target else { return nil }
                return Finding(path: file.path, line: index + 1, sentence: "the module's own name")
            }
        },
        Rule(
            "nothing is left for later", broken: "let a = 1  // \(unfinished): the rest", kept: "let todo = list.first"
        ) { file in
            file.lines.indices.filter {
                file.comments[$0].contains(unfinished) || file.comments[$0].contains("FIX" + "ME")
                    || file.lines[$0].contains("fatalError(\"" + unfinished)
            }.map { Finding(path: file.path, line: $0 + 1, sentence: "finish it, or open an issue") }
        },
    ]

    private static let unfinished = "TO" + "DO"
}

extension SourceFile {
    /// Returns each function's first line, from 1, and its length from the opening brace to the closing one.
    func functionLengths() -> [(line: Int, lineCount: Int)] {
        findings(of: /\b(func|init|subscript|deinit)\b.*[({]/, saying: "").compactMap { found in
            bodyEnd(from: found.line - 1).map { (found.line, $0 - found.line + 2) }
        }
    }

    /// Returns the line on which the first brace opened at or after `start` is closed.
    private func bodyEnd(from start: Int) -> Int? {
        var depth = 0
        for index in code.indices[start...] {
            for character in code[index] {
                if character == "{" { depth += 1 }
                guard character == "}" else { continue }
                depth -= 1
                // Below zero: a protocol's requirement, which has no body.
                if depth <= 0 { return depth == 0 ? index : nil }
            }
        }
        return nil
    }
}
