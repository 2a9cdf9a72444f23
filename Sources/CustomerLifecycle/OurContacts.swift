/// What we have released to a customer.
package struct OurContacts: Equatable, Sendable {
    /// So many are kept of each channel, the latest: no limit counts more.
    static let countMax = 8

    /// A contact that uses up limits.
    private struct Sent: Equatable, Sendable {
        let channel: Channel
        let at: Instant
    }

    /// By (channel, instant). One list, which is cheap to hand on where it is empty, as for most.
    private var sent: [Sent] = []
    /// How many messages were released on each channel, service included.
    package private(set) var released: [4 of UInt32] = .init(repeating: 0)
    /// Releases since a newer order came.
    package var sinceLastOrder: UInt32 = 0

    package init() {}

    package static func == (a: Self, b: Self) -> Bool {
        a.sinceLastOrder == b.sinceLastOrder && a.sent == b.sent
            && (0..<4).allSatisfy { a.released[$0] == b.released[$0] }
    }

    /// On all channels, service included.
    package var releasedCount: Int64 { (0..<4).reduce(0) { $0 + Int64(released[$1]) } }

    @inline(__always) var isEmpty: Bool { released[0] | released[1] | released[2] | released[3] == 0 }

    func sent(on channel: Channel) -> [Instant] { sent.filter { $0.channel == channel }.map(\.at) }

    mutating func release(on channel: Channel, at instant: Instant, usesLimits: Bool) {
        let place = Int(channel.rawValue)
        released[place] += 1
        sinceLastOrder += 1
        if usesLimits { insert(Sent(channel: channel, at: instant)) }
    }

    private mutating func insert(_ contact: Sent) {
        let key = (contact.channel.rawValue, contact.at)
        sent.insert(contact, at: sent.firstIndex { key < ($0.channel.rawValue, $0.at) } ?? sent.count)
        guard sent.count(where: { $0.channel == contact.channel }) > Self.countMax,
            let oldest = sent.firstIndex(where: { $0.channel == contact.channel })
        else { return }
        sent.remove(at: oldest)
    }

    /// What the messages cost, in minor units.
    func cost(_ costPerThousand: [Channel: Int64]) -> Int64 {
        var thousandfold: Int64 = 0
        for (channel, cost) in costPerThousand {
            thousandfold = thousandfold.addingClamped(
                cost.multipliedClamped(by: Int64(released[Int(channel.rawValue)])))
        }
        return thousandfold / 1_000
    }

    // MARK: Packing

    func pack(into writer: inout PackedWriter) {
        writer.writeVarint(UInt64(sinceLastOrder))
        for channel in 0..<4 {
            let own = sent.filter { $0.channel.rawValue == UInt8(channel) }
            writer.writeVarint(UInt64(released[channel]) << 1 | (own.isEmpty ? 0 : 1))
            guard !own.isEmpty else { continue }
            writer.write(UInt8(own.count))
            for contact in own { writer.write(contact.at) }
        }
    }

    init(unpacking reader: inout PackedReader) {
        sinceLastOrder = UInt32(reader.readVarint())
        for channel in Channel.allCases {
            let count = reader.readVarint()
            released[Int(channel.rawValue)] = UInt32(count >> 1)
            guard count & 1 == 1 else { continue }
            for _ in 0..<reader.readByte() { sent.append(Sent(channel: channel, at: reader.readInstant())) }
        }
    }
}

extension Int64 {
    /// The product, or the largest number there is; of numbers that are not negative.
    fileprivate func multipliedClamped(by other: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }

    fileprivate func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
