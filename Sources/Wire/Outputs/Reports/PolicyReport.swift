package import CustomerLifecycle

/// `policy check` and `policy show`: whether the file is a policy, what is wrong with it, and what it says.
package struct PolicyReport: Report, Equatable {
    package struct Message: Equatable, Sendable {
        package var line: Int
        package var column: Int
        package var message: String

        package init(line: Int, column: Int, message: String) {
            self.line = line
            self.column = column
            self.message = message
        }
    }

    package struct Rule: Equatable, Sendable {
        package var stage: String
        package var line: Int
        package var text: String
        /// The line in words. Nil, and no member of the JSON, unless asked for, as the example is.
        package var sentence: String?
        package var example: Example?

        package init(
            stage: String, line: Int, text: String, sentence: String? = nil, example: Example? = nil
        ) {
            self.stage = stage
            self.line = line
            self.text = text
            self.sentence = sentence
            self.example = example
        }
    }

    /// A customer who stands at a rule, or why none was found.
    package enum Example: Equatable, Sendable {
        case found(asOf: Instant, history: [Event])
        case none(because: String)
    }

    /// Something that happened to an example customer.
    package struct Event: Equatable, Sendable {
        package var at: Instant
        package var text: String

        package init(at: Instant, text: String) {
            self.at = at
            self.text = text
        }
    }

    package var file: String
    package var errors: [Message]
    package var notes: [Message]
    /// The policy's name; nil where the file is no policy.
    package var name: String?
    package var hash: String?
    package var stages: [String]
    package var rules: [Rule]

    package init(
        file: String, errors: [Message], notes: [Message], name: String? = nil, hash: String? = nil,
        stages: [String] = [], rules: [Rule] = []
    ) {
        self.file = file
        self.errors = errors
        self.notes = notes
        self.name = name
        self.hash = hash
        self.stages = stages
        self.rules = rules
    }

    package var isOK: Bool { errors.isEmpty }

    package func writeMembers(to json: inout JSONWriter) {
        json.member("ok", isOK)
        json.member("file", file)
        json.array("errors", errors) { $1.write(to: &$0) }
        json.array("notes", notes) { $1.write(to: &$0) }
        json.member("name", name)
        json.member("hash", hash)
        json.array("stages", stages) { $0.value($1) }
        json.array("rules", rules) { json, rule in
            json.beginObject()
            json.member("stage", rule.stage)
            json.member("line", rule.line)
            json.member("text", rule.text)
            if let sentence = rule.sentence { json.member("sentence", sentence) }
            rule.example?.writeMember(to: &json)
            json.endObject()
        }
    }
}

extension PolicyReport.Message {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("line", line)
        json.member("column", column)
        json.member("message", message)
        json.endObject()
    }
}

extension PolicyReport.Example {
    func writeMember(to json: inout JSONWriter) {
        json.object("example") { json in
            switch self {
            case .found(let asOf, let history):
                json.member("as_of", asOf)
                json.array("history", history) { json, event in
                    json.beginObject()
                    json.member("at", event.at)
                    json.member("text", event.text)
                    json.endObject()
                }
            case .none(let reason):
                json.member("not_found", reason)
            }
        }
    }
}
