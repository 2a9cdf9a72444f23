/// One undecided step of the subject under way, wherever it stands now: no two occurrences of an action have one key.
struct StepName: Hashable {
    let action: Int
    let key: BusinessID
    let step: Int
}

extension Partition {
    /// A tick that comes later than so long after a step's instant judges it late; an act that is older than that does
    /// not count as one of now.
    static let lateness = Milliseconds.minutes(5)

    /// Looks at starts, at conditions and at what may be decided, for the subject under way.
    mutating func judgeActions(
        at instant: Instant, _ moves: StandingMoves, cause: Cause, in record: RecordContext, into outcome: inout Outcome
    ) {
        if actionLook.isImport, current.said.actions.live.isEmpty {
            current.said.hasUnseenStarts = true
            // Whoever was imported may see no event again until then.
            current.reviewAt = min(current.reviewAt, startAhead(at: instant))
            return
        }
        if let learned = actionLook.learned { current.said.actions.forget(before: learned) }
        let count = current.said.actions.live.count
        let before = actionLook.appended == nil ? [] : current.said.actions.live.map { ($0.action, $0.key) }
        let ahead = beginOccurrences(at: instant, moves, actionLook)
        if actionLook.acts, !current.said.actions.live.isEmpty {
            cancelWithdrawn(at: instant, in: record, into: &outcome)
            cancelEnded(at: instant, in: record, into: &outcome)
            ripen(at: instant, freed: actionLook.freed)
            if let appended = actionLook.appended, current.said.actions.live.count + before.count > count {
                decideOwn(besides: before, appended: appended, in: record, into: &outcome)
            }
        }
        // Nothing was decided by most looks, and then there is nothing that another one could find.
        if hasDecided { lookAgain(at: instant, cause: cause, in: record, into: &outcome) }
        current.reviewAt = min(current.reviewAt, ahead)
        if !current.said.actions.live.isEmpty {
            current.reviewAt = min(current.reviewAt, actionHorizon(at: instant))
        }
    }

    /// Releases may have changed our effort: the segments, each condition and what is held back are looked at again.
    /// Nothing else changes them at an instant at which they were looked at.
    mutating func lookAgain(
        at instant: Instant, cause: Cause, in record: RecordContext, into outcome: inout Outcome
    ) {
        defer {
            hasReleased = false
            hasDecided = false
        }
        if hasReleased, !judge.policy.effortSegments.isEmpty {
            _ = judgeSegments(at: instant, cause: cause, in: record, into: &outcome)
        }
        guard actionLook.acts, !current.said.actions.live.isEmpty else { return }
        cancelEnded(at: instant, in: record, into: &outcome)
        holdAgain(at: instant)
        ripen(at: instant, freed: nil)
    }

    private mutating func holdAgain(at instant: Instant) {
        for place in current.said.actions.live.indices {
            for index in current.said.actions.live[place].steps.indices {
                let pending = current.said.actions.live[place].steps[index]
                guard pending.ripe == nil, pending.planned <= instant, instant <= pending.deadline,
                    pending.due > instant, let (action, step) = known(place, index)
                else { continue }
                _ = hold(place, index, action, step, at: instant)
            }
        }
    }

    /// When time alone may end a condition, or a step has to be looked at.
    mutating func actionHorizon(at instant: Instant) -> Instant {
        var until = Instant.never
        for occurrence in current.said.actions.live {
            if let action = places.action(occurrence.action),
                let condition = plan.actions[action].condition
            {
                until = min(until, judge.verdict(condition, at: instant).until)
            }
            // What has come waits for a tick; what was passed over, for whoever looks again.
            for step in occurrence.steps where step.ripe == nil && step.due > instant { until = min(until, step.due) }
        }
        return until
    }

