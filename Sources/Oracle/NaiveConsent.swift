import CustomerLifecycle

/// A grant or a withdrawal, and the instant from which it counts.
struct NaiveConsentChange {
    let change: ConsentChange
    let at: Instant
    let tieBreaker: UInt64

    /// Returns the consent changes of an event. A live grant counts from the earlier of event and receipt, a live
    /// withdrawal from the later; imported ones count from the event.
    static func all(in arrival: Arrival) -> [NaiveConsentChange] {
        arrival.event.consents.prefix(StorefrontEvent.consentCountMax).map { change in
            let isOfEvent = arrival.isBackfill || change.act.isGrant && arrival.counted < arrival.received
            return NaiveConsentChange(
                change: change, at: isOfEvent ? arrival.counted : arrival.received,
                tieBreaker: arrival.event.tieBreaker)
        }
    }
}

extension NaiveFacts {
    /// Returns whether consent to `purpose` on `channel` is in force at `instant`.
    func consents(to purpose: BusinessID, on channel: Channel, at instant: Instant) -> Bool {
        let changes = consentChanges.filter { $0.change.channel == channel }
        return Set(changes.map(\.change.purpose)).contains { id in
            // Among equals, as when one event grants the same twice, `max` takes the first, and so does the fold.
            let grants = changes.filter { $0.change.act.isGrant && $0.change.purpose == id }
            guard let grant = grants.max(by: { ($0.at, $0.tieBreaker) < ($1.at, $1.tieBreaker) }),
                case .granted(let validUntil) = grant.change.act
            else { return false }
            let counts = id == purpose || purpose.text == "marketing" && grant.change.isMarketing
            let withdrawals = changes.filter { withdrawal in
                switch withdrawal.change.act {
                case .granted: false
                case .withdrawn: withdrawal.change.purpose == id || id.text == "marketing"
                case .withdrawnFromChannel: true
                }
            }
            return counts && withdrawals.allSatisfy { $0.at < grant.at } && instant < validUntil ?? .never
        }
    }

    /// Every consent of each channel on which anything was granted or withdrawn, `marketing` first.
    func standings(at instant: Instant) -> [NaiveStanding] {
        Channel.allCases.flatMap { channel -> [NaiveStanding] in
            let purposes = Set(consentChanges.filter { $0.change.channel == channel }.map(\.change.purpose))
            guard !purposes.isEmpty, let marketing = BusinessID("marketing") else { return [] }
            return ([marketing] + purposes.subtracting([marketing]).sorted()).map { purpose in
                NaiveStanding(
                    channel: channel, purpose: purpose.text, why: why(purpose, on: channel, at: instant))
            }
        }
    }

    private func why(_ purpose: BusinessID, on channel: Channel, at instant: Instant) -> NaiveStanding.Why {
        if consents(to: purpose, on: channel, at: instant) { return .granted }
        // Without time nothing runs out.
        if consents(to: purpose, on: channel, at: .distantPast) { return .expired }
        let changes = consentChanges.filter { $0.change.channel == channel }
        let grantsMarketing = Set(changes.map(\.change.purpose)).contains { id in
            let grants = changes.filter { $0.change.act.isGrant && $0.change.purpose == id }
            return grants.max { ($0.at, $0.tieBreaker) < ($1.at, $1.tieBreaker) }?.change.isMarketing ?? false
        }
        let isMentioned = changes.contains { $0.change.purpose == purpose }
        return isMentioned || purpose.text == "marketing" && grantsMarketing ? .withdrawn : .never
    }

    /// When the first consent that stands at `instant` stops standing by itself.
    func firstConsentEnd(after instant: Instant) -> Instant {
        let changes = Set(validities.filter { $0 > instant }).sorted()
        return changes.first { end in
            let before = standings(at: end - Milliseconds(1))
            return zip(before, standings(at: end)).contains { $0.why == .granted && $1.why != .granted }
        } ?? .never
    }

    /// The instants at which consents expire.
    var validities: [Instant] {
        consentChanges.compactMap { if case .granted(let validUntil) = $0.change.act { validUntil } else { nil } }
    }
}
