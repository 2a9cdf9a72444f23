import Brokers
import CustomerLifecycle
import JSONSchemas
import Testing
import Wire

@testable import Processor

@Suite struct `The document of topics and its schemas` {
    private let document: JSONValue
    private static let format = "application/schema+json;version=draft-2020-12"

    init() throws { document = try JSONValue(yaml: SchemaFolder.text("asyncapi.yaml")) }

    private func value(_ path: String...) -> Any? {
        document.value(at: JSONPlace(steps: path.map(JSONPlace.Step.member)))
    }

    private func keys(_ path: String...) -> Set<String> {
        let value = document.value(at: JSONPlace(steps: path.map(JSONPlace.Step.member)))
        return Set((value as? [String: Any] ?? [:]).keys)
    }

    /// What a channel's message of that name is.
    private func reference(_ channel: String, _ message: String) -> String? {
        value("channels", channel, "messages", message, "$ref") as? String
    }

    @Test func `has the topics of the code, and no other`() throws {
        let names = Names()
        let topics = ["changes": names.changes, "customers": names.customers, "rejected": names.rejected]
        #expect(keys("channels") == Set(topics.keys).union(["events"]))
        let requirements = TopicRequirements(names: names, logPartitionCount: 1)
        for (channel, topic) in topics {
            #expect(value("channels", channel, "address") as? String == topic.name)
            let policy = value("channels", channel, "bindings", "kafka", "topicConfiguration", "cleanup.policy")
            let required = requirements.configuration(of: topic, replicaCount: 1)["cleanup.policy"]
            #expect(policy as? [String] == [required ?? ""])
        }
        #expect(value("channels", "events", "address") as? String == "{input}")
    }

    @Test func `has each type of output with its schema, its headers and its key`() throws {
        let messages = OutputType.allCases.map { type in
            type.name.split(separator: ".").dropFirst().dropLast().joined(separator: "_")
        }
        #expect(keys("channels", "changes", "messages") == Set(messages))
        for (type, message) in zip(OutputType.allCases, messages) {
            #expect(reference("changes", message) == "#/components/messages/\(message)")
            let file = "\(type.name.dropFirst("lifecycle.".count)).json"
            #expect(value("components", "messages", message, "name") as? String == type.name)
            #expect(try schema(of: message, "payload") == file)
            #expect(try schema(of: message, "headers") == "headers.v1.json")
            #expect(try JSONSchema(file).id == type.schema)
            try expectCustomerKey(of: message)
        }
    }

    @Test func `has the rows, keyed by customer too, and the rejects, whose value is anything`() throws {
        #expect(keys("channels", "customers", "messages") == ["customer"])
        #expect(try schema(of: "customer", "payload") == "customer.v1.json")
        #expect(try JSONSchema("customer.v1.json").id == CustomerRow.schema)
        try expectCustomerKey(of: "customer")
        #expect(keys("channels", "rejected", "messages") == ["rejected"])
        #expect(try schema(of: "rejected", "headers") == "rejected.headers.v1.json")
        #expect(keys("components", "messages", "rejected").isDisjoint(with: ["payload", "bindings"]))
    }

    @Test func `has each event that a shop may send with its schema`() throws {
        #expect(keys("channels", "events", "messages") == Set(EventContract.all.map(\.fileName)))
        for contract in EventContract.all {
            #expect(reference("events", contract.fileName) == "#/components/messages/\(contract.fileName)")
            #expect(value("components", "messages", contract.fileName, "name") as? String == contract.names[0])
            let title = value("components", "messages", contract.fileName, "title")
            #expect(title as? String == contract.names.joined(separator: ", "))
            #expect(try schema(of: contract.fileName, "payload") == "events/\(contract.fileName).v1.json")
        }
        let messages = ["changes", "customers", "rejected", "events"].map { keys("channels", $0, "messages") }
        #expect(keys("components", "messages") == messages.reduce(into: []) { $0.formUnion($1) })
    }

    /// The file of a message's schema, which is named and not written out.
    private func schema(of message: String, _ part: String) throws -> String {
        #expect(keys("components", "messages", message, part) == ["schemaFormat", "schema"])
        #expect(keys("components", "messages", message, part, "schema") == ["$ref"])
        #expect(value("components", "messages", message, part, "schemaFormat") as? String == Self.format)
        let file = try #require(value("components", "messages", message, part, "schema", "$ref") as? String)
        #expect(file.hasPrefix("./"))
        return String(file.dropFirst(2))
    }

    private func expectCustomerKey(of message: String) throws {
        let key = value("components", "messages", message, "bindings", "kafka", "key") as? [String: String]
        #expect(key == ["$ref": "./customer.v1.json#/properties/customer_id"])
        let schema = JSONValue(try JSONSchema("customer.v1.json").root)
        let place = JSONPlace(steps: [.member("properties"), .member("customer_id"), .member("type")])
        #expect(schema.value(at: place) as? String == "string")
    }
}
