import Foundation

/// The design page, as far as a test can compare it with the tree: the names in its file map, and the tests it relies
/// on.
struct DesignPage {
    static let path = "Sources/lifecycle/Documentation.docc/Design.md"

    /// For each module, the names in backticks under its heading in the file map: files without `.swift`.
    let files: [String: Set<String>]
    /// Names of tests in the last column of "Non-obvious", and wherever a fault is said to be tried.
    let tests: [String]

    init(_ text: String) {
        var files: [String: Set<String>] = [:]
        var tests: [String] = []
        var section = ""
        var module = ""
        for line in text.split(separator: "\n") {
            if let heading = line.firstMatch(of: /^## (.+)/) { section = String(heading.1) }
            if let heading = line.firstMatch(of: /^### (.+)/) { module = String(heading.1) }
            if section == "File map", !line.hasPrefix("#") {
                files[module, default: []].formUnion(line.matches(of: /`([^`]+)`/).map { String($0.1) })
            }
            if section == "Non-obvious", let test = line.firstMatch(of: /`([^`]+)` *\|$/) {
                tests.append(String(test.1))
            }
            if section.hasPrefix("Faults"), line.hasPrefix("|") {
                tests += line.matches(of: /`([^`]+)`/).map { String($0.1) }
            }
        }
        self.files = files
        self.tests = tests
    }
}

extension SourceTree {
    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}
