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

extension Judge {
    /// The standing by an override that is in force.
    @inline(never) func overriding(at instant: Instant) -> Standing? {
        guard let override = facts.override?.value, instant < override.until ?? .never,
            let stage = policy.stages.firstIndex(where: { BusinessID($0) == override.stage })
        else { return nil }
        return Standing(rule: policy.overridingRule(of: stage), reviewAt: override.until ?? .never)
    }
}
