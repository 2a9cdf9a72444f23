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

extension Judge {
    package func describe(_ standing: Standing, at instant: Instant) -> ChangeDescription {
        var literals: [Int] = []
        if let condition = policy.rules[standing.rule].condition {
            collectTrue(condition, at: instant, into: &literals)
        }
        var evidence: [ChangeDescription.Evidence] = []
        for literal in literals { collectEvidence(policy.nodes[literal], at: instant, into: &evidence) }
        return ChangeDescription(
            orders: orders,
            firstSeen: self.instant(of: .firstSeen),
            lastSeen: self.instant(of: .lastSeen),
            findings: literals.map { finding($0, at: instant) },
            evidence: Array(evidence.prefix(ChangeDescription.evidenceCountMax)),
            evidenceCount: evidence.count,
            forecast: forecast(standing, at: instant),
            contactable: contactable(at: instant),
            locale: facts.locale?.value, timeZone: facts.timeZone?.value, isTruncated: facts.isTruncated)
    }

    /// Literals of the condition that hold, of those parts of it that made it hold, in the order of the file.
    private func collectTrue(
        _ index: Int, at instant: Instant, into literals: inout [Int]
    ) {
        guard verdict(index, at: instant).holds else { return }
        switch policy.nodes[index].kind {
        case .all, .any:
            var child = index + 1
            while child < policy.nodes[index].end {
                collectTrue(child, at: instant, into: &literals)
                child = policy.nodes[child].end
            }
        case .constant, .clock, .window, .compare, .flag, .has, .known:
            literals.append(index)
        }
    }

    package func finding(_ index: Int, at instant: Instant) -> ChangeDescription.Finding {
        let node = policy.nodes[index]
        let found: Int64?
        var threshold: Int64?
        switch node.kind {
        case .clock:
            found = node.left.fact.flatMap { self.instant(of: $0) }.map { (instant - $0).count }
            threshold = value(node.right)
        case .window:
            let window = node.window.count > 0 ? node.window : nil
            found = node.left.fact.map { total(of: $0, at: instant, window: window) }
            threshold = value(node.right)
        case .compare:
            found = value(node.left)
            threshold = value(node.right)
        case .flag, .has:
            found = verdict(index, at: instant).holds == node.isPositive ? 1 : 0
        case .known:
            found = node.left.fact.flatMap { value(of: $0) }
        case .all, .any, .constant:
            found = nil
        }
        return ChangeDescription.Finding(node: index, value: found, threshold: threshold)
    }

    /// The stage after this one if nothing happens: the standing at each review date in turn, until the stage differs.
    func forecast(_ standing: Standing, at instant: Instant) -> ChangeDescription.Forecast? {
        let stage = policy.rules[standing.rule].stage
        var next = standing
        for _ in 0..<Self.forecastReviewCountMax {
            guard next.reviewAt != .never else { return nil }
            let at = next.reviewAt
            if facts.isVisitor, facts.forgottenAt <= at { return nil }
            next = evaluate(at: at)
            let later = policy.rules[next.rule].stage
            if later != stage { return ChangeDescription.Forecast(stage: later, at: at) }
        }
        return nil
    }

    /// A window of many items flips often; what lies further ahead is no forecast.
    private static let forecastReviewCountMax = 64

    private func contactable(at instant: Instant) -> [ChangeDescription.Contactable] {
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
