extension Judge {
    /// Adds what a literal counted, newest first, each once: the ids of the first, and how many there are.
    func collectEvidence(
        _ index: Int, at instant: Instant, _ counted: inout CountedItems, into description: inout ChangeDescription
    ) {
        let isWindow = policy.nodes[index].kind == .window && policy.nodes[index].window.count > 0
        let window = isWindow ? policy.nodes[index].window : nil
        for fact in [policy.nodes[index].left.fact, policy.nodes[index].right.fact] {
            guard let source = fact?.traits.evidence, let kind = source.counted.traits.window else { continue }
            collectEvidence(source, kind, window: window, at: instant, &counted, into: &description)
        }
    }

    private func collectEvidence(
        _ source: EvidenceSource, _ kind: DatedItem, window: Milliseconds?, at instant: Instant,
        _ counted: inout CountedItems, into description: inout ChangeDescription
    ) {
        let count = itemCount(of: kind)
        var found = 0
        for step in 0..<count where found < source.limit {
            let place = source.isFromStart ? step : count - 1 - step
            guard isIn(place, of: kind, at: instant, window: window),
                amount(place, of: source.counted) != 0
            else { continue }
            if source.isOpenOnly, !isOpen(place, of: kind) { continue }
            if source.isLatestOnly, place != facts.latestReview { continue }
            found += 1
            guard counted.insert(numbered(place, of: kind), of: kind.evidence) else { continue }
            description.evidenceCount += 1
            guard description.evidence.count < ChangeDescription.evidenceCountMax else { continue }
            description.evidence.append(
                ChangeDescription.Evidence(kind: kind.evidence, id: id(place, of: kind)))
        }
    }

    private func isOpen(_ place: Int, of kind: DatedItem) -> Bool {
        switch kind {
        case .complaint: facts.complaints[place].isOpen.value
        case .lateDelivery: facts.orders.delivery(at: deliveries.late[place].order)?.delivered == .never
        case .order, .review, .contact: true
        }
    }

    /// Its place among what it is named as.
    private func numbered(_ place: Int, of kind: DatedItem) -> Int {
        kind == .lateDelivery ? deliveries.late[place].order : place
    }
}

/// The items that were counted already, by their places among the subject's orders, complaints and reviews: two
/// literals often count the same ones.
struct CountedItems {
    private static let wordCount = Facts.entryCountMax / UInt64.bitWidth
    private var words = [24 of UInt64](repeating: 0)

    /// Returns whether it is new.
    mutating func insert(_ place: Int, of kind: ChangeDescription.EvidenceKind) -> Bool {
        let word = Int(kind.rawValue) * Self.wordCount + place / UInt64.bitWidth
        let bit = UInt64(1) << UInt64(place % UInt64.bitWidth)
        defer { words[word] |= bit }
        return words[word] & bit == 0
    }
}
