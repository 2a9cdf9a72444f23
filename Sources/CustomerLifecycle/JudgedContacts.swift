/// What policies ask of contacts: what we released, and what others report that they delivered.
extension Judge {
    /// Reads them as they stand now, after a release too.
    @inline(__always) func readContacts() {
        guard areContactsKnown || facts.hasActs || !ours.isEmpty else { return }
        readKnownContacts()
    }

    @inline(never) private func readKnownContacts() {
        if facts.contacts.isEmpty && ours.isEmpty {
            guard areContactsKnown else { return }
            areContactsKnown = false
            for channel in 0..<4 { contactsByChannel[channel] = [] }
            contactDates = []
        } else {
            areContactsKnown = true
            for channel in Channel.allCases {
                contactsByChannel[Int(channel.rawValue)] = latestContacts(on: channel)
            }
            contactDates = (0..<4).flatMap { contactsByChannel[$0] }.sorted()
        }
        put(.contacts, Int64(contactDates.count))
        put(.contactsSinceLastOrder, Int64(ours.sinceLastOrder))
        put(.contactCost, ours.cost(policy.contacts.rules.costPerThousand))
    }

    /// The latest of those on a channel that use up limits, ascending.
    private func latestContacts(on channel: Channel) -> [Instant] {
        let reported = facts.contacts.filter { $0.channel == channel }.map(\.at)
        return Array((ours.sent(on: channel) + reported).sorted().suffix(OurContacts.countMax))
    }

    /// The first instant from this one on at which one more contact on the channel breaks no limit: the n-th latest
    /// contact, its window, and a millisecond, for windows are closed at both ends.
    func instantFreeOfLimits(on channel: Channel, from instant: Instant) -> Instant {
        var free = instant
        for limit in policy.contacts.rules.limits where limit.channel == nil || limit.channel == channel {
            let count = limit.channel == nil ? contactDates.count : contactsByChannel[Int(channel.rawValue)].count
            guard count >= limit.count else { continue }
            let nth =
                limit.channel == nil
                ? contactDates[count - limit.count] : contactsByChannel[Int(channel.rawValue)][count - limit.count]
            free = max(free, nth + limit.window + Milliseconds(1))
        }
        return free
    }
}
