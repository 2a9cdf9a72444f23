import CustomerLifecycle

/// What ends, what could be decided, and what a tick decides.
extension NaiveActor {
    struct Ref: Hashable {
        let action: String
        let key: String
        let step: String
    }

    private func place(_ ref: Ref) -> (occurrence: Int, step: Int)? {
        guard let place = actions.live.firstIndex(where: { $0.action == ref.action && $0.key == ref.key }),
            let step = actions.live[place].steps.firstIndex(where: { $0.name == ref.step })
        else { return nil }
        return (place, step)
    }

    private func known(_ ref: Ref) -> (action: Policy.Action, step: Policy.Action.Step)? {
        guard let action = action(ref.action), let step = action.steps.first(where: { $0.name == ref.step }) else {
            return nil
        }
        return (action, step)
    }

    /// In the order in which they compete.
    var order: [Ref] {
        typealias Rank = (action: Int, planned: Instant, step: Int, began: Instant, ref: Ref)
        let ranks = actions.live.flatMap { occurrence in
            occurrence.steps.map { step -> Rank in
                let action = plan.actions.firstIndex { $0.name == occurrence.action }
                let place = action.flatMap { plan.actions[$0].steps.firstIndex { $0.name == step.name } }
                return (
                    action ?? -1, step.planned, place ?? -1, occurrence.began,
                    Ref(action: occurrence.action, key: occurrence.key, step: step.name)
                )
            }
        }
        return ranks.sorted { a, b in
            if (a.action, a.planned, a.step, a.began) != (b.action, b.planned, b.step, b.began) {
                return (a.action, a.planned, a.step, a.began) < (b.action, b.planned, b.step, b.began)
            }
            return (a.ref.key, a.ref.action, a.ref.step) < (b.ref.key, b.ref.action, b.ref.step)
        }.map(\.ref)
    }

    mutating func end(_ ref: Ref, _ decision: String, _ why: String?, at instant: Instant) {
        guard let (place, step) = place(ref) else { return }
        let ended = actions.live[place].steps.remove(at: step)
        told.append(
            (
                instant,
                NaiveOutcome(
                    action: ref.action, step: ref.step, key: ref.key, decision: decision, why: why,
                    planned: ended.planned, deadline: ended.deadline, variant: actions.live[place].draw ?? nil)
            ))
        if actions.live[place].steps.isEmpty { actions.live.remove(at: place) }
    }

    private func holds(_ occurrence: NaiveActions.Occurrence, at instant: Instant) -> Bool {
        if ["first order", "each order", "each delivery", "each overdue delivery"].contains(occurrence.kind) {
            guard judge.keptOrders.contains(where: { $0.id.text == occurrence.key }) else { return false }
            let delivery = judge.facts.deliveries.first { $0.order.text == occurrence.key }
            if occurrence.kind == "each overdue delivery", delivery?.delivered != nil { return false }
        }
        return action(occurrence.action)?.condition.map { judge.holds($0, at: instant) } ?? true
    }

    mutating func cancel(at instant: Instant) {
        for ref in order where known(ref) == nil { end(ref, "cancelled", "policy", at: instant) }
        cancelEnded(at: instant)
    }

    private mutating func cancelEnded(at instant: Instant) {
        let ended = actions.live.filter { !holds($0, at: instant) }
        for ref in order where ended.contains(where: { $0.action == ref.action && $0.key == ref.key }) {
            end(ref, "cancelled", "while", at: instant)
        }
    }

    // MARK: Guards

    private func freeOfLimits(_ channel: Channel, from instant: Instant) -> Instant {
        let free = plan.rules.limits.filter { $0.channel == nil || $0.channel == channel }.compactMap { limit in
            let counted = Channel.allCases.filter { limit.channel == nil || $0 == limit.channel }
                .flatMap { judge.contacts(on: $0) }.sorted()
            return counted.count < limit.count
                ? nil : counted[counted.count - limit.count] + limit.window + Milliseconds(1)
        }
        return max(instant, free.max() ?? instant)
    }

