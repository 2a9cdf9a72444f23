import Testing

/// A house rule over one file's text, with an example that breaks it and one that keeps it.
struct Rule: Sendable, CustomTestStringConvertible {
    let name: String
    let broken: SourceFile
    let kept: SourceFile
    let findings: @Sendable (SourceFile) -> [Finding]

    init(
        _ name: String, in path: String = "Sources/Wire/Body.swift", broken: String, kept: String,
        keptIn keptPath: String? = nil, findings: @escaping @Sendable (SourceFile) -> [Finding]
    ) {
        self.name = name
        self.broken = SourceFile(path: path, text: broken)
        self.kept = SourceFile(path: keptPath ?? path, text: kept)
        self.findings = findings
    }

    var testDescription: String { name }
}

extension Rule {
    /// Makes a rule that forbids a pattern in the code of its files.
    static func banned<Output>(
        _ name: String, _ pattern: @escaping @Sendable () -> Regex<Output>,
        in path: String = "Sources/Wire/Body.swift", broken: String, kept: String, keptIn keptPath: String? = nil,
        where isFor: @escaping @Sendable (SourceFile) -> Bool = { _ in true }
    ) -> Rule {
        Rule(name, in: path, broken: broken, kept: kept, keptIn: keptPath) { file in
            isFor(file) && file.name != "CodeRules.swift" ? file.findings(of: pattern(), saying: name) : []
        }
    }
}
