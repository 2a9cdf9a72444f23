extension Judge {
    /// Adds what a literal counted, newest first, each once: the ids of the first, and how many there are.
    func collectEvidence(
        _ index: Int, at instant: Instant, _ counted: inout CountedItems, into description: inout ChangeDescription
    ) {
        let isWindow = policy.nodes[index].kind == .window && policy.nodes[index].window.count > 0
        let window = isWindow ? policy.nodes[index].window : nil
        for fact in [policy.nodes[index].left.fact, policy.nodes[index].right.fact] {
            guard let fact, let source = EvidenceSource(of: fact) else { continue }
            collectEvidence(source, window: window, at: instant, &counted, into: &description)
        }
    }

    private func collectEvidence(
        _ source: EvidenceSource, window: Milliseconds?, at instant: Instant, _ counted: inout CountedItems,
        into description: inout ChangeDescription
    ) {
        let count = itemCount(of: source.counted)
        var found = 0
        for step in 0..<count where found < source.limit {
            let place = source.isFromStart ? step : count - 1 - step
            guard isIn(place, of: source.counted, at: instant, window: window),
                amount(place, of: source.counted) != 0
            else { continue }
            if source.isOpenOnly, !facts.complaints[place].isOpen.value { continue }
            found += 1
            guard counted.insert(place, of: source.kind) else { continue }
            description.evidenceCount += 1
            guard description.evidence.count < ChangeDescription.evidenceCountMax else { continue }
            description.evidence.append(
                ChangeDescription.Evidence(kind: source.kind, id: id(place, of: source.counted)))
        }
    }
}

/// Which items stand behind a fact.
private struct EvidenceSource {
    let kind: ChangeDescription.EvidenceKind
    /// The fact whose dated items they are.
    let counted: Fact
    var limit = Int.max
    var isFromStart = false
    var isOpenOnly = false

    /// Nil for a fact that counts nothing of the shop's.
    init?(of fact: Fact) {
        switch fact {
        case .orders, .revenue, .averageOrder, .usualGap, .cycle, .margin, .bought:
            (kind, counted) = (.order, .orders)
        case .undoneOrders, .discountedOrders: (kind, counted) = (.order, fact)
        case .lastOrder: (kind, counted, limit) = (.order, .orders, 1)
        case .silenceBeforeLastOrder: (kind, counted, limit) = (.order, .orders, 2)
        case .firstOrder: (kind, counted, limit, isFromStart) = (.order, .orders, 1, true)
        case .timeToSecondOrder: (kind, counted, limit, isFromStart) = (.order, .orders, 2, true)
        case .complaints: (kind, counted) = (.complaint, .complaints)
        case .openComplaints: (kind, counted, isOpenOnly) = (.complaint, .complaints, true)
        case .reviews: (kind, counted) = (.review, .reviews)
        case .lastReview: (kind, counted, limit) = (.review, .reviews, 1)
        case .identified, .firstSeen, .lastSeen, .knownSince, .profile, .birthday, .consentTo, .lastSurvey, .lastShare,
            .referrals:
            return nil
        }
    }
}

/// The items that were counted already, by their places among the subject's orders, complaints and reviews: two
/// literals often count the same ones.
struct CountedItems {
    private static let wordCount = Facts.entryCountMax / UInt64.bitWidth
    private var words = [24 of UInt64](repeating: 0)

    /// Says whether it is new.
    mutating func insert(_ place: Int, of kind: ChangeDescription.EvidenceKind) -> Bool {
        let word = Int(kind.rawValue) * Self.wordCount + place / UInt64.bitWidth
        let bit = UInt64(1) << UInt64(place % UInt64.bitWidth)
        defer { words[word] |= bit }
        return words[word] & bit == 0
    }
}
