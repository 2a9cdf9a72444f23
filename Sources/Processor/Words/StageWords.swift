import CustomerLifecycle
import PolicyLanguage
import Wire

/// Says in the policy's own words and the outputs' terms what the fold says in indices.
struct StageWords {
    let policy: PolicyInForce
    /// What the indices of changes mean: the partition's stage names.
    let stages: [String]
    /// Likewise its segments' names.
    let segments: [String]
    /// The generation of the outputs being written.
    let generation: Int

    init(policy: PolicyInForce, progress: Progress) {
        self.policy = policy
        stages = progress.stageNames
        segments = progress.segments.map(\.name)
        generation = Int(progress.epoch.generation)
    }

    /// Fails before genesis.
    init?(_ fold: LogFold) {
        guard let policy = fold.policy else { return nil }
        self.init(policy: policy, progress: fold.withState { $0.progress })
    }

    /// What the policy's other vocabularies call a stage; nothing where it is not one of its own.
    func phases(of stage: String) -> [(vocabulary: String, phase: String)] {
        policy.compiled.phases.compactMap { vocabulary in
            vocabulary.phaseOfStage[stage].map { (vocabulary.name, $0) }
        }
    }

    func stageName(_ index: Int) -> String { stages[index] }

    /// `at_risk, line 21`; of an override `loyal, override`.
    func rule(_ index: Int) -> String {
        guard !policy.policy.isOverriding(index) else {
            return "\(policy.policy.stages[policy.policy.stage(of: index)]), override"
        }
        let rule = policy.policy.rules[index]
        return "\(policy.policy.stages[rule.stage]), line \(rule.line)"
    }

    /// `big_spender, line 34`
    func rule(of segment: Policy.Segment) -> String { "\(segment.name), line \(segment.line)" }

    func forecast(_ forecast: ChangeDescription.Forecast) -> ForecastOutput {
        ForecastOutput(nextStage: policy.policy.stages[forecast.stage], at: forecast.at)
    }

    func evidence(_ description: ChangeDescription) -> ShortList<EvidenceOutput> {
        ShortList(
            first: description.evidence.map { EvidenceOutput(kind: $0.kind.word, id: $0.id.text) },
            of: description.evidenceCount)
    }

    func fact(_ finding: ChangeDescription.Finding) -> FactOutput {
        let node = policy.policy.nodes[finding.node]
        let unit = FactUnit(valueType(of: node))
        return FactOutput(
            name: policy.compiled.phrases[finding.node].left, value: finding.value.map { FactOutputValue($0, unit) },
            threshold: finding.threshold.map { FactOutputValue($0, unit) })
    }

    /// What kind of value the node compares: a running time counts as a duration.
    func valueType(of node: Policy.Node) -> ValueType {
        switch node.kind {
        case .clock: .duration
        case .flag, .has, .stage, .segment: .flag
        case .window, .compare, .known, .all, .any, .constant:
            (node.left.fact ?? node.right.fact)?.valueType ?? .count
        }
    }
}
