/// What every event has, and what must stand in any field so that it is read: `schemas/events/envelope.v1.json`.
extension EventContract {
    package static var envelopeSchema: String {
        let person: JSONLayout = ["$ref": "#/$defs/person"]
        return JSONLayout.object([
            ("$schema", .text(dialect)),
            ("title", "What every event has"),
            ("description", .text(description)),
            ("type", "object"),
            (
                "anyOf",
                [
                    ["required": ["userId"], "properties": ["userId": person]],
                    ["required": ["anonymousId"], "properties": ["anonymousId": person]],
                ]
            ),
            ("properties", .object(ids + times + members)),
            ("$defs", .object(definitions)),
        ]).document
    }

    private static let description =
        "Members that neither this nor the event's own schema names are kept in the log and not read. Names of events "
        + "are one name whatever their case, blanks, _ and -; their schemas have the usual spelling."

    private static let ids: [(name: String, value: JSONLayout)] = [
        (
            "messageId",
            [
                "description": "an event that comes twice has the same; without one it is the record's hash",
                "type": ["string", "number", "null"],
            ]
        ),
        ("userId", ["anyOf": [["$ref": "#/$defs/person"], ["$ref": "#/$defs/none"]]]),
        ("anonymousId", ["anyOf": [["$ref": "#/$defs/person"], ["$ref": "#/$defs/none"]]]),
    ]

    private static let timeOrNull: JSONLayout = ["anyOf": [["$ref": "#/$defs/time"], ["type": "null"]]]

    private static let times: [(name: String, value: JSONLayout)] = [
        (
            "timestamp",
            [
                "description": "when it happened; without it originalTimestamp, else the Kafka record's time",
                "anyOf": [["$ref": "#/$defs/time"], ["type": "null"]],
            ]
        ),
        ("originalTimestamp", timeOrNull), ("sentAt", timeOrNull), ("receivedAt", timeOrNull),
    ]

    /// What the fold reads of all events.
    private static var members: [(name: String, value: JSONLayout)] {
        var members = EventMembers(definitions: "")
        for field in [EventField.locale, .timeZone, .campaignSource, .campaignName] {
            members.add(field, isNeeded: false)
        }
        return members.properties
    }

    private static var definitions: [(name: String, value: JSONLayout)] {
        let person: JSONLayout = [
            "description": "at most 256 bytes, and no placeholder such as null or guest",
            "type": ["string", "integer"], "pattern": #"\S"#, "maxLength": .integer(IDText.personByteCountMax),
            "minimum": 1,
        ]
        return [("person", person), ("none", EventFieldForm.none)]
            + EventFieldForm.allCases.flatMap { form -> [(name: String, value: JSONLayout)] in
                [(form.rawValue, form.schema), (form.rawValue + "_or_none", form.schemaOrNone)]
            }
    }
}
