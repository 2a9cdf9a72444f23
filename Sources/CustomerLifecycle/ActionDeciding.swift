extension Partition {
    /// The undecided steps of the subject under way in the order in which they compete: by action, planned instant and
    /// step; what the policy has not any more goes first.
    mutating func stepsInOrder() -> [StepName] {
        struct Rank {
            let name: StepName
            let action: Int
            let planned: Instant
            let step: Int
            let start: Instant
        }
        var ranks: [Rank] = []
        for occurrence in current.said.actions.live {
            let action = places.action(occurrence.action)
            for pending in occurrence.steps {
                let step = action.flatMap { places.actions[$0].steps.firstIndex(of: pending.word) }
                ranks.append(
                    Rank(
                        name: StepName(action: occurrence.action, key: occurrence.key, step: pending.word),
                        action: action ?? -1, planned: pending.planned, step: step ?? -1, start: occurrence.start))
            }
        }
        guard ranks.count > 1 else { return ranks.map(\.name) }
        let words = progress.words
        ranks.sort { a, b in
            if a.action != b.action { return a.action < b.action }
            if a.planned != b.planned { return a.planned < b.planned }
            if a.step != b.step { return a.step < b.step }
            if a.start != b.start { return a.start < b.start }
            if a.name.key != b.name.key { return a.name.key < b.name.key }
            let (first, second) = (words[a.name.action], words[b.name.action])
            if first != second { return first.utf8.lexicographicallyPrecedes(second.utf8) }
            return words[a.name.step].utf8.lexicographicallyPrecedes(words[b.name.step].utf8)
        }
        return ranks.map(\.name)
    }

    mutating func place(of name: StepName) -> (occurrence: Int, step: Int)? {
        guard
            let place = current.said.actions.live.firstIndex(where: {
                $0.action == name.action && $0.key == name.key
            }),
            let index = current.said.actions.live[place].steps.firstIndex(where: { $0.word == name.step })
        else { return nil }
        return (place, index)
    }

    /// The instant at which a tick for `tick` decides a step that is ripe: its own, unless the tick comes too late.
    @inline(__always) private func decision(of ripe: Instant, by tick: Instant) -> Instant {
        tick - ripe <= Self.lateness ? ripe : tick
    }

    /// The first instant at which a tick decides anything of the subject under way; `never` if nothing waits for it.
    mutating func firstDecision(by tick: Instant) -> Instant {
        var first = Instant.never
        for occurrence in current.said.actions.live {
            for step in occurrence.steps {
                guard let ripe = step.ripe, ripe <= tick else { continue }
                first = min(first, decision(of: ripe, by: tick))
            }
        }
        return first
    }

    /// Decides what a tick decides at `instant`, and looks at what that changes.
    mutating func decide(
        at instant: Instant, by tick: Instant, in record: RecordContext, into outcome: inout Outcome
    ) {
        prepareJudge()
        actionLook = .passing(at: tick, acts: true)
        decide(at: instant, by: tick, only: nil, in: record, into: &outcome)
        let now = current.said.subjectTime
        lookAgain(at: now, cause: .review, in: record, into: &outcome)
        current.reviewAt = min(reviewOfStanding(at: now), actionHorizon(at: now), startAhead(at: now))
    }

    /// A live record decides what it begins `at once`, where ticks are not behind and it is not late itself.
    mutating func decideOwn(
        besides before: [(Int, BusinessID)], appended: Instant, in record: RecordContext, into outcome: inout Outcome
    ) {
        guard appended - progress.liveTick <= Self.lateness else { return }
        var own: Set<StepName> = []
        var instants: Set<Instant> = []
        for occurrence in current.said.actions.live {
            guard !before.contains(where: { $0.0 == occurrence.action && $0.1 == occurrence.key }),
                let action = places.action(occurrence.action)
            else { continue }
            for pending in occurrence.steps {
                guard let ripe = pending.ripe, appended - ripe <= Self.lateness,
                    let step = places.actions[action].steps.firstIndex(of: pending.word),
                    plan.actions[action].steps[step].moment == .atOnce
                else { continue }
                own.insert(StepName(action: occurrence.action, key: occurrence.key, step: pending.word))
                instants.insert(ripe)
            }
        }
        for instant in instants.sorted() {
            decide(at: instant, by: appended, only: own, in: record, into: &outcome)
        }
    }

    /// Decides, with all that is folded by now. `only` names the steps that may be; all, where it is nil.
    private mutating func decide(
        at instant: Instant, by tick: Instant, only: Set<StepName>?, in record: RecordContext,
        into outcome: inout Outcome
    ) {
        current.said.subjectTime = max(current.said.subjectTime, instant)
        for name in stepsInOrder() {
            guard let (place, index) = place(of: name),
                let ripe = current.said.actions.live[place].steps[index].ripe,
                only.map({ $0.contains(name) }) ?? (ripe <= tick), decision(of: ripe, by: tick) == instant
            else { continue }
            decide(name, place, index, at: instant, by: tick, in: record, into: &outcome)
        }
    }

    private mutating func decide(
        _ name: StepName, _ place: Int, _ index: Int, at instant: Instant, by tick: Instant, in record: RecordContext,
        into outcome: inout Outcome
    ) {
        hasDecided = true
        let now = current.said.subjectTime
        guard let actionPlace = places.action(name.action),
            let stepPlace = places.actions[actionPlace].steps.firstIndex(of: name.step)
        else { return end(name, .cancelled, .policy, at: now, in: record, into: &outcome) }
        guard holds(place, at: now) else {
            for other in stepsInOrder() where other.action == name.action && other.key == name.key {
                end(other, .cancelled, .condition, at: now, in: record, into: &outcome)
            }
            return
        }
        let pending = current.said.actions.live[place].steps[index]
        if let ripe = pending.ripe, tick - ripe > Self.lateness {
            current.said.actions.live[place].steps[index].isLate = true
        }
        if pending.isDead { return end(name, .suppressed, .tooLate, at: instant, in: record, into: &outcome) }
        current.said.actions.live[place].steps[index].ripe = nil
        let action = plan.actions[actionPlace]
        let step = action.steps[stepPlace]
        switch verdict(place, index, action, step, at: instant) {
        // It is held back again.
        case nil: return
        case .suppressed(let reason):
            end(name, .suppressed, reason, at: instant, in: record, into: &outcome)
        case .due:
            release(name, place, action, step, at: instant, in: record, into: &outcome)
        }
    }

    /// Releases a step, unless the customer is one of those who get nothing: so both arms of an experiment have equal
    /// consent and address.
    private mutating func release(
        _ name: StepName, _ place: Int, _ action: Policy.Action, _ step: Policy.Action.Step, at instant: Instant,
        in record: RecordContext, into outcome: inout Outcome
    ) {
        if current.said.actions.live[place].draw == .notYet {
            current.said.actions.live[place].draw =
                action.experiment.map {
                    .variant(places.variants[$0][plan.variant(of: $0, current.subject)])
                } ?? .none
        }
        var isHeldOut = step.consentedPurpose != nil && plan.holdsOut(current.subject)
        if case .variant(let word) = current.said.actions.live[place].draw,
            progress.words[word] == Policy.Experiment.holdOut
        {
            isHeldOut = true
        }
        guard !isHeldOut else { return end(name, .suppressed, .holdOut, at: instant, in: record, into: &outcome) }
        let contactsBefore = judge.ours.sinceLastOrder
        if let channel = step.channel {
            current.said.actions.ours.release(
                on: channel, at: instant, usesLimits: step.consentedPurpose != nil)
        }
        end(name, .due, nil, contactsBefore: contactsBefore, at: instant, in: record, into: &outcome)
        guard step.channel != nil else { return }
        judge.ours = current.said.actions.ours
        judge.readContacts()
        hasReleased = true
    }

    /// Publishes what became of a step, and forgets it.
    mutating func end(
        _ name: StepName, _ decision: ActionOutcome.Decision, _ reason: ActionOutcome.Reason?,
        contactsBefore: UInt32? = nil, at instant: Instant, in record: RecordContext, into outcome: inout Outcome
    ) {
        guard let (place, index) = place(of: name) else { return }
        let occurrence = current.said.actions.live[place]
        current.said.actions.live[place].steps.remove(at: index)
        if current.said.actions.live[place].steps.isEmpty { current.said.actions.live.remove(at: place) }
        current.said.publish()
        let ended = ActionOutcome(
            decision: decision, reason: reason, action: name.action, step: name.step, key: name.key.digest)
        append(.action(ended), at: instant, in: record, into: &outcome)
        guard outcome.describes else { return }
        let action = places.action(name.action)
        let told = ActionTold(
            action: progress.words[name.action], step: progress.words[name.step], key: name.key,
            place: action.flatMap { action in
                places.actions[action].steps.firstIndex(of: name.step).map { judge.policy.placeTold(action, step: $0) }
            },
            stage: current.said.stage, start: occurrence.start, planned: occurrence.steps[index].planned,
            deadline: occurrence.steps[index].deadline,
            variant: { if case .variant(let word) = occurrence.draw { progress.words[word] } else { nil } }(),
            contactsSinceLastOrder: contactsBefore ?? judge.ours.sinceLastOrder)
        let isEnded = reason == .condition
        outcome.describe { judge.describe(told, isEnded: isEnded, at: instant, into: &$0) }
    }

    /// Cancels whatever is under way for somebody who is forgotten.
    mutating func cancelForgotten(at instant: Instant, in record: RecordContext, into outcome: inout Outcome) {
        guard !current.said.actions.live.isEmpty else { return }
        prepareJudge()
        for name in stepsInOrder() { end(name, .cancelled, .erased, at: instant, in: record, into: &outcome) }
    }
}

