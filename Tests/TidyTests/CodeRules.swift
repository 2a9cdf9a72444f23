extension Rule {
    /// What must not occur in code, and where. Only this file, which spells the patterns out, is an exception.
    static let code: [Rule] = [
        .banned(
            "nothing is forced: a bad record must not stop the service", { /\b(try|as)!/ },
            broken: "let body = try! decode(bytes)", kept: "let body = try decode(bytes)  // not try!"),
        .banned(
            "no value without a type: say what it is made of", { /\[String: *Any\b/ },
            broken: "let body: [String: Any]", kept: "let body: [String: AnyKeyPath]",
            where: { !$0.isTest }),
        .banned(
            "a test does not wait for time to pass", { /\b(u|nano)?sleep\b/ },
            in: "Tests/WireTests/BodyTests.swift", broken: "try await Task.sleep(for: .seconds(1))",
            kept: "@Test func `no sleep here`() {}", where: \.isTest),
        .banned(
            "the environment is read in Settings.swift alone", { /\b(ProcessInfo|getenv|setenv)\b/ },
            broken: "let home = getenv(name)", kept: "ProcessInfo.processInfo.environment",
            keptIn: "Sources/CommandLine/Settings.swift",
            where: { $0.name != "Settings.swift" }),
        .banned(
            "no task is fired and forgotten outside the program", { /\bTask(\.detached)? *\{/ },
            broken: "Task { await run() }", kept: "try await withThrowingTaskGroup { group in",
            where: { !$0.isTest && $0.target != "lifecycle" }),
        .banned(
            "no floating point, clock or chance where a replay must repeat",
            {
                /\b(Double|Float|CGFloat|Date|UUID|SystemRandomNumberGenerator|ContinuousClock|async|await)\b/
            },
            in: "Sources/CustomerLifecycle/Fold.swift", broken: "let at = Date()",
            kept: "let at = record.appended  // never Date()",
            where: { ["CustomerLifecycle", "Shop"].contains($0.target) }),
        .banned(
            "chance comes from a seed", { /\.(random|shuffled?|randomElement)\((?!.*using:)/ },
            broken: "let pick = Int.random(in: 0..<4)",
            kept: "let pick = Int.random(in: 0..<limit(of: 4), using: &generator)"),
        Rule(
            "no error is swallowed", broken: "do { try f() } catch is Missing {\n    // never mind\n}",
            kept: "do { try f() } catch is Missing { missing += 1 }"
        ) { file in
            file.findings(of: /\bcatch\b/, saying: "no error is swallowed").filter { found in
                // A catch's braces may stand some lines below it. In a test a comment that says why is enough.
                let shown = file.isTest ? zip(file.code, file.comments).map { $0 + $1 } : file.code
                let following = shown[(found.line - 1)...].prefix(6).joined(separator: " ")
                return following.prefixMatch(of: /.*?\bcatch\b[^{]*(?<empty>\{\s*\})?/)?.output.empty != nil
            }
        },
        Rule(
            "`@unchecked Sendable` says on the same or the line above what makes it safe",
            broken: "final class Handle: @unchecked Sendable {",
            kept: "/// Only the owning thread touches it.\nfinal class Handle: @unchecked Sendable {"
        ) { file in
            guard file.name != "CodeRules.swift" else { return [] }
            return file.findings(of: /@unchecked Sendable/, saying: "say what makes it safe").filter { finding in
                let index = finding.line - 1
                return file.comments[index].isEmpty && (index == 0 || file.comments[index - 1].isEmpty)
            }
        },
    ]
}
