/// What we have released to a customer.
package struct OurContacts: Equatable, Sendable {
    /// So many are kept of each channel, the latest: no limit counts more.
    static let countMax = 8

    /// The instants of contacts that use up limits, by channel, ascending.
    private(set) var sent: [4 of [Instant]] = .init(repeating: [])
    /// How many messages were released on each channel, service included.
    package private(set) var released: [4 of UInt32] = .init(repeating: 0)
    /// Releases since a newer order came.
    package var sinceLastOrder: UInt32 = 0

    package init() {}

    package static func == (a: Self, b: Self) -> Bool {
        a.sinceLastOrder == b.sinceLastOrder
            && (0..<4).allSatisfy { a.sent[$0] == b.sent[$0] && a.released[$0] == b.released[$0] }
    }

    /// On all channels, service included.
    package var releasedCount: Int64 { (0..<4).reduce(0) { $0 + Int64(released[$1]) } }

    var isEmpty: Bool { (0..<4).allSatisfy { released[$0] == 0 } }

    mutating func release(on channel: Channel, at instant: Instant, usesLimits: Bool) {
        let place = Int(channel.rawValue)
        released[place] += 1
        sinceLastOrder += 1
        if usesLimits { insert(instant, place) }
    }

    private mutating func insert(_ instant: Instant, _ channel: Int) {
        let place = sent[channel].firstIndex { $0 > instant } ?? sent[channel].count
        sent[channel].insert(instant, at: place)
        if sent[channel].count > Self.countMax { sent[channel].removeFirst() }
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
            writer.writeVarint(UInt64(released[channel]) << 1 | (sent[channel].isEmpty ? 0 : 1))
            guard !sent[channel].isEmpty else { continue }
            writer.write(UInt8(sent[channel].count))
            for instant in sent[channel] { writer.write(instant) }
        }
    }

    init(unpacking reader: inout PackedReader) {
        sinceLastOrder = UInt32(reader.readVarint())
        for channel in 0..<4 {
            let count = reader.readVarint()
            released[channel] = UInt32(count >> 1)
            guard count & 1 == 1 else { continue }
            for _ in 0..<reader.readByte() { sent[channel].append(reader.readInstant()) }
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
