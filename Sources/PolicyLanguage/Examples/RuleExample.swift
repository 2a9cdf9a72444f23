package import CustomerLifecycle

/// A customer who can exist: a history that, folded, stands at a rule at `asOf`.
package struct RuleExample: Sendable {
    /// When all examples are looked at: an instant of no meaning, the same for all policies.
    package static let asOf = Instant(milliseconds: 1_767_225_600_000)

    /// Whether the shop knows the customer by an id of its own.
    package let isIdentified: Bool
    /// Oldest first; none is later than `asOf`.
    package let events: [ExampleEvent]

    /// What a search for an example came to.
    package enum Finding: Sendable {
        case found(RuleExample)
        /// In words, to stand behind a colon.
        case none(because: String)
    }

    /// Folds the history as a partition of the log folds it: event by event, with every review on the way. Returns the
    /// rule that the customer stands at in the end; nil if there is no such customer: a visitor is forgotten in time.
    package func rule(under policy: Policy) -> Int? {
        var partition = Partition(policy: policy)
        var outcome = Outcome(describes: false)
        let subject = Array((isIdentified ? "u:1" : "a:1").utf8)
        return subject.withUnsafeBytes { subject in
            for (number, event) in events.enumerated() {
                var folded = event.storefrontEvent(number: number)
                let record = RecordContext(offset: Int64(number), appended: event.instant)
                partition.fold(&folded, of: subject, hash: 1, in: record, into: &outcome)
            }
            let end = RecordContext(offset: Int64(events.count), appended: Self.asOf)
            partition.tick(at: Self.asOf, in: end, into: &outcome)
            let judge = Judge(under: policy)
            var said = Said()
            guard
                partition.withSubject(subject, hash: 1, { lent in lent.read(into: judge, &said) }) != nil
            else { return nil }
            judge.read()
            return judge.evaluate(at: Self.asOf).rule
        }
    }
}
