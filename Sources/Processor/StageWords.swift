import CustomerLifecycle
import PolicyLanguage
import Wire

/// Says in the policy's own words and the outputs' terms what the fold says in indices.
struct StageWords {
    let policy: PolicyInForce
    /// What the indices of changes mean: the partition's stage names.
    private let stages: [String]
    /// Of the outputs being written.
    private let generation: Int

    init(policy: PolicyInForce, progress: Progress) {
        self.policy = policy
        stages = progress.stageNames
        generation = Int(progress.era.generation)
    }

    /// Nil before genesis.
    init?(_ fold: LogFold) {
        guard let policy = fold.policy else { return nil }
        self.init(policy: policy, progress: fold.withState { $0.progress })
    }

    func stageName(_ index: Int) -> String { stages[index] }

    /// What made a change, beside its subject.
    struct Cause {
        let partition: Int
        let prefix: String
        let appended: Instant
        let messageID: String?
    }

    func output(
        _ change: StageChange, _ description: ChangeDescription, of subject: String, cause: Cause
    ) -> StageChangeOutput {
        StageChangeOutput(
            customer: subject, sequence: Int64(change.sequence), recorded: cause.appended,
            position: position(change.position, cause), generation: generation, prefix: cause.prefix,
            causationID: cause.messageID ?? "review-\(change.time.rfc3339)",
            replayMode: change.isBackfill ? .backfill : .live, previousStage: change.from.map { stages[$0] },
            stage: stages[change.to], previousEnteredAt: change.previousSince, enteredAt: change.time,
            entryCount: Int(change.entryCount), cycle: Int(description.orders.cycle), policy: policy.reference,
            reason: reason(change, description), forecast: description.forecast.map(forecast),
            corrects: corrected(change, cause), lateBySeconds: change.lateBy.map { $0.count / 1_000 },
            orders: Int(description.orders.kept), revenue: revenue(description.orders),
            firstSeenAt: description.firstSeen, firstOrderAt: description.orders.first,
            lastOrderAt: description.orders.last, contactable: description.contactable.map(contactable),
            locale: description.locale?.text, timeZone: description.timeZone?.text,
            isTruncated: description.isTruncated)
    }

    /// `at_risk, line 21`.
    func rule(_ index: Int) -> String {
        let rule = policy.policy.rules[index]
        return "\(policy.policy.stages[rule.stage]), line \(rule.line)"
    }

    /// The stage alone where the rule is of a policy that is not in force any more: who is behind is judged later.
    func rule(of said: Said) -> String {
        said.era.policyNumber == policy.number ? rule(said.rule) : stageName(said.stage)
    }

    func facts(_ findings: [ChangeDescription.Finding]) -> [FactOutput] { findings.map(fact) }

    func forecast(_ forecast: ChangeDescription.Forecast) -> ForecastOutput {
        ForecastOutput(nextStage: policy.policy.stages[forecast.stage], at: forecast.at)
    }

    func revenue(_ orders: OrderSummary) -> Money {
        Money(minorUnits: orders.revenue, currency: policy.policy.currency)
    }

    func evidence(_ description: ChangeDescription) -> ShortList<EvidenceOutput> {
        ShortList(
            first: description.evidence.map { EvidenceOutput(kind: $0.kind.word, id: $0.id.text) },
            of: description.evidenceCount)
    }

    func fact(_ finding: ChangeDescription.Finding) -> FactOutput {
        let node = policy.policy.nodes[finding.node]
        let type = valueType(of: node)
        return FactOutput(
            name: policy.compiled.phrases[finding.node].left, value: finding.value.map { value($0, type) },
            threshold: finding.threshold.map { value($0, type) })
    }

    /// What kind of value the node compares: a running time counts as a duration.
    func valueType(of node: Policy.Node) -> ValueType {
        switch node.kind {
        case .clock: .duration
        case .flag, .has: .flag
        case .window, .compare, .known, .all, .any, .constant:
            (node.left.fact ?? node.right.fact)?.valueType ?? .count
        }
    }

    private func value(_ value: Int64, _ type: ValueType) -> FactOutputValue {
        switch type {
        case .count, .set, .birthday, .label: .count(value)
        case .money: .money(minorUnits: value)
        case .duration, .runningTime: .duration(Milliseconds(value))
        case .score: .score(thousandths: value)
        case .instant: .instant(Instant(milliseconds: value))
        case .flag: .flag(value != 0)
        }
    }

    private func reason(_ change: StageChange, _ description: ChangeDescription) -> StageChangeOutput.Reason {
        let trigger: StageChangeOutput.Trigger =
            switch change.trigger {
            case .event: .event
            case .silence: .silence
            case .correction: .correction
            case .policy: .policy
            }
        return StageChangeOutput.Reason(
            rule: rule(change.rule), trigger: trigger, facts: ShortList(facts(description.findings)),
            evidence: evidence(description))
    }

    private func corrected(_ change: StageChange, _ cause: Cause) -> String? {
        guard change.trigger == .correction, let previous = change.previous else { return nil }
        return CloudEvent.id(generation: generation, position(previous, cause))
    }

    private func position(_ position: ChangePosition, _ cause: Cause) -> LogPosition {
        LogPosition(partition: cause.partition, offset: position.offset, ordinal: position.ordinal)
    }

    private func contactable(_ channel: ChangeDescription.Contactable) -> StageChangeOutput.Contactable {
        StageChangeOutput.Contactable(
            channel: channel.channel, isAllowed: channel.isAllowed, updatedAt: channel.updatedAt)
    }
}

extension ChangeDescription.EvidenceKind {
    var word: String {
        switch self {
        case .order: "order"
        case .complaint: "complaint"
        case .review: "review"
        }
    }
}
