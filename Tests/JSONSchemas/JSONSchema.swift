import Foundation

/// A JSON Schema of `schemas/`, checked as far as those use the language. A word it does not know is a failure, not a
/// pass.
package struct JSONSchema {
    private let name: String
    private let files: SchemaFiles

    /// Reads the file and those that it refers to.
    package init(_ path: String) throws {
        name = path.contains("/") ? String(path.split(separator: "/").last ?? "") : path
        files = try SchemaFiles(path)
    }

    package var root: [String: Any] { files[name] }
    package var id: String { root["$id"] as? String ?? "" }

    /// Returns what is wrong with a document, each with its place; empty if nothing is.
    package func problems(of json: String) throws -> [String] { problems(of: try JSONValue(json)) }

    package func problems(of document: JSONValue) -> [String] { visit(document).problems }

    /// Returns what of the document the schema had a word on.
    package func visit(_ document: JSONValue) -> SchemaVisit {
        var visit = SchemaVisit(files: files)
        visit.check(document.value, root, at: JSONPlace(), in: name)
        return visit
    }
}

/// The files of schemas that one file refers to, itself included. All stand in one folder.
struct SchemaFiles {
    private var roots: [String: [String: Any]] = [:]

    init(_ path: String) throws {
        let folder = path.split(separator: "/").dropLast().map { $0 + "/" }.joined()
        var names = [String(path.dropFirst(folder.count))]
        while let name = names.popLast() {
            guard roots[name] == nil else { continue }
            let root = try SchemaFolder.object(folder + name)
            roots[name] = root
            names += Self.references(in: root).compactMap { Self.split($0).file }
        }
    }

    subscript(name: String) -> [String: Any] { roots[name] ?? [:] }

    /// Returns the schema that a reference of a file names, and the file that it stands in.
    func resolve(_ reference: String, in name: String) -> (schema: Any, file: String)? {
        let (file, pointer) = Self.split(reference)
        let target = file ?? name
        var value: Any? = roots[target]
        for step in pointer.split(separator: "/") { value = (value as? [String: Any])?[String(step)] }
        return value.map { ($0, target) }
    }

    /// The file, nil being the same one, and the path in it.
    private static func split(_ reference: String) -> (file: String?, pointer: Substring) {
        let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let file = parts[0].hasPrefix("./") ? parts[0].dropFirst(2) : parts[0]
        return (file.isEmpty ? nil : String(file), parts.count > 1 ? parts[1] : "")
    }

    private static func references(in value: Any) -> [String] {
        if let list = value as? [Any] { return list.flatMap(references) }
        guard let object = value as? [String: Any] else { return [] }
        return object.flatMap { name, value in
            name == "$ref" ? [value as? String ?? ""] : references(in: value)
        }
    }
}
