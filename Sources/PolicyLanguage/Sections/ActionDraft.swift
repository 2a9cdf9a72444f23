import CustomerLifecycle

/// An action as read: what it refers to is named, and found when all is read.
struct ActionDraft {
    enum Start {
        case plain(Policy.Action.Start)
        case firstConsent(Channel, purpose: String)
        case entering(String)
        case joining(String)
    }

    struct Step {
        let name: String
        let channel: Channel?
        let purpose: Purpose
        let moment: Policy.Action.Moment
        let place: Place
    }

    enum Purpose: Equatable {
        case consented(String)
        case service, task
    }

    let name: String
    let place: Place
    let start: Start
    /// Of the occurrence's whole life; nil: always.
    let condition: Condition?
    let repetition: Policy.Action.Repetition?
    let giveUpAfter: Milliseconds
    let steps: [Step]
    /// Index into the draft's experiments.
    var experiment: Int?

    /// Whether a step is decided later than what begins it, so that something can happen in between.
    var hasLaterSteps: Bool {
        steps.contains { step in
            switch step.moment {
            case .atOnce: false
            case .later: true
            // On the day itself, or before it.
            case .day(let days, _): days > 0
            }
        }
    }
}

/// `contact:` as read.
struct ContactDraft {
    var limits: [Policy.ContactRules.Limit] = []
    var quietHours: QuietHours?
    var pause: Condition?
    var holdOutPercent: Int64 = 0
    var costPerThousand: [Channel: Int64] = [:]

    /// Whether a limit counts contacts on the channel.
    func limits(_ channel: Channel) -> Bool { limits.contains { $0.channel == nil || $0.channel == channel } }
}

extension PolicyEmitter {
    /// Names become indices: of what is named and does not exist an error says so, or the policy was adopted with it,
    /// and then the action is left out.
    mutating func emit(_ draft: PolicyDraft, segments: [Policy.Segment], zones: [ZoneTable]) -> ContactPlan {
        var rules = Policy.ContactRules()
        rules.limits = draft.contact.limits
        rules.quietHours = draft.contact.quietHours
        rules.pause = draft.contact.pause.map { emit($0) }
        rules.holdOutPercent = draft.contact.holdOutPercent
        rules.costPerThousand = draft.contact.costPerThousand
        return ContactPlan(
            actions: draft.actions.compactMap { emit($0, segments) }, experiments: draft.experiments, rules: rules,
            zone: draft.hasOwnZone ? zones.first : nil, otherZones: Array(zones.dropFirst(draft.hasOwnZone ? 1 : 0)),
            hash: PolicyHash.draw)
    }

    private mutating func emit(_ action: ActionDraft, _ segments: [Policy.Segment]) -> Policy.Action? {
        let start: Policy.Action.Start
        switch action.start {
        case .plain(let plain): start = plain
        case .firstConsent(let channel, let name): start = .firstConsent(channel, purpose: Int(purpose(name)))
        case .entering(let stage):
            guard let place = stages.firstIndex(of: stage) else { return nil }
            start = .entering(place)
        case .joining(let segment):
            guard let place = segments.firstIndex(where: { $0.name == segment }) else { return nil }
            start = .joining(place)
        }
        let steps = action.steps.map { step in
            let purpose: Policy.Action.Purpose =
                switch step.purpose {
                case .consented(let name): .consented(Int(self.purpose(name)))
                case .service: .service
                case .task: .task
                }
            return Policy.Action.Step(
                name: step.name, channel: step.channel, purpose: purpose, moment: step.moment, line: step.place.line)
        }
        return Policy.Action(
            name: action.name, start: start, condition: action.condition.map { emit($0) },
            repetition: action.repetition, giveUpAfter: action.giveUpAfter, steps: steps,
            experiment: action.experiment, line: action.place.line)
    }
}
