import Testing

@Suite struct `The house rules` {
    static let rules = Rule.layout + Rule.code + Rule.imports

    @Test(arguments: rules)
    func `hold in every file`(rule: Rule) {
        let findings = SourceTree.files.flatMap(rule.findings)
        #expect(findings.isEmpty, "\(rule.name):\n\(findings.map(\.description).joined(separator: "\n"))")
    }

    @Test(arguments: rules)
    func `find what breaks them, and nothing else`(rule: Rule) {
        #expect(rule.findings(rule.broken).count == 1)
        #expect(rule.findings(rule.kept).isEmpty)
    }

    @Test func `cover every module`() {
        let known = Arrows.layers.reduce(into: Set<String>()) { $0.formUnion($1) }
        let modules = Set(SourceTree.files.filter { $0.path.hasPrefix("Sources/") }.map(\.target))
        #expect(modules.subtracting(known).isEmpty, "Give each module its layer in ImportRules.swift.")
        for file in SourceTree.files where file.path.hasPrefix("Sources/") {
            for found in file.imports where !Arrows.isAllowed(found.module, in: file.target) {
                Issue.record("\(file.path):\(found.line): \(file.target) may not import \(found.module)")
            }
        }
    }
}

@Suite struct `The design page` {
    let page: DesignPage

    init() throws { page = DesignPage(try SourceTree.text(DesignPage.path)) }

    @Test func `names every source file under its module, and none that is gone`() {
        var files: [String: Set<String>] = [:]
        for file in SourceTree.files where file.path.hasPrefix("Sources/") {
            files[file.target, default: []].insert(String(file.name.dropLast(".swift".count)))
        }
        for module in files.keys.sorted() {
            let named = page.files[module] ?? []
            let missing = files[module, default: []].subtracting(named).sorted()
            let gone = named.subtracting(files[module, default: []]).sorted()
            #expect(missing.isEmpty, "Give each its words in the file map of \(DesignPage.path), \(module).")
            #expect(gone.isEmpty, "No file of \(module) is called so.")
        }
    }

    @Test func `names only tests that there are`() {
        #expect(page.tests.count > 10)
        let known = SourceTree.testNames
        for name in page.tests {
            let isThere = known.contains(name)
            #expect(isThere, "\(name)")
        }
    }

    @Test func `is read section by section`() {
        let text =
            "## File map\n### A\n`b`, `c`\n### D\n`e`\n## Non-obvious\n| because of `f` | `g h` |\n## Faults\n| x | seeds; `j k`, `l m` |\n## After\n`i`"
        let page = DesignPage(text)
        #expect(page.files == ["A": ["b", "c"], "D": ["e"]])
        #expect(page.tests == ["g h", "j k", "l m"])
    }
}

@Suite struct `The line scanner` {
    @Test(arguments: [
        (#"let a = "x // y"  // z"#, #"let a = """#, "// z"),
        (#"say("\(count("b")) of \(n)")  // c"#, #"say("count("")n")"#, "// c"),
        (##"let raw = #"a " \ // b"# + c"##, #"let raw = "" + c"#, ""),
        (#"let q = "\"//" + d"#, #"let q = "" + d"#, ""),
        ("@Test func `a // b`() {}", "@Test func ``() {}", ""),
        (##"f(#""""#) // d"##, #"f("")"#, "// d"),
    ])
    func `tells code from comments and texts`(line: String, code: String, comment: String) {
        var scanner = LineScanner()
        let parts = scanner.scan(line)
        #expect(parts.code.filter { $0 != " " } == code.filter { $0 != " " })
        #expect(parts.comment == comment)
    }

    @Test func `follows a text over many lines`() {
        let file = SourceFile(
            path: "a",
            text: ["let a = \"\"\"", "    try! // not code \\(b)", "    \"\"\"", "let c = 1  // d"].joined(
                separator: "\n"))
        #expect(file.code[1].contains("try") == false)
        #expect(file.code[1].contains("b"))
        #expect(file.code[3].hasPrefix("let c = 1"))
        #expect(file.comments[1].isEmpty)
        #expect(file.comments[3] == "// d")
    }
}
