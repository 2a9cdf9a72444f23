import Foundation
import Testing

extension KafkaShop {
    /// Checks that every change that `lines` cause is there once: against the same events in an embedded log, and one
    /// fold of the log on Kafka against another.
    func expectExactlyOnce(_ lines: [String]) throws {
        let changes = try changes()
        #expect(Set(changes.map(\.id)).count == changes.count, "an id repeats")
        #expect(ChangesSummary(changes).broken.isEmpty, "an id is missing")

        let file = workplace.path + "/events.ndjson"
        let values = lines.map { $0.drop { $0 != "|" }.dropFirst() }
        try (values.joined(separator: "\n") + "\n").write(toFile: file, atomically: false, encoding: .utf8)
        try workplace.run(
            "import", file, "--data", workplace.data, "--policy", Settings.policy("ref-1"))
        let end = "2030-01-01T00:00:00Z"
        #expect(try digest(at: end) == workplace.digest(at: end))

        let folded = try ask("digest", as: DigestAnswer.self)
        #expect(try ask("digest", "--state-dir", state, as: DigestAnswer.self) == folded)
        try checkLast(of: changes)
    }

    /// Checks that no last output is missing: the last change of stage must name the stage that a fold gives.
    private func checkLast(of changes: [PublishedChange]) throws {
        let last = { (outputs: [PublishedChange]) in
            Dictionary(outputs.map { ($0.customer, $0) }) { $0.sequence > $1.sequence ? $0 : $1 }
        }
        let (lastStages, lastOutputs) = (last(changes.filter { $0.stage != nil }), last(changes))
        let answer: CustomersAnswer = try ask("customers", "--limit", "100000")
        #expect(answer.customers.count == lastStages.count)
        for customer in answer.customers {
            #expect(lastStages[customer.id]?.stage == customer.stage, "\(customer.id)")
            #expect(lastOutputs[customer.id]?.sequence == customer.sequence, "\(customer.id)")
        }
    }
}
