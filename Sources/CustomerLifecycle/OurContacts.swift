/// What we have released to a customer.
package struct OurContacts: Equatable, Sendable {
    /// So many are kept of each channel, the latest: no limit counts more.
    static let countMax = 8

    /// The instants of those that use up limits, by channel, ascending; the first of each `sentCounts` count. In
    /// place: lists would be made anew with every customer.
    private var sent: [4 of [8 of Instant]] = .init(repeating: .init(repeating: .distantPast))
    private var sentCounts: [4 of UInt8] = .init(repeating: 0)
    /// How many messages were released on each channel, service included.
    package private(set) var released: [4 of UInt32] = .init(repeating: 0)
    /// Releases since a newer order came.
    package var sinceLastOrder: UInt32 = 0

    package init() {}

    package static func == (a: Self, b: Self) -> Bool {
        guard a.sinceLastOrder == b.sinceLastOrder else { return false }
        return Channel.allCases.allSatisfy { channel in
            let place = Int(channel.rawValue)
            return a.released[place] == b.released[place] && a.sentCounts[place] == b.sentCounts[place]
                && (0..<a.sentCount(on: channel)).allSatisfy { a.sent[place][$0] == b.sent[place][$0] }
        }
    }

    /// On all channels, service included.
    package var releasedCount: Int64 { (0..<4).reduce(0) { $0 + Int64(released[$1]) } }

    @inline(__always) var isEmpty: Bool { released[0] | released[1] | released[2] | released[3] == 0 }

    func sentCount(on channel: Channel) -> Int { Int(sentCounts[Int(channel.rawValue)]) }

    func sent(on channel: Channel) -> [Instant] {
        (0..<sentCount(on: channel)).map { sent[Int(channel.rawValue)][$0] }
    }

    mutating func removeAll() {
        guard !isEmpty || sinceLastOrder > 0 else { return }
        sentCounts = .init(repeating: 0)
        released = .init(repeating: 0)
        sinceLastOrder = 0
    }

    mutating func release(on channel: Channel, at instant: Instant, usesLimits: Bool) {
        let place = Int(channel.rawValue)
        released[place] += 1
        sinceLastOrder += 1
        if usesLimits { insert(instant, place) }
    }

    private mutating func insert(_ instant: Instant, _ channel: Int) {
        var count = Int(sentCounts[channel])
        if count == Self.countMax {
            guard instant >= sent[channel][0] else { return }
            for place in 1..<count { sent[channel][place - 1] = sent[channel][place] }
            count -= 1
        }
        var place = count
        while place > 0, sent[channel][place - 1] > instant {
            sent[channel][place] = sent[channel][place - 1]
            place -= 1
        }
        sent[channel][place] = instant
        sentCounts[channel] = UInt8(count + 1)
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

    /// More bytes than it takes.
    static let packedByteCountMax = 10 + 4 * (10 + 1 + countMax * 8)

    func pack(into writer: inout PackedCursor) {
        writer.writeVarint(UInt64(sinceLastOrder))
        for channel in 0..<4 {
            let count = sentCounts[channel]
            writer.writeVarint(UInt64(released[channel]) << 1 | (count == 0 ? 0 : 1))
            guard count > 0 else { continue }
            writer.write(count)
            for place in 0..<Int(count) { writer.write(sent[channel][place]) }
        }
    }

    /// Of one that holds nothing.
    mutating func unpack(from reader: inout PackedReader) {
        sinceLastOrder = UInt32(reader.readVarint())
        for channel in 0..<4 {
            let count = reader.readVarint()
            released[channel] = UInt32(count >> 1)
            guard count & 1 == 1 else { continue }
            sentCounts[channel] = reader.readByte()
            for place in 0..<Int(sentCounts[channel]) { sent[channel][place] = reader.readInstant() }
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
