/// `mapping check`: whether the file is a mapping, what is wrong with it, and what it makes of a sample's records.
package struct MappingReport: Report, Equatable {
    /// A record of the sample: its events as the log would hold them, or why there are none.
    package struct Record: Equatable, Sendable {
        package var line: Int
        package var events: [Event] = []
        /// Why it is deliberately nothing.
        package var nothing: PassedOver?
        package var rejection: Rejection?

        package init(line: Int) { self.line = line }
    }

    package struct Event: Equatable, Sendable {
        package var subject: String
        /// When it happened, by the record's own account.
        package var time: String
        /// Whether it is history in a topic that is live.
        package var isHistory: Bool
        /// What the log holds of it, as JSON.
        package var body: [UInt8]

        package init(subject: String, time: String, isHistory: Bool, body: [UInt8]) {
            self.subject = subject
            self.time = time
            self.isHistory = isHistory
            self.body = body
        }
    }

    package var file: String
    package var errors: [PolicyReport.Message]
    /// The mapping's name; nil where the file is no mapping.
    package var name: String?
    package var records: [Record]

    package init(file: String, errors: [PolicyReport.Message], name: String?, records: [Record]) {
        self.file = file
        self.errors = errors
        self.name = name
        self.records = records
    }

    package var isOK: Bool { errors.isEmpty }

    package func writeMembers(to json: inout JSONWriter) {
        json.member("ok", isOK)
        json.member("file", file)
        json.array("errors", errors) { $1.write(to: &$0) }
        json.member("name", name)
        json.array("records", records) { json, record in
            json.beginObject()
            json.member("line", record.line)
            json.array("events", record.events) { json, event in
                json.beginObject()
                json.member("subject", event.subject)
                json.member("time", event.time)
                json.member("history", event.isHistory)
                json.name("event")
                event.body.withUnsafeBytes { json.verbatim($0) }
                json.endObject()
            }
            json.member("nothing", record.nothing?.rawValue)
            json.member("reason", record.rejection?.reason.rawValue)
            json.member("sentence", record.rejection?.sentence)
            json.endObject()
        }
    }
}

/// An event of the log in words: its name, and its fields as `name=value`.
package struct EventFields {
    package private(set) var name = ""
    package private(set) var fields: [(name: String, value: String)] = []

    /// `body` is one that the Router wrote.
    package init(_ body: [UInt8]) {
        var document = JSONDocument()
        do {
            try body.withUnsafeBytes { bytes in
                let json = try document.walk(bytes)
                name = text(json.member("event", of: 0) ?? json.member("type", of: 0), json)
                for part in ["properties", "traits", "context"] as [StaticString] {
                    guard let object = json.member(part, of: 0), json[object].shape == .object else { continue }
                    for key in json.keys(of: object) { fields.append((text(key, json), text(key + 1, json))) }
                }
            }
        } catch {
            preconditionFailure("The Router writes JSON.")
        }
    }

    private func text(_ token: Int?, _ json: JSONTokens) -> String {
        token.map { String(decoding: json.raw($0), as: UTF8.self) } ?? ""
    }
}
