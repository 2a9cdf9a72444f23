/// What a policy says of facts at an instant.
package struct Standing: Equatable, Sendable {
    /// Index of the first rule that holds, or what stands in its place (`Policy.isOverriding`).
    package let rule: Int
    /// The next instant at which time alone could change the standing; always later than the instant judged at.
    package let reviewAt: Instant
}

extension Judge {
    /// Judges: the first rule that holds decides. Pure, total, and without a clock.
    ///
    /// Every condition gives a value and a watermark until which that value stands while the facts stand still; the
    /// review date is the least watermark of the rules up to the deciding one, because later rules cannot matter.
    package func evaluate(at instant: Instant) -> Standing {
        if facts.hasActs, let standing = overriding(at: instant) { return standing }
        var reviewAt = Instant.never
        for rule in policy.rules.indices {
            guard let condition = policy.rules[rule].condition else {
                return standing(rule, reviewAt, at: instant)
            }
            let verdict = verdict(condition, at: instant)
            reviewAt = min(reviewAt, verdict.until)
            if verdict.holds { return standing(rule, reviewAt, at: instant) }
        }
        preconditionFailure("The compiler lets no policy pass whose last rule is not `otherwise`.")
    }

    /// Judges the segments of somebody who stands as `stand` has said: those that hold, a bit each by their places in
    /// the policy, and until when time alone changes none of them.
    @inline(__always) package func segments(at instant: Instant) -> (members: UInt64, until: Instant) {
        var members: UInt64 = 0
        var until = Instant.never
        for place in policy.segmentConditions.indices {
            let verdict = verdict(policy.segmentConditions[place], at: instant)
            if verdict.holds { members |= 1 << UInt64(place) }
            until = min(until, verdict.until)
        }
        return (members, until)
    }

    private func standing(_ rule: Int, _ reviewAt: Instant, at instant: Instant) -> Standing {
        precondition(reviewAt > instant, "A review that is already due would be queued for ever.")
        return Standing(rule: rule, reviewAt: reviewAt)
    }
}

/// One verdict: the value of a condition, and until when that stands by itself.
typealias Verdict = (holds: Bool, until: Instant)

extension Judge {
    /// `until` > instant, and `holds` is constant on [instant, until) while the facts stand still.
    @inline(__always) func verdict(_ index: Int, at instant: Instant) -> Verdict {
        let test = policy.tests[index]
        switch test.kind {
        case .all: return combine(index, deciding: false, at: instant)
        case .any: return combine(index, deciding: true, at: instant)
        case .since:
            let since = self[test.fact]
            guard since != Self.unknown else { return (false, .never) }
            return passed(Instant(milliseconds: since &+ test.limit), wantsAfter: test.isPositive, at: instant)
        case .compare:
            let value = self[test.fact]
            return (value != Self.unknown && test.comparison.holds(value, test.limit), .never)
        case .boundedWindow:
            let total = self[test.fact]
            guard total < test.limit else { return nodeVerdict(index, at: instant) }
            return (test.comparison.holds(total, test.limit), .never)
        case .node: return nodeVerdict(index, at: instant)
        }
    }

    /// Returns the verdict on a time that has passed at `edge`.
    @inline(__always) private func passed(_ edge: Instant, wantsAfter: Bool, at instant: Instant) -> Verdict {
        let isAfter = instant >= edge
        return (isAfter == wantsAfter, isAfter ? .never : edge)
    }

    /// `all` is decided by any false child, `any` by any true one. While one child decides, the last of the deciding
    /// ones to flip ends it; while none does, the first child to flip.
    private func combine(_ index: Int, deciding: Bool, at instant: Instant) -> Verdict {
        var child = index + 1
        var isDecided = false
        var undecidedUntil = Instant.never
        var decidedUntil = Instant.distantPast
        let end = Int(policy.tests[index].end)
        while child < end {
            let verdict = verdict(child, at: instant)
            if verdict.holds == deciding {
                isDecided = true
                decidedUntil = max(decidedUntil, verdict.until)
                if decidedUntil == .never { break }
            } else {
                undecidedUntil = min(undecidedUntil, verdict.until)
            }
            child = Int(policy.tests[child].end)
        }
        return isDecided ? (deciding, decidedUntil) : (!deciding, undecidedUntil)
    }

    // MARK: What is not prepared

