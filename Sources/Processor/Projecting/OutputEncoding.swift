import Brokers
import CustomerLifecycle
import PolicyLanguage
import Wire

/// The encoder of what one partition publishes, made anew when another policy or generation is in force.
final class OutputEncoding {
    private let prefix: String
    private let partition: Int
    private let actableFor: Milliseconds
    private var made: (for: Force, encoder: OutputEncoder)?

    /// All that the terms of a partition's outputs depend on.
    private struct Force: Equatable {
        let policyNumber: UInt32
        let generation: UInt32
        let stageCount: Int
        let segmentCount: Int
    }

    init(prefix: String, partition: Int, actableFor: Milliseconds = CloudEvent.actableFor) {
        self.prefix = prefix
        self.partition = partition
        self.actableFor = actableFor
    }

    /// Returns the encoder for what is in force now; nil before genesis.
    func encoder(for fold: LogFold) -> OutputEncoder? {
        guard let number = fold.policy?.number else { return nil }
        let force = fold.withState { state in
            Force(
                policyNumber: number, generation: state.progress.epoch.generation,
                stageCount: state.progress.stageNames.count, segmentCount: state.progress.segments.count)
        }
        if let made, made.for == force { return made.encoder }
        guard let words = StageWords(fold) else { return nil }
        let encoder = words.encoder(prefix: prefix, partition: partition, actableFor: actableFor)
        made = (force, encoder)
        return encoder
    }
}

extension StageWords {
    func encoder(
        prefix: String, partition: Int, actableFor: Milliseconds = CloudEvent.actableFor
    ) -> OutputEncoder {
        var terms = OutputTerms(
            prefix: prefix, partition: partition, generation: generation, policy: policy.reference,
            currency: policy.policy.currency, stages: stages, phases: stages.map(phases),
            policyStages: policy.policy.stages,
            rules: (0..<policy.policy.overridingRule(of: policy.policy.stages.count)).map(rule),
            segments: segments, segmentRules: policy.policy.segments.map(rule(of:)),
            facts: policy.policy.nodes.indices.map(spelled))
        terms.actableFor = actableFor
        return OutputEncoder(terms, packHeaders: HeaderBlock.pieces)
    }

    private func spelled(_ index: Int) -> OutputTerms.Fact {
        let node = policy.policy.nodes[index]
        return OutputTerms.Fact(
            name: policy.compiled.phrases[index].left, unit: FactUnit(valueType(of: node)),
            threshold: node.right.fact == nil && node.right.steps.isEmpty ? node.right.constant : nil)
    }
}

extension FactUnit {
    init(_ type: ValueType) {
        switch type {
        case .count, .set, .birthday, .label: self = .count
        case .money: self = .money
        case .duration, .runningTime: self = .duration
        case .score: self = .score
        case .instant: self = .instant
        case .flag: self = .flag
        }
    }
}
