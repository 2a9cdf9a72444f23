/// Whether consent to one purpose stands on a channel at some instant, and by what: what subscribers are told of it.
package struct ConsentStanding: Equatable, Sendable {
    package enum State: UInt8, Sendable {
        case allowed = 0
        case neverGranted, withdrawn, expired
    }

    package let channel: Channel
    package let purpose: BusinessID
    package let state: State
    /// The purpose of the grant that allows it: its own, or of `marketing` a list's; nil where it is not allowed.
    package let basis: BusinessID?
    /// Until when it stands by itself; `never` where it does not run out, or does not stand.
    package let until: Instant
    /// Since when it is so: the grant, the withdrawal, or the end; `distantPast` where nobody granted it.
    package let since: Instant
}

extension Facts {
    /// Whether consent to `marketing` stands at `instant`, by what, or why not: a list may grant it, and a withdrawal
    /// of any list withdraws it.
    func marketingStanding(on channel: Channel, at instant: Instant) -> ConsentStanding {
        let longest = longestGrant(of: Self.marketing, on: channel)
        var isMentioned = false
        var withdrawn = channelWithdrawals[Int(channel.rawValue)]
        for entry in consents where entry.channel == channel {
            withdrawn = max(withdrawn, entry.withdrawn)
            if entry.purpose == Self.marketing || entry.granted?.value.isMarketing == true { isMentioned = true }
        }
        let (state, since): (ConsentStanding.State, Instant) =
            if instant < longest.until {
                (.allowed, consents[longest.place].granted?.stamp.time ?? .distantPast)
            } else if longest.until != .distantPast {
                (.expired, longest.until)
            } else {
                isMentioned ? (.withdrawn, withdrawn) : (.neverGranted, .distantPast)
            }
        return ConsentStanding(
            channel: channel, purpose: Self.marketing, state: state,
            basis: state == .allowed ? consents[longest.place].purpose : nil,
            until: state == .allowed ? longest.until : .never, since: since)
    }

    /// Whether consent to a purpose stands at `instant`, by what, or why not; nil of one that nobody spoke of.
    func standing(of purpose: BusinessID, on channel: Channel, at instant: Instant) -> ConsentStanding? {
        guard purpose != Self.marketing else { return marketingStanding(on: channel, at: instant) }
        let place = consents.firstIndex { $0.channel == channel && $0.purpose == purpose }
        return place.map { standing(ofEntryAt: $0, at: instant) }
    }

    /// Whether the consent of an entry stands, which is not to `marketing`: it depends on no other entry.
    private func standing(ofEntryAt place: Int, at instant: Instant) -> ConsentStanding {
        let until = grantEnd(ofEntryAt: place)
        let isAllowed = until.map { instant < $0 } ?? false
        let withdrawal = channelWithdrawals[Int(consents[place].channel.rawValue)]
        let granted = consents[place].granted?.stamp.time ?? .distantPast
        return ConsentStanding(
            channel: consents[place].channel, purpose: consents[place].purpose,
            state: isAllowed ? .allowed : until == nil ? .withdrawn : .expired,
            basis: isAllowed ? consents[place].purpose : nil, until: isAllowed ? until ?? .never : .never,
            since: isAllowed ? granted : until ?? max(consents[place].withdrawn, withdrawal))
    }

    private func grantEnd(ofEntryAt place: Int) -> Instant? {
        consents.grantEnd(ofEntryAt: place, withdrawn: channelWithdrawals)
    }

    /// Fills `standings` for each channel on which anything was ever granted or withdrawn: `marketing` first, which a
    /// list may grant, then what else was mentioned in the order of its bytes. A few passes over the entries, however
    /// many they are: a client may send hundreds of purposes, and each event asks.
    package func listConsents(at instant: Instant, into standings: inout [ConsentStanding]) {
        standings.removeAll(keepingCapacity: true)
        var channel: Channel?
        for place in consents.indices {
            if consents[place].channel != channel {
                channel = consents[place].channel
                standings.append(marketingStanding(on: consents[place].channel, at: instant))
            }
            guard consents[place].purpose != Self.marketing else { continue }
            standings.append(standing(ofEntryAt: place, at: instant))
        }
    }
}

