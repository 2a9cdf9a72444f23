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
}

extension Facts {
    /// Whether consent to `purpose` stands at `instant`, by what, or why not.
    func standing(of purpose: BusinessID, on channel: Channel, at instant: Instant) -> ConsentStanding {
        let longest = longestGrant(of: purpose, on: channel)
        let state: ConsentStanding.State =
            if instant < longest.until {
                .allowed
            } else if longest.until != .distantPast {
                .expired
            } else {
                wasMentioned(purpose, on: channel) ? .withdrawn : .neverGranted
            }
        return ConsentStanding(
            channel: channel, purpose: purpose, state: state,
            basis: state == .allowed ? consents[longest.place].purpose : nil,
            until: state == .allowed ? longest.until : .never)
    }

    /// Whether anybody ever granted or withdrew it.
    private func wasMentioned(_ purpose: BusinessID, on channel: Channel) -> Bool {
        let isMarketing = purpose == Self.marketing
        return consents.contains { entry in
            entry.channel == channel
                && (entry.purpose == purpose || isMarketing && entry.granted?.value.isMarketing == true)
        }
    }

    /// Fills `standings` for each channel on which anything was ever granted or withdrawn: `marketing` first, which a
    /// list may grant, then what else was mentioned in the order of its bytes.
    func listConsents(at instant: Instant, into standings: inout [ConsentStanding]) {
        standings.removeAll(keepingCapacity: true)
        var channel: Channel?
        for entry in consents {
            if entry.channel != channel {
                channel = entry.channel
                standings.append(standing(of: Self.marketing, on: entry.channel, at: instant))
            }
            guard entry.purpose != Self.marketing else { continue }
            standings.append(standing(of: entry.purpose, on: entry.channel, at: instant))
        }
    }

    /// When the first consent that stands at `instant` runs out; `never` if none does.
    func firstConsentEnd(after instant: Instant) -> Instant {
        var end = Instant.never
        for entry in consents {
            guard let grant = entry.granted?.value, grant.validUntil != .never, grant.validUntil > instant else {
                continue
            }
            end = min(end, consent(to: entry.purpose, on: entry.channel, at: instant).until)
            if grant.isMarketing { end = min(end, consent(to: Self.marketing, on: entry.channel, at: instant).until) }
        }
        return end
    }
}

/// The consents of the subject under way as they stood before a record, or the passing of time, may have moved them.
struct ConsentWatch {
    /// Whether anybody asks what has changed since.
    private(set) var isOn = false
    private var before: [ConsentStanding] = []
    private var after: [ConsentStanding] = []

    mutating func begin(_ facts: borrowing Facts, at instant: Instant) {
        facts.listConsents(at: instant, into: &before)
        isOn = true
    }

    /// Lends each that is granted or withdrawn for the first time, or allowed where it was not, or the other way round.
    mutating func end(_ facts: borrowing Facts, at instant: Instant, _ body: (ConsentStanding) -> Void) {
        isOn = false
        facts.listConsents(at: instant, into: &after)
        for standing in after {
            let known = before.first { $0.channel == standing.channel && $0.purpose == standing.purpose }
            let state = known?.state ?? .neverGranted
            let isFirst = state == .neverGranted && standing.state != .neverGranted
            if isFirst || (state == .allowed) != (standing.state == .allowed) { body(standing) }
        }
    }
}
