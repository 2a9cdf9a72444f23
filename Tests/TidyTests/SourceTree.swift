import Foundation

/// All Swift files of the package, read once.
enum SourceTree {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let files: [SourceFile] = {
        do {
            return try read()
        } catch {
            preconditionFailure("The package's own sources must be readable: \(error)")
        }
    }()

    /// The names of functions that are sentences.
    static var testNames: Set<String> {
        var names: Set<String> = []
        for line in files.lazy.flatMap(\.lines) {
            guard let start = line.range(of: "func `"), let end = line.range(of: "`(") else { continue }
            names.insert(String(line[start.upperBound..<end.lowerBound]))
        }
        return names
    }

    private static func read() throws -> [SourceFile] {
        var paths = ["Package.swift"]
        for folder in ["Sources", "Tests"] {
            let below = try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path)
            paths += below.filter { $0.hasSuffix(".swift") }.map { "\(folder)/\($0)" }
        }
        return try paths.sorted().map { path in
            SourceFile(path: path, text: try String(contentsOf: root.appending(path: path), encoding: .utf8))
        }
    }
}