    /// An action, and one of its steps, that an occurrence under way is of; nil where the policy has it not.
    private func known(_ place: Int, _ index: Int) -> (action: Policy.Action, step: Policy.Action.Step)? {
        guard let action = places.action(current.said.actions.live[place].action),
            let step = places.actions[action].steps.firstIndex(of: current.said.actions.live[place].steps[index].word)
        else { return nil }
        let known = plan.actions[action]
        return (known, known.steps[step])
    }

    // MARK: What could be decided

    /// Notes of each step whether it could be decided by `instant`, and from when on; of the others, when to look next.
    /// A step that a record sets free is free from that record's counted time on.
    private mutating func ripen(at instant: Instant, freed: Instant?) {
        for place in current.said.actions.live.indices {
            for index in current.said.actions.live[place].steps.indices {
                let pending = current.said.actions.live[place].steps[index]
                guard pending.ripe == nil, pending.isDead || pending.planned <= instant,
                    let (action, step) = known(place, index)
                else { continue }
                let ripe =
                    pending.isDead ? instant : firstFree(place, index, action, step, by: instant, freed: freed)
                current.said.actions.live[place].steps[index].ripe = ripe
            }
        }
    }

    /// The first instant at which a step whose time has come could be decided; nil: it is held back beyond `instant`.
    private mutating func firstFree(
        _ place: Int, _ index: Int, _ action: Policy.Action, _ step: Policy.Action.Step, by instant: Instant,
        freed: Instant?
    ) -> Instant? {
        let pending = current.said.actions.live[place].steps[index]
        if pending.due > instant, verdict(place, index, action, step, at: instant) != nil {
            return max(pending.planned, freed ?? instant)
        }
        while current.said.actions.live[place].steps[index].due <= instant {
            let due = current.said.actions.live[place].steps[index].due
            if verdict(place, index, action, step, at: due) != nil { return due }
        }
        return nil
    }

    /// The guards in their order, but for the condition and the variant. Nil: something holds the step back, and its
    /// next date is set.
    mutating func verdict(
        _ place: Int, _ index: Int, _ action: Policy.Action, _ step: Policy.Action.Step, at instant: Instant
    ) -> StepVerdict? {
        if let channel = step.channel {
            if let purpose = step.consentedPurpose,
                !judge.consent(to: judge.policy.purposes[purpose], on: channel, at: instant).stands
            {
                return .suppressed(.noConsent)
            }
            guard judge.isReachable(by: channel) else { return .suppressed(.unreachable) }
        }
        let pending = current.said.actions.live[place].steps[index]
        guard instant <= pending.deadline else { return .suppressed(pending.held ?? .tooLate) }
        guard !hold(place, index, action, step, at: instant) else { return nil }
        current.said.actions.live[place].steps[index].held = nil
        return .due
    }

    /// Whether limits, quiet hours or a pause hold a step back; then it is set when to look next, and what holds it at
    /// its deadline if nothing changes.
    private mutating func hold(
        _ place: Int, _ index: Int, _ action: Policy.Action, _ step: Policy.Action.Step, at instant: Instant
    ) -> Bool {
        guard let channel = step.channel else { return false }
        let pending = current.said.actions.live[place].steps[index]
        let rules = plan.rules
        let free = step.consentedPurpose == nil ? instant : judge.instantFreeOfLimits(on: channel, from: instant)
        let isQuiet = isQuiet(pending, action, step, at: instant)
        let pause = step.consentedPurpose == nil ? nil : rules.pause.map { judge.verdict($0, at: instant) }
        let isPaused = pause?.holds ?? false
        guard free > instant || isQuiet || isPaused else { return false }
        var due = pending.deadline + Milliseconds(1)
        if isPaused {
            due = min(due, pause?.until ?? .never)
        } else {
            let quietEnd =
                isQuiet ? rules.quietHours.map { zoneNow.end(of: $0, from: instant) } ?? instant : instant
            due = min(due, max(quietEnd, free))
        }
        if let purpose = step.consentedPurpose {
            let consent = judge.consent(to: judge.policy.purposes[purpose], on: channel, at: instant)
            due = min(due, consent.until)
        }
        current.said.actions.live[place].steps[index].due = due
        let held: ActionOutcome.Reason? =
            if free > pending.deadline {
                .frequency
            } else if self.isQuiet(pending, action, step, at: pending.deadline) {
                .quietHours
            } else if step.consentedPurpose != nil,
                rules.pause.map({ judge.verdict($0, at: pending.deadline).holds }) == true
            {
                .paused
            } else {
                nil
            }
        current.said.actions.live[place].steps[index].held = held
        return true
    }

