package import CustomerLifecycle

extension CompiledPolicy {
    /// A note for each place that asks for a fact which nothing in a log ever fed, with the lines that wait for it.
    /// What no build feeds yet is noted by the check itself.
    package func notes(onAllBut all: FedFacts) -> [Problem] {
        guard let policy else { return [] }
        let fed = all.facts
        let ends =
            policy.rules.map { (name: policy.stages[$0.stage], line: $0.line, node: $0.condition) }
            + policy.segments.map { (name: $0.name, line: $0.line, node: $0.condition) }
            + policy.contacts.actions.map { (name: $0.name, line: $0.line, node: $0.condition) }
        var found: [Place: (phrase: String, users: [String])] = [:]
        for line in ends {
            guard let first = line.node else { continue }
            for index in first..<policy.nodes[first].end {
                let node = policy.nodes[index]
                let facts = [node.left.fact, node.right.fact].compactMap(\.self)
                guard let unfed = facts.first(where: { !fed.contains($0) && $0.absence == nil }) else { continue }
                let place = Place(line: node.line, column: node.column)
                let isNamed = unfed == node.left.fact && [.flag, .has].contains(node.kind)
                let user = "\"\(line.name)\" (line \(line.line))"
                found[place, default: (isNamed ? phrases[index].left : unfed.phrase, [])].users.append(user)
            }
        }
        for action in policy.contacts.actions {
            guard let fact = action.start.fact, !fed.contains(fact) else { continue }
            // At its name, where a condition of its own cannot stand.
            let indent = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[action.line - 1]
                .prefix { $0 == UInt8(ascii: " ") }.count
            let user = "\"\(action.name)\" (line \(action.line))"
            found[Place(line: action.line, column: indent + 1), default: (fact.phrase, [])].users.append(user)
        }
        return notes(onChannelsBut: all, policy)
            + found.sorted { $0.key < $1.key }.map { place, unfed in
                let users = unfed.users.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
                let verb = users.count == 1 ? "waits" : "wait"
                return Problem(
                    .note, at: place,
                    "nothing in this log feeds \"\(unfed.phrase)\": \(users.joined(separator: ", ")) \(verb) for it")
            }
    }
}

extension CompiledPolicy {
    /// A note for each channel on which steps are to go out and nobody consented, or nobody can be reached.
    private func notes(onChannelsBut fed: FedFacts, _ policy: Policy) -> [Problem] {
        Channel.allCases.flatMap { channel -> [Problem] in
            let steps = policy.contacts.actions.flatMap { action in
                action.steps.filter { $0.channel == channel }.map { (name: "\(action.name)/\($0.name)", step: $0) }
            }
            let consented = steps.filter { if case .consented = $0.step.purpose { true } else { false } }
            var notes: [Problem] = []
            if let first = consented.first, !fed.consented.contains(channel) {
                notes.append(
                    note(first.step.line, "nobody in this log consented to anything by", channel, consented.map(\.name))
                )
            }
            if let first = steps.first, !fed.reachable.contains(channel) {
                notes.append(note(first.step.line, "nobody in this log can be reached by", channel, steps.map(\.name)))
            }
            return notes
        }
    }

    private func note(_ line: Int, _ what: String, _ channel: Channel, _ steps: [String]) -> Problem {
        let shown = steps.prefix(3).map { "\"\($0)\"" }.joined(separator: ", ")
        let more = steps.count > 3 ? " and \(steps.count - 3) more" : ""
        return Problem(
            .note, at: Place(line: line, column: 1),
            "\(what) \(channel.words): \(shown)\(more) would reach nobody")
    }
}

extension Policy.Action.Start {
    /// What it begins with; nil where that is no event of the shop.
    fileprivate var fact: Fact? {
        switch self {
        case .firstOrder, .eachOrder: .orders
        case .eachDelivery: .lastDelivery
        case .eachOverdueDelivery: .deliveryOverdue
        case .touchingTheCart: .cartTouched
        case .firstConsent: .consentTo
        case .eachResolvedComplaint: .complaints
        case .eachBirthday: .birthday
        case .claimingTheReferralCoupon, .eachReferral, .entering, .joining: nil
        }
    }
}
