extension Judge {
    /// The ids of what a literal counted, newest first, each once.
    func collectEvidence(
        _ node: Policy.Node, at instant: Instant, into evidence: inout [ChangeDescription.Evidence]
    ) {
        for quantity in [node.left, node.right] {
            guard let fact = quantity.fact else { continue }
            let window = node.kind == .window && node.window.count > 0 ? node.window : nil
            collectEvidence(of: fact, window: window, at: instant, into: &evidence)
        }
    }

    private func collectEvidence(
        of fact: Fact, window: Milliseconds?, at instant: Instant,
        into evidence: inout [ChangeDescription.Evidence]
    ) {
        let kind: ChangeDescription.EvidenceKind
        var counted: Fact
        var limit = Int.max
        var fromStart = false
        switch fact {
        case .orders, .revenue, .averageOrder, .usualGap, .cycle, .margin, .bought:
            (kind, counted) = (.order, .orders)
        case .undoneOrders, .discountedOrders: (kind, counted) = (.order, fact)
        case .lastOrder: (kind, counted, limit) = (.order, .orders, 1)
        case .silenceBeforeLastOrder: (kind, counted, limit) = (.order, .orders, 2)
        case .firstOrder: (kind, counted, limit, fromStart) = (.order, .orders, 1, true)
        case .timeToSecondOrder: (kind, counted, limit, fromStart) = (.order, .orders, 2, true)
        case .complaints, .openComplaints: (kind, counted) = (.complaint, .complaints)
        case .reviews: (kind, counted) = (.review, .reviews)
        case .lastReview: (kind, counted, limit) = (.review, .reviews, 1)
        case .identified, .firstSeen, .lastSeen, .knownSince, .profile, .birthday, .consentTo, .lastSurvey, .lastShare,
            .referrals:
            return
        }
        let count = itemCount(of: counted)
        var found = 0
        for step in 0..<count where found < limit {
            let index = fromStart ? step : count - 1 - step
            guard isIn(index, of: counted, at: instant, window: window), amount(index, of: counted) != 0 else {
                continue
            }
            if fact == .openComplaints, !facts.complaints[index].isOpen.value { continue }
            found += 1
            let item = ChangeDescription.Evidence(kind: kind, id: id(index, of: counted))
            if !evidence.contains(item) { evidence.append(item) }
        }
    }
}
