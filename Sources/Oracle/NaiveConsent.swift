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

    /// The instants at which consents expire.
    var validities: [Instant] {
        consentChanges.compactMap { if case .granted(let validUntil) = $0.change.act { validUntil } else { nil } }
    }
}
