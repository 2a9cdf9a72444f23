import Foundation
import JSONSchemas
import Testing

@testable import CustomerLifecycle
@testable import Wire

@Suite struct `The schemas of outputs` {
    @Test func `are named by the types of output, and by what else goes out`() throws {
        let others = ["customer.v1.json", "headers.v1.json"]
        let types = OutputType.allCases.map { String($0.name.dropFirst("lifecycle.".count)) + ".json" }
        #expect(try SchemaFolder.outputs() == (types + others).sorted())
        for type in OutputType.allCases {
            #expect(try JSONSchema(String(type.name.dropFirst("lifecycle.".count)) + ".json").id == type.schema)
        }
    }

    @Test func `have the headers that are written`() throws {
        let root = try JSONSchema("headers.v1.json").root
        let names = CloudEvent.headers(.stageChange, SampleChange.full.terms).map(\.name)
        #expect(root["required"] as? [String] == names)
    }

    @Test func `have the codes of rejects, as their page does`() throws {
        let properties = try JSONSchema("rejected.headers.v1.json").root["properties"] as? [String: Any]
        let reason = properties?["reason"] as? [String: Any]
        #expect(reason?["enum"] as? [String] == RejectionReason.allCases.map(\.rawValue))
        let page = try SchemaFolder.text("rejected.md")
        let codes = page.matches(of: /\n\| `([a-z0-9_]+)` \| [^|]+ \| [^|]+ \|(?=\n)/).map { String($0.output.1) }
        #expect(Array(codes.suffix(RejectionReason.allCases.count)) == RejectionReason.allCases.map(\.rawValue))
    }

    /// Members that builds before them did not write, and those of lists that are mostly empty.
    private static let optional: Set = ["revenue_is", "unmatched_credits", "unmatched_credits_count"]

    @Test(arguments: try SchemaFolder.closed())
    func `are closed: an object lists its members, which are always there, or says what they are`(file: String) throws {
        func open(_ value: Any, _ place: String) -> [String] {
            if let list = value as? [Any] { return list.flatMap { open($0, place) } }
            guard let words = value as? [String: Any] else { return [] }
            let types = words["type"] as? [String] ?? [words["type"] as? String ?? ""]
            var found = words.flatMap { open($0.value, "\(place)/\($0.key)") }
            guard types.contains("object") else { return found }
            if words["additionalProperties"] == nil { found.append(place) }
            // One that needs nothing is a map of a few names.
            let needed = Set(words["required"] as? [String] ?? [])
            let names = Set((words["properties"] as? [String: Any] ?? [:]).keys)
            if !needed.isEmpty { found += names.symmetricDifference(needed).subtracting(Self.optional) }
            return found
        }
        #expect(open(try JSONSchema(file).root, file) == [])
    }
}

/// A reader validates against these, so that a later release, which adds members and words, still fits.
@Suite struct `The schemas for readers` {
    @Test(arguments: try SchemaFolder.closed())
    func `are the closed ones, opened`(file: String) throws {
        try SchemaFolder.hold("reader/\(file)", to: Self.opened(try SchemaFolder.text(file)))
    }

    @Test func `are there for each, and for nothing else`() throws {
        #expect(try SchemaFolder.files(in: "reader") == SchemaFolder.closed())
    }

    /// Any member may be added to an object of named ones, and any word to a list of words.
    static func opened(_ schema: String) -> String {
        schema.replacing("\"additionalProperties\": false", with: "\"additionalProperties\": true")
            .replacing("\"$id\": \"urn:lifecycle:schemas:", with: "\"$id\": \"urn:lifecycle:schemas:reader:")
            .replacing(/(?:"type": (?:"string"|\["string", "null"\]), )?"enum": (?<words>\[[^\]]*\])/) { list in
                let type = list.output.words.contains("null") ? "[\"string\", \"null\"]" : "\"string\""
                return "\"type\": \(type), \"examples\": \(list.output.words)"
            }
    }

    @Test(arguments: try SchemaFolder.examples())
    func `take what a later release may add, which the closed ones refuse`(example: Example) throws {
        for part in try example.parts() {
            let (closed, reader) = (try JSONSchema(part.schema), try JSONSchema("reader/\(part.schema)"))
            #expect(reader.problems(of: part.document) == [])
            let visit = closed.visit(part.document)
            for object in visit.objects {
                // The members of a map are of one type, here and later.
                let isMap = reader.problems(of: part.document.adding("later", 1, to: object)) != []
                let later = part.document.adding("later", isMap ? "word" : 1, to: object)
                #expect(reader.problems(of: later) == [], "\(object)")
                #expect(isMap || !closed.problems(of: later).isEmpty, "\(object)")
            }
            for word in visit.listed where part.document.value(at: word) is String {
                let later = part.document.with("later", at: word)
                #expect(!closed.problems(of: later).isEmpty, "\(word)")
                let isFixed = ["content-type", "ce_specversion"].contains(word.steps.last?.name)
                #expect(isFixed || reader.problems(of: later) == [], "\(word)")
            }
        }
    }
}

@Suite struct `The examples beside the schemas of outputs` {
    @Test func `are there for each type, for the rows and for rejects`() throws {
        let data = try SchemaFolder.outputs().filter { $0 != "headers.v1.json" }
        #expect(Set(data + ["rejected.json"]).isSubset(of: try SchemaFolder.examples().map(\.file)))
    }

    @Test(arguments: try SchemaFolder.examples())
    func `fit their schemas, and not without a needed member`(example: Example) throws {
        for part in try example.parts() {
            let schema = try JSONSchema(part.schema)
            let visit = schema.visit(part.document)
            #expect(visit.problems == [])
            #expect(visit.needed.count >= 5)
            for member in visit.needed {
                #expect(!schema.problems(of: part.document.without(member)).isEmpty, "\(member)")
            }
        }
    }

    @Test(arguments: try SchemaFolder.examples())
    func `are keyed by their customer, and named by their type`(example: Example) throws {
        let record = try example.record()
        guard example.file != "rejected.json" else { return }
        let data = try #require(record["data"] as? [String: Any])
        #expect(data["customer_id"] as? String == record["key"] as? String)
        guard let headers = record["headers"] as? [String: Any] else { return }
        #expect(headers["ce_subject"] as? String == record["key"] as? String)
        #expect(headers["ce_type"] as? String == "lifecycle.\(example.file.dropLast(5))")
    }
}
