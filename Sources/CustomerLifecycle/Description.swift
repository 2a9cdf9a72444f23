/// What a reader of a change or of a customer wants to know beside the stage: figures, and why.
package struct ChangeDescription: Equatable, Sendable {
    /// At most this many ids of evidence are named; `evidenceCount` counts all.
    package static let evidenceCountMax = 10

    /// One literal of the rule that decided: what it asked, what it found.
    package struct Finding: Equatable, Sendable {
        /// Index of the node in the policy.
        package let node: Int
        /// The fact's value in its own unit, for a running time the time that has run; nil if there is none.
        package let value: Int64?
        /// What it was compared with; nil where nothing was.
        package let threshold: Int64?
    }

    package enum EvidenceKind: UInt8, Sendable {
        case order = 0
        case complaint, review
    }

    package struct Evidence: Hashable, Sendable {
        package let kind: EvidenceKind
        package let id: BusinessID
    }

    /// Whether consent to marketing stands on a channel, and when consent last changed there.
    package struct Contactable: Equatable, Sendable {
        package let channel: Channel
        package let isAllowed: Bool
        package let updatedAt: Instant
    }

    /// The next transition if nothing happens.
    package struct Forecast: Equatable, Sendable {
        /// Index of the stage in the policy.
        package let stage: Int
        package let at: Instant
    }

    package var orders: OrderSummary
    package var firstSeen: Instant?
    package var lastSeen: Instant?
    package var findings: [Finding]
    package var evidence: [Evidence]
    package var evidenceCount: Int
    package var forecast: Forecast?
    /// The channels on which consent was ever given or withdrawn.
    package var contactable: [Contactable]
    package var locale: BusinessID?
    package var timeZone: BusinessID?
    package var isTruncated: Bool
}

extension Policy {
    package func describe(_ facts: borrowing Facts, _ standing: Standing, at instant: Instant) -> ChangeDescription {
        describe(facts, FactValues(facts, under: self), standing, at: instant)
    }

    func describe(
        _ facts: borrowing Facts, _ values: FactValues, _ standing: Standing, at instant: Instant
    ) -> ChangeDescription {
        var literals: [Int] = []
        if let condition = rules[standing.rule].condition {
            collectTrue(condition, facts, values, at: instant, into: &literals)
        }
        var evidence: [ChangeDescription.Evidence] = []
        for literal in literals { collectEvidence(nodes[literal], facts, values, at: instant, into: &evidence) }
        return ChangeDescription(
            orders: values.orders,
            firstSeen: values.instant(of: .firstSeen),
            lastSeen: values.instant(of: .lastSeen),
            findings: literals.map { finding($0, facts, values, at: instant) },
            evidence: Array(evidence.prefix(ChangeDescription.evidenceCountMax)),
            evidenceCount: evidence.count,
            forecast: forecast(facts, values, standing, at: instant),
            contactable: contactable(facts, at: instant),
            locale: facts.locale?.value, timeZone: facts.timeZone?.value, isTruncated: facts.isTruncated)
    }

    /// Literals of the condition that hold, of those parts of it that made it hold, in the order of the file.
    private func collectTrue(
        _ index: Int, _ facts: borrowing Facts, _ values: FactValues, at instant: Instant,
        into literals: inout [Int]
    ) {
        guard verdict(index, facts, values, at: instant).holds else { return }
        switch nodes[index].kind {
        case .all, .any:
            var child = index + 1
            while child < nodes[index].end {
                collectTrue(child, facts, values, at: instant, into: &literals)
                child = nodes[child].end
            }
        case .constant, .clock, .window, .compare, .flag, .has, .known:
            literals.append(index)
        }
    }

    package func finding(
        _ index: Int, _ facts: borrowing Facts, _ values: FactValues, at instant: Instant
    ) -> ChangeDescription.Finding {
        let node = nodes[index]
        let found: Int64?
        var threshold: Int64?
        switch node.kind {
        case .clock:
            found = node.left.fact.flatMap { values.instant(of: $0) }.map { (instant - $0).count }
            threshold = value(node.right, facts, values)
        case .window:
            let window = node.window.count > 0 ? node.window : nil
            found = node.left.fact.map {
                DatedItems($0, in: facts, under: self).total(at: instant, window: window, in: facts)
            }
            threshold = value(node.right, facts, values)
        case .compare:
            found = value(node.left, facts, values)
            threshold = value(node.right, facts, values)
        case .flag, .has:
            found = verdict(index, facts, values, at: instant).holds == node.isPositive ? 1 : 0
        case .known:
            found = node.left.fact.flatMap { values.value(of: $0, in: facts) }
        case .all, .any, .constant:
            found = nil
        }
        return ChangeDescription.Finding(node: index, value: found, threshold: threshold)
    }

    /// The stage after this one if nothing happens: the standing at each review date in turn, until the stage differs.
    func forecast(
        _ facts: borrowing Facts, _ values: FactValues, _ standing: Standing, at instant: Instant
    ) -> ChangeDescription.Forecast? {
        let stage = rules[standing.rule].stage
        var next = standing
        for _ in 0..<Self.forecastReviewCountMax {
            guard next.reviewAt != .never else { return nil }
            let at = next.reviewAt
            if facts.isVisitor, facts.forgottenAt <= at { return nil }
            next = evaluate(facts, values, at: at)
            let later = rules[next.rule].stage
            if later != stage { return ChangeDescription.Forecast(stage: later, at: at) }
        }
        return nil
    }

    /// A window of many items flips often; what lies further ahead is no forecast.
    private static let forecastReviewCountMax = 64

    private func contactable(_ facts: borrowing Facts, at instant: Instant) -> [ChangeDescription.Contactable] {
        var contactable: [ChangeDescription.Contactable] = []
        for channel in Channel.allCases {
            var updatedAt = Instant.distantPast
            for consent in facts.consents where consent.channel == channel {
                updatedAt = max(updatedAt, consent.newest)
            }
            guard updatedAt != .distantPast else { continue }
            let isAllowed = facts.consent(to: Facts.marketing, on: channel, at: instant).stands
            contactable.append(
                ChangeDescription.Contactable(channel: channel, isAllowed: isAllowed, updatedAt: updatedAt))
        }
        return contactable
    }
}