extension [Consent] {
    /// Until when its grant stands by itself; nil where it was withdrawn, or never given.
    fileprivate func grantEnd(ofEntryAt place: Int, withdrawn: [4 of Instant]) -> Instant? {
        guard let grant = self[place].granted?.value else { return nil }
        return self[place].isGranted(after: withdrawn[Int(self[place].channel.rawValue)]) ? grant.validUntil : nil
    }

    /// When the first consent that stands at `instant` runs out; `never` if none does.
    func firstEnd(after instant: Instant, withdrawn: [4 of Instant]) -> Instant {
        var end = Instant.never
        // Where `marketing` may run out.
        var channels: UInt8 = 0
        for place in indices {
            guard let grant = self[place].granted?.value, grant.validUntil != .never, grant.validUntil > instant
            else { continue }
            let isOfMarketing = self[place].purpose == Facts.marketing
            if !isOfMarketing, let own = grantEnd(ofEntryAt: place, withdrawn: withdrawn) {
                end = Swift.min(end, own)
            }
            if grant.isMarketing || isOfMarketing { channels |= 1 << self[place].channel.rawValue }
        }
        for channel in Channel.allCases where channels & 1 << channel.rawValue != 0 {
            let until = longestGrant(
                of: Facts.marketing, on: channel, withdrawn: withdrawn[Int(channel.rawValue)]
            ).until
            if instant < until { end = Swift.min(end, until) }
        }
        return end
    }
}

/// The consents of the subject under way as they stood before a record, or the passing of time, may have moved them.
struct ConsentWatch {
    /// Whether anybody asks what has changed since.
    private(set) var isOn = false
    /// Those that `end` found to be granted or withdrawn for the first time, or allowed where they were not, or the
    /// other way round; of one that is kept no longer, since there are too many, that nobody granted it.
    private(set) var changed: [ConsentStanding] = []
    private var before: [ConsentStanding] = []
    private var after: [ConsentStanding] = []

    mutating func begin(_ facts: borrowing Facts, at instant: Instant) {
        facts.listConsents(at: instant, into: &before)
        isOn = true
    }

    mutating func end(_ facts: borrowing Facts, at instant: Instant) {
        isOn = false
        facts.listConsents(at: instant, into: &after)
        changed.removeAll(keepingCapacity: true)
        // Both are in one order.
        var next = 0
        for standing in after {
            while next < before.count, precedes(before[next], standing) { noteCut(before[next], &next) }
            let isKnown =
                next < before.count && before[next].channel == standing.channel
                && before[next].purpose == standing.purpose
            let state = isKnown ? before[next].state : .neverGranted
            let isFirst = state == .neverGranted && standing.state != .neverGranted
            if isFirst || (state == .allowed) != (standing.state == .allowed) { changed.append(standing) }
            if isKnown { next += 1 }
        }
        while next < before.count { noteCut(before[next], &next) }
    }

    private mutating func noteCut(_ standing: ConsentStanding, _ next: inout Int) {
        next += 1
        guard standing.state == .allowed else { return }
        changed.append(
            ConsentStanding(
                channel: standing.channel, purpose: standing.purpose, state: .neverGranted, basis: nil, until: .never,
                since: .distantPast))
    }

    /// By channel, `marketing` first.
    private func precedes(_ a: ConsentStanding, _ b: ConsentStanding) -> Bool {
        guard a.channel == b.channel else { return a.channel.rawValue < b.channel.rawValue }
        let (isFirst, isOtherFirst) = (a.purpose == Facts.marketing, b.purpose == Facts.marketing)
        return isFirst != isOtherFirst ? isFirst : a.purpose < b.purpose
    }
}
