/// The facts that policies may use: the marketer's reference.
package struct FactsReport: Report {
    package struct Fact: Equatable, Sendable {
        package var phrase: String
        package var type: String
        package var meaning: String
        package var example: String
        /// When it has no value; nil if it always has one.
        package var unknown: String?
        /// Whether it may be counted `in last …`.
        package var isWindowed: Bool
        /// What the policy must say itself.
        package var needs: [String]
        /// What it waits for; nil where events feed it.
        package var waitsFor: String?

        package init(
            phrase: String, type: String, meaning: String, example: String, unknown: String?, isWindowed: Bool,
            needs: [String], waitsFor: String?
        ) {
            self.phrase = phrase
            self.type = type
            self.meaning = meaning
            self.example = example
            self.unknown = unknown
            self.isWindowed = isWindowed
            self.needs = needs
            self.waitsFor = waitsFor
        }
    }

    package let facts: [Fact]

    package init(_ facts: [Fact]) { self.facts = facts }

    package func writeMembers(to json: inout JSONWriter) {
        json.array("facts", facts) { json, fact in
            json.beginObject()
            json.member("fact", fact.phrase)
            json.member("type", fact.type)
            json.member("meaning", fact.meaning)
            json.member("example", fact.example)
            json.member("unknown", fact.unknown)
            json.member("in_last", fact.isWindowed)
            json.array("needs", fact.needs) { $0.value($1) }
            json.member("waits_for", fact.waitsFor)
            json.endObject()
        }
    }
}