    @inline(never) private func nodeVerdict(_ index: Int, at instant: Instant) -> Verdict {
        // By index, not as a value: a node is large, and each kind reads little of it.
        switch policy.nodes[index].kind {
        case .all, .any: preconditionFailure("All of these are prepared.")
        case .constant: return (policy.nodes[index].isPositive, .never)
        case .clock:
            guard let fact = policy.nodes[index].left.fact, let since = self.instant(of: fact),
                let limit = value(policy.nodes[index].right)
            else { return (false, .never) }
            let comparison = policy.nodes[index].comparison
            let edge = since + Milliseconds(limit) + Milliseconds(comparison.isExclusive ? 1 : 0)
            return passed(edge, wantsAfter: comparison.wantsAfter, at: instant)
        case .window: return window(index, at: instant)
        case .compare:
            guard let left = value(policy.nodes[index].left),
                let right = value(policy.nodes[index].right)
            else { return (false, .never) }
            return (policy.nodes[index].comparison.holds(left, right), .never)
        case .flag: return flag(index, at: instant)
        case .has:
            guard let fact = policy.nodes[index].left.fact else { return (false, .never) }
            // Of what is unknown neither is true.
            return (has(policy.nodes[index].operand, in: fact) == policy.nodes[index].isPositive, .never)
        case .known:
            guard let fact = policy.nodes[index].left.fact else { return (false, .never) }
            return (isKnown(fact) == policy.nodes[index].isPositive, .never)
        case .segment:
            // As with the stage: what ends it is due as the review of the segments.
            return ((members >> policy.nodes[index].operand & 1 == 1) == policy.nodes[index].isPositive, .never)
        case .stage:
            // Time alone may end it, which is due as the review of the stage.
            return ((policy.nodes[index].operand >> stage & 1 == 1) == policy.nodes[index].isPositive, .never)
        }
    }

    private func window(_ index: Int, at instant: Instant) -> Verdict {
        guard let fact = policy.nodes[index].left.fact, let limit = value(policy.nodes[index].right) else {
            return (false, .never)
        }
        let window = policy.nodes[index].window.count > 0 ? policy.nodes[index].window : nil
        return compare(fact, policy.nodes[index].comparison, with: limit, at: instant, window: window)
    }

    private func flag(_ index: Int, at instant: Instant) -> Verdict {
        let isPositive = policy.nodes[index].isPositive
        switch policy.nodes[index].left.fact {
        case .identified:
            return (facts.isIdentified == isPositive, .never)
        case .consentTo:
            let consent = consent(policy.nodes[index].operand, at: instant)
            return (consent.holds == isPositive, consent.until)
        case .reachableBy:
            let channel = Channel(rawValue: UInt8(truncatingIfNeeded: policy.nodes[index].operand))
            return (channel.map { isReachable(by: $0) } == isPositive, .never)
        case .newAtSignup: return (facts.isNewAtSignup == isPositive, .never)
        case .bounced: return bounced(isPositive, at: instant)
        case .deliveryOverdue: return overdue(isPositive, at: instant)
        case .referred: return (!isPositive, .never)
        case nil, .firstSeen, .lastSeen, .knownSince, .profile, .birthday, .orders, .undoneOrders, .discountedOrders,
            .revenue, .averageOrder, .firstOrder, .lastOrder, .silenceBeforeLastOrder, .usualGap, .timeToSecondOrder,
            .bought, .cycle, .margin, .complaints, .openComplaints, .lastSurvey, .lastReview, .reviews, .lastShare,
            .source, .lastVisit, .cartItems, .cartValue, .cartTouched, .lateDeliveries, .lastDelivery,
            .acquisitionCost, .friendsInvited, .referrals, .contacts, .contactsSinceLastOrder, .contactCost,
            .rewardsGranted, .totalCost, .netValue, .stageEntered:
            return (false, .never)
        }
    }

    /// Of who never visited neither is true.
    private func bounced(_ isPositive: Bool, at instant: Instant) -> Verdict {
        guard facts.visits.latest != .distantPast else { return (false, .never) }
        guard let edge = facts.visits.bounce else { return (!isPositive, .never) }
        return passed(edge, wantsAfter: isPositive, at: instant)
    }

    private func overdue(_ isPositive: Bool, at instant: Instant) -> Verdict {
        guard let first = deliveries.overdue.first else { return (!isPositive, .never) }
        return passed(first, wantsAfter: isPositive, at: instant)
    }

    /// `operand` is channel × 64 + purpose; channel 255 is any of them.
    private func consent(_ operand: Int64, at instant: Instant) -> Verdict {
        let purpose = policy.purposes[Int(operand % 64)]
        if let channel = Channel(rawValue: UInt8(truncatingIfNeeded: operand / 64)) {
            let consent = consent(to: purpose, on: channel, at: instant)
            return (consent.stands, consent.until)
        }
        var until = Instant.distantPast
        for channel in Channel.allCases {
            let consent = consent(to: purpose, on: channel, at: instant)
            if consent.stands { until = max(until, consent.until) }
        }
        return until > instant ? (true, until) : (false, .never)
    }

    /// A quantity that stands still between events; nil if unknown.
    func value(_ quantity: Quantity) -> Int64? {
        var value = quantity.constant
        if let fact = quantity.fact {
            guard let known = self.value(of: fact) else { return nil }
            value = known
        }
        for step in quantity.steps { value = policy.steps[step].applied(to: value) }
        return value
    }
}

extension Quantity.Step {
    /// Saturates: a product of a hostile amount and a factor is as large as can be, never a trap.
    package func applied(to value: Int64) -> Int64 {
        switch self {
        case .times(let hundredths):
            let (product, overflow) = value.multipliedReportingOverflow(by: hundredths)
            guard overflow else { return product / 100 }
            return (value < 0) == (hundredths < 0) ? 1 << 62 : -(1 << 62)
        case .atLeast(let least): return max(value, least)
        case .atMost(let most): return min(value, most)
        }
    }
}