extension Policy {
    fileprivate func placeTold(_ action: Int, step place: Int) -> ActionTold.Place {
        let step = contacts.actions[action].steps[place]
        let purpose =
            switch step.purpose {
            case .consented(let purpose): purposes[purpose].text
            case .service: "service"
            case .task: "task"
            }
        return ActionTold.Place(
            action: action, step: place, line: step.line, channel: step.channel, purpose: purpose)
    }
}

/// What is told of a step's outcome.
package struct ActionTold: Equatable, Sendable {
    /// Where the step stands in the policy.
    package struct Place: Equatable, Sendable {
        package let action: Int
        package let step: Int
        package let line: Int
        /// Nil of a task.
        package let channel: Channel?
        package let purpose: String
    }

    package let action: String
    package let step: String
    package let key: BusinessID
    /// Nil where the policy in force has no such step any more.
    package let place: Place?
    /// The customer's stage: index into the partition's stage names.
    package let stage: Int
    package let start: Instant
    package let planned: Instant
    package let deadline: Instant
    /// Of its experiment; nil before one is drawn, and without an experiment.
    package let variant: String?
    /// Releases since the newest order, this one aside.
    package let contactsSinceLastOrder: UInt32
    /// The consent that allows it; filled in by the judge.
    package var consent: ConsentStanding?

    /// The same in every generation, and unique with the customer.
    package var businessKey: String { "\(action)/\(step)/\(key.text)" }
}
