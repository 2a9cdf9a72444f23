/// What tries a policy on a customer who does not exist.
extension Judge {
    /// Takes the facts of whoever has only these events, each in the log when it happened, and reads them.
    package func read(_ events: [StorefrontEvent], isIdentified: Bool) {
        facts.removeAll()
        facts.isIdentified = isIdentified
        for var event in events {
            let record = RecordContext(offset: 0, appended: event.claimed)
            facts.fold(&event, counted: record.counted(event.claimed), in: record)
        }
        read()
    }

    /// Whether a node of the policy holds at an instant, whatever the rules make of it.
    package func holds(_ node: Int, at instant: Instant) -> Bool { verdict(node, at: instant).holds }
}
