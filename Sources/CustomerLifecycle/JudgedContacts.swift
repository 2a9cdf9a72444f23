/// What policies ask of contacts: what we released, and what others report that they delivered.
extension Judge {
    /// Reads them as they stand now, after a release too.
    @inline(__always) func readContacts() {
        guard areContactsKnown || facts.hasActs || !ours.isEmpty else { return }
        countContacts()
    }

    @inline(never) private func countContacts() {
        areContactsKnown = !facts.contacts.isEmpty || !ours.isEmpty
        areContactsListed = false
        var count = 0
        if areContactsKnown {
            for channel in Channel.allCases {
                let reported = facts.contacts.isEmpty ? 0 : facts.contacts.count { $0.channel == channel }
                count += min(OurContacts.countMax, ours.sentCount(on: channel) + reported)
            }
        }
        put(.contacts, Int64(count))
        put(.contactsSinceLastOrder, Int64(ours.sinceLastOrder))
        put(.contactCost, ours.isEmpty ? 0 : ours.cost(policy.contacts.rules.costPerThousand))
    }

    /// The contacts that use up limits, ascending; listed when they are asked for: most looks need none.
    var contacts: ContactDates {
        if !areContactsListed { listContacts() }
        return listedContacts
    }

    @inline(never) private func listContacts() {
        areContactsListed = true
        listedContacts = ContactDates()
        guard areContactsKnown else { return }
        for channel in Channel.allCases {
            listedContacts.byChannel[Int(channel.rawValue)] = latestContacts(on: channel)
        }
        listedContacts.all = (0..<4).flatMap { listedContacts.byChannel[$0] }.sorted()
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
        guard areContactsKnown else { return free }
        let contacts = contacts
        for limit in policy.contacts.rules.limits where limit.channel == nil || limit.channel == channel {
            let dates = limit.channel == nil ? contacts.all : contacts.byChannel[Int(channel.rawValue)]
            guard dates.count >= limit.count else { continue }
            free = max(free, dates[dates.count - limit.count] + limit.window + Milliseconds(1))
        }
        return free
    }
}

/// When a customer was contacted: what uses up limits, ascending.
struct ContactDates {
    var byChannel: [4 of [Instant]] = .init(repeating: [])
    var all: [Instant] = []
}
