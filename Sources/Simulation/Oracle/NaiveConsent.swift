import CustomerLifecycle

/// Grants and withdrawals of one purpose on one channel, by the words of the rule.
struct NaiveConsent {
    let channel: Channel
    let purpose: BusinessID
    private(set) var granted: Instant?
    private(set) var validUntil: Instant?
    private(set) var isMarketing = false
    private(set) var withdrawn: Instant?
    private(set) var channelWithdrawn: Instant?
    private var tieBreaker: UInt64 = 0

    static func all(in happenings: [NaiveFacts.Happening]) -> [NaiveConsent] {
        var found: [NaiveConsent] = []
        for happening in happenings {
            for change in happening.event.consents.prefix(StorefrontEvent.consentCountMax) {
                let place = found.firstIndex { $0.channel == change.channel && $0.purpose == change.purpose }
                var consent = place.map { found[$0] } ?? NaiveConsent(channel: change.channel, purpose: change.purpose)
                consent.take(change, of: happening)
                if let place { found[place] = consent } else { found.append(consent) }
            }
        }
        return found
    }

    private init(channel: Channel, purpose: BusinessID) {
        self.channel = channel
        self.purpose = purpose
    }

    private mutating func take(_ change: ConsentChange, of happening: NaiveFacts.Happening) {
        let early = happening.isBackfill ? happening.counted : min(happening.counted, happening.received)
        let late = happening.isBackfill ? happening.counted : happening.received
        switch change.act {
        case .granted(let until):
            if let granted, (granted, tieBreaker) >= (early, happening.event.tieBreaker) { return }
            granted = early
            tieBreaker = happening.event.tieBreaker
            validUntil = until
            isMarketing = change.isMarketing
        case .withdrawn:
            withdrawn = max(withdrawn ?? late, late)
        case .withdrawnFromChannel:
            withdrawn = max(withdrawn ?? late, late)
            channelWithdrawn = max(channelWithdrawn ?? late, late)
        }
    }
}

extension NaiveFacts {
    /// Whether consent to `purpose` on `channel` stands at `instant`.
    func isConsenting(to purpose: BusinessID, on channel: Channel, at instant: Instant) -> Bool {
        let here = consents.filter { $0.channel == channel }
        let fromChannel = here.compactMap(\.channelWithdrawn).max() ?? .distantPast
        let fromAny = here.compactMap(\.withdrawn).max() ?? .distantPast
        let isAsked = purpose.text == "marketing"
        return here.contains { consent in
            guard let granted = consent.granted, instant < consent.validUntil ?? .never else { return false }
            guard consent.purpose == purpose || isAsked && consent.isMarketing else { return false }
            let isGeneral = consent.purpose.text == "marketing"
            let withdrawn = max(
                consent.withdrawn ?? .distantPast, isGeneral ? max(fromAny, fromChannel) : fromChannel)
            return granted > withdrawn
        }
    }
}
