/// What shows whether messages arrive on each channel, beside consent: the latest of each; `distantPast` if none.
package struct Reach: Equatable, Sendable {
    package var clicked: [4 of Instant] = .init(repeating: .distantPast)
    /// Hard bounces.
    package var bounced: [4 of Instant] = .init(repeating: .distantPast)

    package init() {}

    var isEmpty: Bool { self == Self() }

    mutating func join(_ other: Self) {
        for channel in 0..<4 {
            clicked[channel] = max(clicked[channel], other.clicked[channel])
            bounced[channel] = max(bounced[channel], other.bounced[channel])
        }
    }

    package static func == (a: Self, b: Self) -> Bool {
        (0..<4).allSatisfy { a.clicked[$0] == b.clicked[$0] && a.bounced[$0] == b.bounced[$0] }
    }
}

extension Facts {
    package func isReachable(by channel: Channel) -> Bool {
        reach.isGood(channel, consents: consents, profile: profile)
    }

    /// Whether a hard bounce is later than the newest click and grant on the channel.
    func hasBounced(on channel: Channel) -> Bool {
        guard reach.bounced[Int(channel.rawValue)] != .distantPast else { return false }
        return reach.hasBounced(on: channel, since: consents.newestGrant(on: channel))
    }
}

extension Reach {
    /// Whether an address is known, and no hard bounce is later than the newest click or grant on the channel. The log
    /// holds no addresses, so that a new one cannot be seen.
    func isGood(_ channel: Channel, consents: [Consent], profile: Profile) -> Bool {
        let newestGrant = consents.newestGrant(on: channel)
        guard newestGrant != .distantPast || profile.hasAddress(for: channel) else { return false }
        return !hasBounced(on: channel, since: newestGrant)
    }

    fileprivate func hasBounced(on channel: Channel, since newestGrant: Instant) -> Bool {
        let bounced = bounced[Int(channel.rawValue)]
        return bounced != .distantPast && bounced > max(clicked[Int(channel.rawValue)], newestGrant)
    }
}

extension Profile {
    fileprivate func hasAddress(for channel: Channel) -> Bool {
        switch channel {
        case .email: contains(.email)
        case .sms: contains(.phone)
        case .push, .post: false
        }
    }
}

extension [Consent] {
    /// The newest grant on a channel, withdrawn since or not; `distantPast` if there is none.
    fileprivate func newestGrant(on channel: Channel) -> Instant {
        var newest = Instant.distantPast
        for consent in self where consent.channel == channel {
            newest = Swift.max(newest, consent.granted?.stamp.time ?? .distantPast)
        }
        return newest
    }
}
