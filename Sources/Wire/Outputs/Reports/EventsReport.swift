package import CustomerLifecycle

/// What shops may send, and what each event moves.
package struct EventsReport: Report {
    package let contracts: [EventContract]
    private let phrase: @Sendable (Fact) -> String

    /// `phrase` is what policies call a fact.
    package init(_ contracts: [EventContract], phrase: @escaping @Sendable (Fact) -> String) {
        self.contracts = contracts
        self.phrase = phrase
    }

    package func facts(of contract: EventContract) -> [String] { contract.moves.map(phrase) }

    package func writeMembers(to json: inout JSONWriter) {
        json.array("events", contracts) { json, contract in
            json.beginObject()
            json.array("names", contract.names) { $0.value($1) }
            json.array("required", contract.required) { $0.value($1.description) }
            json.array("optional", contract.optional) { $0.value($1.description) }
            json.member("note", contract.note)
            json.member("whose", contract.doer)
            json.array("moves", facts(of: contract)) { $0.value($1) }
            json.member("operator_only", contract.isForOperator)
            json.member("example", contract.example)
            json.endObject()
        }
    }
}
