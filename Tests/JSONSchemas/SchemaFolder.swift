import Foundation
package import Testing

/// The folder `schemas` of this project.
package enum SchemaFolder {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../schemas").standardizedFileURL

    package static func text(_ path: String) throws -> String {
        try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    }

    package static func object(_ path: String) throws -> [String: Any] {
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appending(path: path)))
        return try #require(json as? [String: Any], "\(path) is no object")
    }

    /// The names of the files of a folder in it, sorted; none where there is no such folder.
    package static func files(in path: String = "", ending suffix: String = ".json") throws -> [String] {
        let url = folder.appending(path: path)
        guard FileManager.default.fileExists(atPath: url.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: url.path).filter { $0.hasSuffix(suffix) }.sorted()
    }

    /// The schemas of what goes out but rejects, whose value is the input's: data, and headers.
    package static func outputs() throws -> [String] {
        try files(ending: ".v1.json").filter { $0 != "rejected.headers.v1.json" }
    }

    /// The schemas of all that goes out: no object has a member that they do not name.
    package static func closed() throws -> [String] { try files(ending: ".v1.json") }

    /// Holds a file to what the code makes of it; `make schemas` writes it.
    package static func hold(
        _ path: String, to text: String, location: SourceLocation = #_sourceLocation
    ) throws {
        let url = folder.appending(path: path)
        if Settings.writesSchemas {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
        let found = try? String(contentsOf: url, encoding: .utf8)
        #expect(
            found == text, "schemas/\(path) is not what the code makes; `make schemas` writes it",
            sourceLocation: location)
    }
}
