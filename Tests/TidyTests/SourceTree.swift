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