    private func isQuiet(
        _ pending: NaiveActions.Step, _ action: Policy.Action, _ step: Policy.Action.Step, at instant: Instant
    ) -> Bool {
        guard step.channel != nil, let hours = plan.rules.quietHours else { return false }
        let acts = ["first order", "each order", "touching the cart", "first consent", "claiming"]
        let isAnswer =
            step.moment == .atOnce && acts.contains(action.start.kind) && instant - pending.planned <= Self.lateness
        if !pending.isLate, step.purpose == .service || isAnswer { return false }
        return hours.contain(instant, in: zone)
    }

    private func needsConsent(_ step: Policy.Action.Step) -> BusinessID? {
        if case .consented(let purpose) = step.purpose { policy.purposes[purpose] } else { nil }
    }

    private mutating func isHeld(_ ref: Ref, at instant: Instant) -> Bool {
        guard let (place, index) = place(ref), let (action, step) = known(ref), let channel = step.channel else {
            return false
        }
        var pending = actions.live[place].steps[index]
        let purpose = needsConsent(step)
        let free = purpose == nil ? instant : freeOfLimits(channel, from: instant)
        let isQuiet = isQuiet(pending, action, step, at: instant)
        let pause = purpose == nil ? nil : plan.rules.pause
        let isPaused = pause.map { judge.holds($0, at: instant) } ?? false
        guard free > instant || isQuiet || isPaused else { return false }
        var dates = [pending.deadline + Milliseconds(1)]
        if isPaused, let pause {
            dates.append(judge.flip(of: pause, at: instant, judge.looks(after: instant, everyMillisecondFor: nil)))
        } else {
            let end = isQuiet ? plan.rules.quietHours.map { zone.end(of: $0, from: instant) } ?? instant : instant
            dates.append(max(end, free))
        }
        if let purpose {
            dates += judge.facts.validities.filter { end in
                end > instant && !judge.facts.consents(to: purpose, on: channel, at: end)
            }
        }
        pending.due = dates.min() ?? .never
        let isPausedThen = pause.map { judge.holds($0, at: pending.deadline) } ?? false
        pending.held =
            free > pending.deadline
            ? "frequency"
            : self.isQuiet(pending, action, step, at: pending.deadline)
                ? "quiet_hours" : isPausedThen ? "paused" : nil
        actions.live[place].steps[index] = pending
        return true
    }

    /// Nil: something holds it back.
    private mutating func verdict(_ ref: Ref, at instant: Instant) -> (decision: String, why: String?)? {
        guard let (place, index) = place(ref), let (_, step) = known(ref) else { return nil }
        if let channel = step.channel {
            if let purpose = needsConsent(step), !judge.facts.consents(to: purpose, on: channel, at: instant) {
                return ("suppressed", "no_consent")
            }
            guard judge.facts.isReachable(by: channel) else { return ("suppressed", "unreachable") }
        }
        let pending = actions.live[place].steps[index]
        guard instant <= pending.deadline else { return ("suppressed", pending.held ?? "too_late") }
        guard !isHeld(ref, at: instant) else { return nil }
        actions.live[place].steps[index].held = nil
        return ("due", nil)
    }

    mutating func ripen(at instant: Instant, freed: Instant?) {
        for ref in order {
            guard let (place, index) = place(ref), known(ref) != nil else { continue }
            var pending: NaiveActions.Step { actions.live[place].steps[index] }
            guard pending.ripe == nil else { continue }
            if pending.isDead {
                actions.live[place].steps[index].ripe = instant
                continue
            }
            guard pending.planned <= instant else { continue }
            if pending.due > instant, verdict(ref, at: instant) != nil {
                actions.live[place].steps[index].ripe = max(pending.planned, freed ?? instant)
            }
            while pending.ripe == nil, pending.due <= instant {
                let due = pending.due
                if verdict(ref, at: due) != nil { actions.live[place].steps[index].ripe = due }
            }
        }
    }

