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

    package enum EvidenceKind: UInt8, CaseIterable, Sendable {
        case order = 0
        case complaint, review
    }

    package struct Evidence: Hashable, Sendable {
        package let kind: EvidenceKind
        package let id: BusinessID
    }

    /// Whether marketing may be sent on a channel: consent to it stands, and messages arrive.
    package struct Contactable: Equatable, Sendable {
        package let channel: Channel
        /// Of marketing.
        package let consent: ConsentStanding
        /// Whether a hard bounce is later than the newest click and grant.
        package let hasBounced: Bool
        /// Since when it is so: the consent, or the bounce where that is the reason; where nobody granted or withdrew
        /// marketing, the latest that was said of another purpose.
        package let updatedAt: Instant

        package var isAllowed: Bool { consent.state == .allowed && !hasBounced }
    }

    /// What an offer to somebody can be made of.
    package struct OfferContext: Equatable, Sendable {
        /// The newest kept order, and its first products.
        package var lastOrder: BusinessID?
        package var lastProducts = ProductIDs()
        /// Of the cart that stands.
        package var cart: BusinessID?
        /// The one applied last, of those not taken off again.
        package var coupon: BusinessID?
        package var referralCode: BusinessID?

        package init() {}
    }

    /// The next transition if nothing happens.
    package struct Forecast: Equatable, Sendable {
        /// Index of the stage in the policy.
        package let stage: Int
        package let at: Instant
    }

    package var orders = OrderSummary()
    package var revenueBound = AmountBound.exact
    package var firstSeen: Instant?
    package var lastSeen: Instant?
    package var findings: [Finding] = []
    package var evidence: [Evidence] = []
    package var evidenceCount = 0
    package var forecast: Forecast?
    /// The channels on which consent was ever given or withdrawn.
    package var contactable: [Contactable] = []
    package var acquisition: Acquisition?
    package var offer = OfferContext()
    /// Of a change of consent, which has nothing else but `contactable`.
    package var consent: ConsentStanding?
    /// Of a standing that is said again: the segments, by their indices in the partition.
    package var segments: [Int] = []
    /// Of an action's outcome.
    package var action: ActionTold?
    package var locale: BusinessID?
    package var timeZone: BusinessID?
    package var isTruncated = false

    /// Makes an empty one, to be filled again and again: that keeps the memory of its lists.
    init() {}

    mutating func removeAll() {
        // One by one: they are short, and emptying a list at once takes longer.
        while !findings.isEmpty { findings.removeLast() }
        while !evidence.isEmpty { evidence.removeLast() }
        while !contactable.isEmpty { contactable.removeLast() }
        while !segments.isEmpty { segments.removeLast() }
        evidenceCount = 0
        acquisition = nil
        consent = nil
        action = nil
    }
}

extension Judge {
    package func describe(_ standing: Standing, at instant: Instant) -> ChangeDescription {
        var description = ChangeDescription()
        describe(standing, at: instant, into: &description)
        return description
    }

    /// Fills a description, whatever it held before.
    func describe(_ standing: Standing, at instant: Instant, into description: inout ChangeDescription) {
        description.removeAll()
        if let condition = policy.condition(of: standing.rule) {
            var counted = CountedItems()
            describe(condition, at: instant, &counted, into: &description)
        }
        description.forecast = forecast(standing, at: instant)
        describeCustomer(at: instant, into: &description)
    }

    /// Fills the description of a customer who enters or leaves a segment: who leaves is told what does not hold.
    func describe(_ change: SegmentChange, at instant: Instant, into description: inout ChangeDescription) {
        description.removeAll()
        description.forecast = nil
        if let place = change.place {
            var counted = CountedItems()
            describe(
                policy.segments[place].condition, holding: change.isEntered, at: instant, &counted,
                into: &description)
        }
        describeCustomer(at: instant, into: &description)
    }

    /// Fills the description of a step's outcome: what its action's condition found, and by what consent it is sent.
    func describe(_ told: ActionTold, isEnded: Bool, at instant: Instant, into description: inout ChangeDescription) {
        description.removeAll()
        description.forecast = nil
        var told = told
        if let place = told.place {
            let action = policy.contacts.actions[place.action]
            if let condition = action.condition {
                var counted = CountedItems()
                describe(condition, holding: !isEnded, at: instant, &counted, into: &description)
            }
            let step = action.steps[place.step]
            if let channel = step.channel, let purpose = step.consentedPurpose {
                told.consent = facts.standing(of: policy.purposes[purpose], on: channel, at: instant)
            }
        }
        description.action = told
        describeCustomer(at: instant, into: &description)
    }

    /// Why somebody is in a segment of the policy, by its place.
    package func describe(segment place: Int, at instant: Instant) -> ChangeDescription {
        var description = ChangeDescription()
        var counted = CountedItems()
        describe(policy.segments[place].condition, at: instant, &counted, into: &description)
        return description
    }

