import Foundation
import Testing

/// A file of `schemas/examples`: a record of ours as `{"headers": …, "key": …, "data": …}`, by the name of its data's
/// schema; of a reject, whose value is the input's, only the headers have one.
package struct Example: Sendable, CustomTestStringConvertible {
    package let file: String
    package var testDescription: String { file }

    /// A piece of the record and the file of the schema that it must fit.
    package struct Part {
        package let schema: String
        package let document: JSONValue
    }

    package func record() throws -> [String: Any] { try SchemaFolder.object("examples/\(file)") }

    package func parts() throws -> [Part] {
        let record = try record()
        let isReject = file.hasPrefix("rejected")
        let headers = record["headers"].map {
            Part(schema: isReject ? "rejected.headers.v1.json" : "headers.v1.json", document: JSONValue($0))
        }
        let data = isReject ? nil : record["data"].map { Part(schema: file, document: JSONValue($0)) }
        return [headers, data].compactMap { $0 }
    }
}

extension SchemaFolder {
    package static func examples() throws -> [Example] { try files(in: "examples").map(Example.init) }
}