    /// After releases may have changed the effort.
    mutating func settle(at instant: Instant) {
        cancelEnded(at: instant)
        for ref in order {
            guard let (place, index) = place(ref) else { continue }
            let pending = actions.live[place].steps[index]
            if pending.ripe == nil, pending.planned <= instant, instant <= pending.deadline, pending.due > instant {
                _ = isHeld(ref, at: instant)
            }
        }
        ripen(at: instant, freed: nil)
    }

    // MARK: Decisions

    /// What a record begins at once it decides itself.
    mutating func decideOwn(besides before: Set<Ref>, appended: Instant) {
        let own = order.filter { ref in
            guard !before.contains(where: { $0.action == ref.action && $0.key == ref.key }),
                let (place, index) = place(ref), let ripe = actions.live[place].steps[index].ripe
            else { return false }
            return known(ref)?.step.moment == .atOnce && appended - ripe <= Self.lateness
        }
        let instants = Set(own.compactMap { ref in place(ref).flatMap { actions.live[$0].steps[$1].ripe } })
        for instant in instants.sorted() { decide(at: instant, by: appended, only: Set(own)) }
    }

    mutating func decide(at instant: Instant, by tick: Instant, only: Set<Ref>? = nil) {
        time = max(time, instant)
        for ref in order {
            guard let (place, index) = place(ref), let ripe = actions.live[place].steps[index].ripe,
                only.map({ $0.contains(ref) }) ?? (ripe <= tick),
                (tick - ripe <= Self.lateness ? ripe : tick) == instant
            else { continue }
            decide(ref, place, index, ripe, at: instant, by: tick)
        }
    }

    private mutating func decide(
        _ ref: Ref, _ place: Int, _ index: Int, _ ripe: Instant, at instant: Instant, by tick: Instant
    ) {
        guard let (action, step) = known(ref) else { return end(ref, "cancelled", "policy", at: time) }
        guard holds(actions.live[place], at: time) else {
            for other in order where other.action == ref.action && other.key == ref.key {
                end(other, "cancelled", "while", at: time)
            }
            return
        }
        if tick - ripe > Self.lateness { actions.live[place].steps[index].isLate = true }
        if actions.live[place].steps[index].isDead { return end(ref, "suppressed", "too_late", at: instant) }
        actions.live[place].steps[index].ripe = nil
        guard let (decision, why) = verdict(ref, at: instant) else { return }
        guard decision == "due" else { return end(ref, decision, why, at: instant) }
        let customer = Array(name.utf8)
        if actions.live[place].draw == nil {
            let variant = action.experiment.map { experiment in
                let drawn = customer.withUnsafeBytes { plan.variant(of: experiment, $0) }
                return plan.experiments[experiment].variants[drawn].name
            }
            actions.live[place].draw = .some(variant)
        }
        let bucket = customer.withUnsafeBytes { plan.bucket(ContactPlan.holdOutSalt, $0) }
        let isConsented = needsConsent(step) != nil
        if actions.live[place].draw == .some("hold_out") || isConsented && bucket < plan.rules.holdOutPercent * 100 {
            return end(ref, "suppressed", "hold_out", at: instant)
        }
        if let channel = step.channel {
            actions.effort.released[channel, default: 0] += 1
            actions.effort.sinceLastOrder += 1
            if isConsented { actions.effort.sent[channel, default: []].append(instant) }
            judge.effort = actions.effort
        }
        end(ref, "due", nil, at: instant)
    }

    /// When time alone may change anything of the actions.
    func horizon(at instant: Instant) -> Instant {
        var dates = [actions.ahead]
        for occurrence in actions.live {
            if let condition = action(occurrence.action)?.condition {
                let looks = judge.looks(after: instant, everyMillisecondFor: nil)
                dates.append(judge.flip(of: condition, at: instant, looks))
            }
            dates += occurrence.steps.filter { $0.ripe == nil && $0.due > instant }.map(\.due)
        }
        return dates.min() ?? .never
    }
}
