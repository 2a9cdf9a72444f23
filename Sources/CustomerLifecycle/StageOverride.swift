/// What the shop decides against the policy: a customer's stage, for a time.
package struct StageOverride: Equatable, Sendable {
    /// The stage's name. One that the policy in force lacks changes nothing.
    package var stage: BusinessID
    /// Nil: until it is cleared.
    package var until: Instant?
    /// Who decided it, and why, by codes of the shop's.
    package var actor: BusinessID?
    package var reason: BusinessID?

    package init(stage: BusinessID, until: Instant?, actor: BusinessID?, reason: BusinessID?) {
        self.stage = stage
        self.until = until
        self.actor = actor
        self.reason = reason
    }
}

/// Somebody asked to be forgotten. It is kept and told; erasure is not built yet.
package struct DeletionRequest: Equatable, Sendable {
    package var id: BusinessID?
    /// When it has to be done.
    package var due: Instant?

    package init(id: BusinessID?, due: Instant?) {
        self.id = id
        self.due = due
    }
}

extension Policy {
    /// What stands in a rule's place where an override decides: a number for each stage, behind those of the rules.
    package func overridingRule(of stage: Int) -> Int { rules.count + stage }

    package func isOverriding(_ rule: Int) -> Bool { rule >= rules.count }

    package func stage(of rule: Int) -> Int { isOverriding(rule) ? rule - rules.count : rules[rule].stage }

    /// The rule's condition; nil of the last one, and of an override.
    func condition(of rule: Int) -> Int? { isOverriding(rule) ? nil : rules[rule].condition }
}

extension Facts {
    /// A stage that is set at the instant at which the policy is to decide again stays set.
    mutating func fold(_ override: StageOverride?, stamp: Stamp) {
        var override = override
        if let until = override?.until { override?.until = until.limited }
        overrides.insert(
            Register(override, stamp: override == nil ? stamp.withoutTieBreaker : stamp), on: \.?.stage)
    }

    /// The overrides to stages that the policy lacks, the newest first, that no later one has ended: they change
    /// nothing.
    package func strayOverrides(under policy: Policy) -> [StageOverride] {
        var strays: [StageOverride] = []
        for said in overrides.reversed() {
            guard let override = said.value, policy.place(of: override) == nil else { break }
            strays.append(override)
        }
        return strays
    }
}

extension Policy {
    /// The stage that it sets; nil where the policy has none of that name.
    package func place(of override: StageOverride) -> Int? {
        stages.firstIndex { BusinessID($0) == override.stage }
    }
}

extension Judge {
    /// The override that decides at `instant`: the last to a stage that the policy has, until it ends.
    package func override(at instant: Instant) -> (override: StageOverride, stage: Int)? {
        for said in facts.overrides.reversed() {
            guard let override = said.value else { return nil }
            guard let stage = policy.place(of: override) else { continue }
            return instant < override.until ?? .never ? (override, stage) : nil
        }
        return nil
    }

    /// The standing by an override that is in force.
    @inline(never) func overriding(at instant: Instant) -> Standing? {
        guard !facts.overrides.isEmpty, let (override, stage) = override(at: instant) else { return nil }
        return Standing(rule: policy.overridingRule(of: stage), reviewAt: override.until ?? .never)
    }
}
