/// What a shop sends, as JSON Schema 2020-12: `schemas/events`. Open, since clients send more than is read.
extension EventContract {
    /// `order_completed`: the event in the names of files.
    package var fileName: String { names[0].lowercased().replacing(" ", with: "_") }

    /// The event whole, as it would stand in a topic or in a file of events.
    package var record: String {
        #"{"messageId":"m-1","timestamp":"2026-05-04T09:30:00.000Z","userId":"ada",\#(example.dropFirst())"#
    }

    package var schema: String {
        var members = EventMembers()
        for need in needs { members.add(need.field, isNeeded: need.instead.isEmpty) }
        for field in optional { members.add(field, isNeeded: false) }
        let notes = [note, isForOperator ? "From the shop's own inputs alone." : nil].compactMap { $0 }
        let choices = needs.filter { !$0.instead.isEmpty }.map(\.choice) + (needsUser ? [Self.user] : [])
        let top: [(name: String, value: JSONLayout)?] = [
            ("$schema", .text(Self.dialect)),
            ("title", .text(names.joined(separator: ", "))),
            notes.isEmpty ? nil : ("description", .text(notes.joined(separator: " "))),
            ("type", "object"),
            ("allOf", .list([["$ref": .text(Self.envelopeFile)]] + choices)),
            ("required", .list((call == nil ? ["event"] : ["type"]) + members.needed.map(JSONLayout.text))),
            (
                "properties",
                .object(
                    [("type", ["const": .text(call ?? "track")])]
                        + (call == nil ? [("event", ["enum": .list(names.map(JSONLayout.text))])] : [])
                        + members.properties)
            ),
        ]
        return JSONLayout.object(top.compactMap { $0 }).document
    }

    /// The call, where it is none to `track`.
    private var call: String? { Self.calls.first { names == [$0] } }

    private static let user: JSONLayout = [
        "required": ["userId"], "properties": ["userId": ["$ref": .text("\(envelopeFile)#/$defs/person")]],
    ]

    static let dialect = "https://json-schema.org/draft/2020-12/schema"
    static let envelopeFile = "envelope.v1.json"
}

extension EventNeed {
    /// The field, or one of those that say as much.
    fileprivate var choice: JSONLayout {
        ["anyOf": .list(([EventSaying(field: field)] + instead).map(\.schema))]
    }
}

extension EventSaying {
    fileprivate var schema: JSONLayout {
        let path = field.description.split(separator: ".").map(String.init)
        let value: JSONLayout =
            pattern.map { ["type": "string", "pattern": .text($0)] }
            ?? ["$ref": .text("\(EventContract.envelopeFile)#/$defs/\(field.form.rawValue)")]
        return path.reversed().reduce(value) { inner, name in
            ["type": "object", "required": [.text(name)], "properties": .object([(name, inner)])]
        }
    }
}
