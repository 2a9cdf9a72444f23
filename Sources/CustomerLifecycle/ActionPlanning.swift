extension ContactPlan {
    /// When a step of an occurrence is planned that began at `start`, on the local day `day`.
    func planned(_ step: Policy.Action.Step, after start: Instant, on day: CivilDate, in zone: ZoneTable) -> Instant {
        switch step.moment {
        case .atOnce: start
        case .later(let delay): start + delay
        case .day(let days, let time): zone.instant(on: day.adding(days: days), at: time)
        }
    }

    /// No step is given up later than so long after its start, wherever the customer lives.
    func span(of action: Int) -> Milliseconds { spans[action] }

    /// When the last step is given up.
    func lastDeadline(of action: Int, after start: Instant, on day: CivilDate, in zone: ZoneTable) -> Instant {
        var last = Instant.distantPast
        for step in actions[action].steps {
            last = max(last, planned(step, after: start, on: day, in: zone))
        }
        return last + actions[action].giveUpAfter
    }
}

/// A policy's actions, and where their names stand in a partition.
struct PlacedPlan {
    let plan: ContactPlan
    let places: PolicyPlaces

    /// When a step is planned, and until when; nil where the policy has it not.
    func plan(of word: Int, in occurrence: Occurrence) -> (planned: Instant, deadline: Instant)? {
        guard let action = places.action(occurrence.action),
            let step = places.actions[action].steps.firstIndex(of: word)
        else { return nil }
        let planned = plan.planned(
            plan.actions[action].steps[step], after: occurrence.start, on: occurrence.day,
            in: plan.zone(occurrence.zone))
        return (planned, planned + plan.actions[action].giveUpAfter)
    }

    /// Fills in the instants that were left to the policy.
    func fill(_ occurrence: inout Occurrence) {
        guard occurrence.isByPolicy else { return }
        for place in occurrence.steps.indices {
            guard let (planned, deadline) = plan(of: occurrence.steps[place].word, in: occurrence) else { continue }
            occurrence.steps[place].planned = planned
            occurrence.steps[place].deadline = deadline
            if occurrence.steps[place].due == .never { occurrence.steps[place].due = planned }
        }
    }

    /// Whether the policy says when each of its steps is planned.
    func says(_ occurrence: Occurrence) -> Bool {
        occurrence.steps.allSatisfy { step in
            guard let (planned, deadline) = plan(of: step.word, in: occurrence) else { return false }
            return step.planned == planned && step.deadline == deadline
        }
    }
}

/// A step that is not decided yet, as people are told of it.
package struct PendingTold: Equatable, Sendable {
    package let action: String
    package let step: String
    package let key: BusinessID
    package let start: Instant
    package let planned: Instant
    package let deadline: Instant
    /// When it is looked at next.
    package let due: Instant
    /// What holds it back; nil where nothing does yet.
    package let held: ActionOutcome.Reason?
    /// Whether it could be decided, and waits for a tick.
    package let waitsForTick: Bool

    package var businessKey: String { "\(action)/\(step)/\(key.text)" }
}

extension Partition {
    /// The undecided steps of a subject, by when they are looked at.
    package func pending(_ said: Said) -> [PendingTold] {
        var found: [PendingTold] = []
        let isOfPolicyInForce = said.epoch.policyNumber == progress.epoch.policyNumber
        for var occurrence in said.actions.live {
            if isOfPolicyInForce { placedPlan.fill(&occurrence) }
            for step in occurrence.steps {
                found.append(
                    PendingTold(
                        action: progress.words[occurrence.action], step: progress.words[step.word],
                        key: occurrence.key, start: occurrence.start, planned: step.planned, deadline: step.deadline,
                        due: step.ripe ?? step.due, held: step.due > step.planned ? step.held ?? .frequency : nil,
                        waitsForTick: step.ripe != nil))
            }
        }
        return found.sorted { ($0.due, $0.businessKey) < ($1.due, $1.businessKey) }
    }
}

extension Partition {
    /// By way of the judge, since a whole policy would be copied (Swift 6.3.1).
    var plan: ContactPlan { judge.policy.contacts }

    var placedPlan: PlacedPlan { PlacedPlan(plan: plan, places: places) }

    /// The clocks of the subject under way.
    var clocks: Int { plan.clocks(in: judge.facts.timeZone?.value) }

    /// Fills in what was left to the policy under which the subject under way was judged.
    mutating func fillPlans() {
        guard !current.said.actions.live.isEmpty else { return }
        let isOfPolicyInForce = current.said.epoch.policyNumber == progress.epoch.policyNumber
        guard let plan = isOfPolicyInForce ? placedPlan : planBefore else { return }
        for place in current.said.actions.live.indices { plan.fill(&current.said.actions.live[place]) }
    }

    /// Leaves to the policy what it says. Who is behind may be judged under the next one first, who is stale under this
    /// one.
    mutating func leavePlans() {
        guard !current.said.actions.live.isEmpty, !isStale else { return }
        let plan = placedPlan
        for place in current.said.actions.live.indices {
            // What the policy was known to say, it says still: whoever plans anew takes that back.
            if current.said.actions.live[place].isByPolicy, !current.said.isBehind { continue }
            current.said.actions.live[place].isByPolicy =
                !current.said.isBehind && plan.says(current.said.actions.live[place])
        }
    }

    /// Plans anew, from its start, each step that waits, under the policy that has come into force. One whose instant
    /// it moves to before its adoption is too late; one whose instant stays is due as before.
    mutating func replan() {
        let plan = placedPlan
        let clocks = clocks
        for place in current.said.actions.live.indices {
            current.said.actions.live[place].isByPolicy = false
            guard let action = places.action(current.said.actions.live[place].action) else { continue }
            replan(place, as: action, plan, clocks)
        }
    }

    private mutating func replan(_ place: Int, as action: Int, _ plan: PlacedPlan, _ clocks: Int) {
        var occurrence = current.said.actions.live[place]
        if Occurrence.Kind(self.plan.actions[action].start) != occurrence.kind { occurrence.isOpen = false }
        occurrence.zone = clocks
        if occurrence.kind != .eachBirthday {
            occurrence.day = self.plan.zone(clocks).date(at: occurrence.start)
        }
        for index in occurrence.steps.indices {
            guard let (planned, deadline) = plan.plan(of: occurrence.steps[index].word, in: occurrence) else {
                continue
            }
            let isKnown = occurrence.steps[index].planned != .never
            guard !isKnown || occurrence.steps[index].planned == planned else {
                occurrence.steps[index].plan(at: planned, until: deadline)
                occurrence.steps[index].isDead = planned < progress.policySince
                continue
            }
            occurrence.steps[index].planned = planned
            if occurrence.steps[index].due == .never { occurrence.steps[index].due = planned }
            guard occurrence.steps[index].deadline != deadline else { continue }
            occurrence.steps[index].deadline = deadline
            occurrence.steps[index].due = min(occurrence.steps[index].due, deadline + Milliseconds(1))
        }
        current.said.actions.live[place] = occurrence
    }
}
