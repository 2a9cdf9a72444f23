/// A message that somebody else's system delivered to a customer: it counts in limits as ours do, and costs us nothing.
package struct ReportedContact: Equatable, Sendable {
    /// So many are kept of each channel, the latest: no limit counts more.
    package static let countMax = 8

    package let channel: Channel
    /// The message's id, else that of the event that reports it.
    package let message: BusinessID
    /// By its latest report.
    package var at: Instant
}

extension Facts {
    /// A message that is reported twice is one. They stand in the order of (channel, time, message).
    mutating func insert(_ added: ReportedContact) {
        var contact = added
        if let place = contacts.firstIndex(where: { $0.channel == added.channel && $0.message == added.message }) {
            contact.at = max(contact.at, contacts.remove(at: place).at)
        }
        func precedes(_ a: ReportedContact, _ b: ReportedContact) -> Bool {
            guard a.channel == b.channel else { return a.channel.rawValue < b.channel.rawValue }
            return (a.at, a.message) < (b.at, b.message)
        }
        contacts.insert(contact, at: contacts.firstIndex { precedes(contact, $0) } ?? contacts.count)
        guard contacts.count(where: { $0.channel == added.channel }) > ReportedContact.countMax,
            let oldest = contacts.firstIndex(where: { $0.channel == added.channel })
        else { return }
        contacts.remove(at: oldest)
    }
}