    private func describeCustomer(at instant: Instant, into description: inout ChangeDescription) {
        description.orders = orders
        description.revenueBound = revenueBound
        description.firstSeen = self.instant(of: .firstSeen)
        description.lastSeen = self.instant(of: .lastSeen)
        if !facts.consents.isEmpty { describeChannels(at: instant, into: &description.contactable) }
        if facts.hasActs { description.acquisition = facts.acquisition?.value }
        description.offer = offer
        description.locale = facts.locale?.value
        description.timeZone = facts.timeZone?.value
        description.isTruncated = facts.isTruncated
    }

    /// Literals of the condition that hold, of those parts of it that made it hold, in the order of the file; or those
    /// that do not, of what keeps it from holding.
    private func describe(
        _ index: Int, holding: Bool = true, at instant: Instant, _ counted: inout CountedItems,
        into description: inout ChangeDescription
    ) {
        guard verdict(index, at: instant).holds == holding else { return }
        switch policy.nodes[index].kind {
        case .all, .any:
            var child = index + 1
            while child < policy.nodes[index].end {
                describe(child, holding: holding, at: instant, &counted, into: &description)
                child = policy.nodes[child].end
            }
        case .constant, .clock, .window, .compare, .flag, .has, .known, .stage, .segment:
            description.findings.append(finding(index, at: instant))
            collectEvidence(index, at: instant, &counted, into: &description)
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
        case .flag, .has, .stage, .segment:
            found = verdict(index, at: instant).holds == node.isPositive ? 1 : 0
        case .known:
            found = node.left.fact.flatMap { value(of: $0) }
        case .all, .any, .constant:
            found = nil
        }
        return ChangeDescription.Finding(node: index, value: found, threshold: threshold)
    }

    /// The stage after this one if nothing happens: the standing at each review date in turn, until the stage differs.
    package func forecast(_ standing: Standing, at instant: Instant) -> ChangeDescription.Forecast? {
        let stage = policy.stage(of: standing.rule)
        var next = standing
        for _ in 0..<Self.forecastReviewCountMax {
            guard next.reviewAt != .never else { return nil }
            let at = next.reviewAt
            if facts.isVisitor, facts.forgottenAt <= at { return nil }
            next = evaluate(at: at)
            let later = policy.stage(of: next.rule)
            if later != stage { return ChangeDescription.Forecast(stage: later, at: at) }
        }
        return nil
    }

    /// A window of many items flips often; what lies further ahead is no forecast.
    private static let forecastReviewCountMax = 64

    /// Fills the description of a change of consent.
    func describe(
        _ consent: ConsentStanding, at instant: Instant, into description: inout ChangeDescription
    ) {
        description.removeAll()
        description.consent = consent
        if let contactable = contactable(on: consent.channel, at: instant) {
            description.contactable.append(contactable)
        }
    }

    /// Whether marketing may be sent on each channel on which consent was ever given or withdrawn.
    package func describeChannels(at instant: Instant, into channels: inout [ChangeDescription.Contactable]) {
        for channel in Channel.allCases {
            if let contactable = contactable(on: channel, at: instant) { channels.append(contactable) }
        }
    }

    private func contactable(on channel: Channel, at instant: Instant) -> ChangeDescription.Contactable? {
        var updatedAt = Instant.distantPast
        for consent in facts.consents where consent.channel == channel { updatedAt = max(updatedAt, consent.newest) }
        guard updatedAt != .distantPast else { return nil }
        let consent = facts.marketingStanding(on: channel, at: instant)
        let hasBounced = facts.hasBounced(on: channel)
        if consent.state != .neverGranted { updatedAt = consent.since }
        if hasBounced, consent.state == .allowed { updatedAt = facts.reach.bounced[Int(channel.rawValue)] }
        return ChangeDescription.Contactable(
            channel: channel, consent: consent, hasBounced: hasBounced, updatedAt: updatedAt)
    }

    package var offer: ChangeDescription.OfferContext {
        var offer = ChangeDescription.OfferContext()
        if let newest = facts.orders.newestKept {
            offer.lastOrder = facts.orders.id(at: newest)
            if let products = facts.orders.products(at: newest) { offer.lastProducts = products }
        }
        guard facts.hasActs else { return offer }
        // Of what was put in, all may have been taken out again; who only looks into a cart may have one.
        let isEmptied = self[.cartItems] == 0 && facts.cartProducts.contains { !$0.content.value.isAdded }
        if self[.cartTouched] != Self.unknown, !isEmptied { offer.cart = facts.cart?.value }
        offer.coupon = coupon
        offer.referralCode = facts.referralCode?.value
        return offer
    }
}
