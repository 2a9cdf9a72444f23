extension Judge {
    /// The facts that something of this customer feeds: those that are neither unknown, nor 0, empty or no.
    package func collectFed(into fed: inout Set<Fact>) {
        for fact in Fact.allCases where !fed.contains(fact) && isFed(fact) { fed.insert(fact) }
    }

    private func isFed(_ fact: Fact) -> Bool {
        switch fact {
        case .stageEntered: true
        case .consentTo: !facts.consents.isEmpty
        case .reachableBy: facts.profile.contains(.email) || facts.profile.contains(.phone) || !facts.consents.isEmpty
        // Whether it holds changes with time; whether anything is said of it does not.
        case .deliveryOverdue, .lateDeliveries: facts.orders.hasDeliveries
        case .bounced, .newAtSignup: value(of: fact) != nil
        // What was closed, or ordered, was there.
        case .openComplaints: !facts.complaints.isEmpty
        case .cartItems, .cartValue, .cartTouched: facts.cartTouched != .distantPast
        case .bought:
            facts.orders.indices.contains { place in
                facts.orders.outcome(at: place).isKept && (facts.orders.categories(at: place)?.count ?? 0) > 0
            }
        default: (value(of: fact) ?? 0) != 0
        }
    }
}
