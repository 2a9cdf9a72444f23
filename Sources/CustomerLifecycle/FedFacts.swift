/// What something in a log feeds.
package struct FedFacts: Equatable, Sendable {
    package var facts: Set<Fact> = []
    /// Channels on which somebody consented to something.
    package var consented: Set<Channel> = []
    /// Channels on which somebody can be reached.
    package var reachable: Set<Channel> = []

    package init() {}

    package mutating func formUnion(_ other: Self) {
        facts.formUnion(other.facts)
        consented.formUnion(other.consented)
        reachable.formUnion(other.reachable)
    }

    package var isWhole: Bool {
        facts.count == Fact.allCases.count && consented.count == 4 && reachable.count == 4
    }
}

extension Judge {
    /// Adds what this customer feeds.
    package func collectFed(into fed: inout FedFacts) {
        collectFed(into: &fed.facts)
        for consent in facts.consents where consent.granted != nil { fed.consented.insert(consent.channel) }
        for channel in Channel.allCases where !fed.reachable.contains(channel) && facts.isReachable(by: channel) {
            fed.reachable.insert(channel)
        }
    }

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
