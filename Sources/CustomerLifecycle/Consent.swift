/// Grants and withdrawals of one purpose on one channel: the newest of each, kept apart.
package struct Consent: Equatable, Sendable {
    package struct Grant: Equatable, Sendable {
        /// `never` if it does not run out.
        package var validUntil: Instant
        package var isMarketing: Bool
    }

    package let channel: Channel
    package let purpose: BusinessID
    package var granted: Register<Grant>?
    /// The earliest grant; `never` if there is none.
    package var firstGranted: Instant = .never
    /// `distantPast` if never.
    package var withdrawn: Instant = .distantPast

    init(channel: Channel, purpose: BusinessID) {
        self.channel = channel
        self.purpose = purpose
    }

    /// When it was last written: what the cut to the newest goes by.
    package var newest: Instant { max(withdrawn, granted?.stamp.time ?? .distantPast) }

    /// Withdrawal wins ties.
    func isGranted(after withdrawal: Instant) -> Bool {
        guard let granted else { return false }
        return granted.stamp.time > max(withdrawn, withdrawal)
    }
}

extension Facts {
    static let marketing: BusinessID = {
        guard let id = BusinessID("marketing") else { preconditionFailure("A short id is an id.") }
        return id
    }()

    /// Where the grant stands that lasts longest of those that nothing withdrew, and until when; `distantPast` where
    /// there is none.
    func longestGrant(of purpose: BusinessID, on channel: Channel) -> (place: Int, until: Instant) {
        consents.longestGrant(of: purpose, on: channel, withdrawn: channelWithdrawals[Int(channel.rawValue)])
    }

    mutating func fold(_ change: ConsentChange, grantTime: Instant, withdrawalTime: Instant, tieBreaker: UInt64) {
        let place = consentPlace(channel: change.channel, purpose: change.purpose)
        switch change.act {
        case .granted(let validUntil):
            let grant = Consent.Grant(
                validUntil: validUntil.map { $0.limited } ?? .never, isMarketing: change.isMarketing)
            consents[place].granted.write(grant, stamp: Stamp(time: grantTime, tieBreaker: tieBreaker))
            consents[place].firstGranted = min(consents[place].firstGranted, grantTime)
        case .withdrawn:
            consents[place].withdrawn = max(consents[place].withdrawn, withdrawalTime)
        case .withdrawnFromChannel:
            consents[place].withdrawn = max(consents[place].withdrawn, withdrawalTime)
            let channel = Int(change.channel.rawValue)
            channelWithdrawals[channel] = max(channelWithdrawals[channel], withdrawalTime)
        }
    }

    /// When consent to `purpose` was first given on the channel, be it of a list that stands for it, withdrawn since or
    /// not; nil if never.
    package func firstGrant(of purpose: BusinessID, on channel: Channel) -> Instant? {
        consents.firstGrant(of: purpose, on: channel)
    }

    /// Finds or makes the entry; they stand in the order of (channel, purpose).
    mutating func consentPlace(channel: Channel, purpose: BusinessID) -> Int {
        var place = 0
        while place < consents.count {
            let entry = consents[place]
            if entry.channel == channel, entry.purpose == purpose { return place }
            let isLater =
                entry.channel.rawValue != channel.rawValue
                ? entry.channel.rawValue > channel.rawValue : entry.purpose > purpose
            if isLater { break }
            place += 1
        }
        consents.insert(Consent(channel: channel, purpose: purpose), at: place)
        return place
    }
}

extension [Consent] {
    func longestGrant(
        of purpose: BusinessID, on channel: Channel, withdrawn channelWithdrawn: Instant
    ) -> (place: Int, until: Instant) {
        let isMarketing = purpose == Facts.marketing
        var latestWithdrawal = channelWithdrawn
        for entry in self where entry.channel == channel {
            latestWithdrawal = Swift.max(latestWithdrawal, entry.withdrawn)
        }
        var longest = (place: 0, until: Instant.distantPast)
        for place in indices where self[place].channel == channel {
            guard let grant = self[place].granted?.value else { continue }
            let counts = self[place].purpose == purpose || isMarketing && grant.isMarketing
            let withdrawal = self[place].purpose == Facts.marketing ? latestWithdrawal : channelWithdrawn
            guard counts, grant.validUntil > longest.until, self[place].isGranted(after: withdrawal) else { continue }
            longest = (place, grant.validUntil)
        }
        return longest
    }

    fileprivate func firstGrant(of purpose: BusinessID, on channel: Channel) -> Instant? {
        let isMarketing = purpose == Facts.marketing
        var first = Instant.never
        for consent in self where consent.channel == channel {
            guard consent.purpose == purpose || isMarketing && consent.granted?.value.isMarketing == true else {
                continue
            }
            first = Swift.min(first, consent.firstGranted)
        }
        return first == .never ? nil : first
    }
}

/// The same asked of a judge, part by part: his facts would be copied for a call that takes them all (Swift 6.3.1).
extension Judge {
    /// Whether consent to `purpose` stands at `instant`, and until when that stays so by itself.
    ///
    /// `marketing` stands while its grant is later than every withdrawal on the channel, a list's included; a list
    /// while its grant is later than its own withdrawal and the channel's. A marketing list stands for `marketing`.
    @inline(__always) package func consent(
        to purpose: BusinessID, on channel: Channel, at instant: Instant
    ) -> (stands: Bool, until: Instant) {
        let withdrawn = facts.channelWithdrawals[Int(channel.rawValue)]
        let until = facts.consents.longestGrant(of: purpose, on: channel, withdrawn: withdrawn).until
        return instant < until ? (true, until) : (false, .never)
    }

    @inline(__always) func firstConsentEnd(after instant: Instant) -> Instant {
        guard !facts.consents.isEmpty else { return .never }
        return facts.consents.firstEnd(after: instant, withdrawn: facts.channelWithdrawals)
    }

    @inline(__always) func isReachable(by channel: Channel) -> Bool {
        facts.reach.isGood(channel, consents: facts.consents, profile: facts.profile)
    }
}