    var zoneNow: ZoneTable { plan.zone(clocks) }

    /// Whether quiet hours hold a step back. Exempt is service, and what comes at once after the customer's own act, up
    /// to five minutes after it; but nobody who is judged late.
    private mutating func isQuiet(
        _ pending: PendingStep, _ action: Policy.Action, _ step: Policy.Action.Step, at instant: Instant
    ) -> Bool {
        guard let hours = plan.rules.quietHours, step.channel != nil else { return false }
        let isAnswer =
            step.moment == .atOnce && Occurrence.Kind(action.start).isOwnAct
            && instant <= pending.planned + Self.lateness
        if !pending.isLate, step.consentedPurpose == nil || isAnswer { return false }
        return hours.contain(instant, in: zoneNow)
    }

    // MARK: What ends by itself

    /// Cancels the steps that the policy in force has not any more.
    private mutating func cancelWithdrawn(
        at instant: Instant, in record: RecordContext, into outcome: inout Outcome
    ) {
        let hasWithdrawn = current.said.actions.live.contains { occurrence in
            guard let action = places.action(occurrence.action) else { return true }
            return !occurrence.steps.allSatisfy { places.actions[action].steps.contains($0.word) }
        }
        guard hasWithdrawn else { return }
        for name in stepsInOrder() {
            if let action = places.action(name.action), places.actions[action].steps.contains(name.step) { continue }
            end(name, .cancelled, .policy, at: instant, in: record, into: &outcome)
        }
    }

    /// Cancels the occurrences whose condition does not hold, or whose cause has ended.
    private mutating func cancelEnded(at instant: Instant, in record: RecordContext, into outcome: inout Outcome) {
        var ended: [(action: Int, key: BusinessID)] = []
        for place in current.said.actions.live.indices where !holds(place, at: instant) {
            ended.append((current.said.actions.live[place].action, current.said.actions.live[place].key))
        }
        guard !ended.isEmpty else { return }
        for name in stepsInOrder() where ended.contains(where: { $0.action == name.action && $0.key == name.key }) {
            end(name, .cancelled, .condition, at: instant, in: record, into: &outcome)
        }
    }

    /// Whether the condition of an occurrence holds, and its cause is there: an order that is kept, and if it was
    /// overdue, has not come.
    mutating func holds(_ place: Int, at instant: Instant) -> Bool {
        let kind = current.said.actions.live[place].kind
        if kind.isOfOrder {
            let orders = judge.facts.orders
            guard let order = orders.place(of: current.said.actions.live[place].key), orders.isKept(at: order) else {
                return false
            }
            if kind == .eachOverdueDelivery, orders.delivery(at: order).map({ $0.delivered != .never }) == true {
                return false
            }
        }
        guard let action = places.action(current.said.actions.live[place].action),
            let condition = plan.actions[action].condition
        else { return true }
        return judge.verdict(condition, at: instant).holds
    }
}

/// What the guards say of a step that nothing holds back.
enum StepVerdict: Equatable {
    case due
    case suppressed(ActionOutcome.Reason)
}

extension Policy.Action.Step {
    /// The purpose that needs consent, by its place among the policy's; nil of service and tasks.
    var consentedPurpose: Int? { if case .consented(let purpose) = purpose { purpose } else { nil } }
}
