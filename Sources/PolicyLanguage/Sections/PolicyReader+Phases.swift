import CommandLine

/// Other names for groups of stages: `phases: {five_steps: {reach: prospect, retain: [active, loyal]}}`.
package struct PhaseVocabulary: Equatable, Sendable {
    package let name: String
    /// In the order of the file.
    package let phases: [String]
    /// The phase of each stage: every stage has one.
    package let phaseOfStage: [String: String]

    package func stages(in phase: String) -> Set<String> { Set(phaseOfStage.filter { $0.value == phase }.keys) }
}

extension PolicyReader {
    static let vocabularyCountMax = 8

    /// Each vocabulary names a phase for every stage, once.
    mutating func readPhases(_ node: YAMLNode) {
        for entry in entries(node, of: "phases") {
            guard draft.phases.count < Self.vocabularyCountMax else {
                error(entry.key, "more than \(Self.vocabularyCountMax) vocabularies of phases")
                break
            }
            let count = problems.count
            let vocabulary = vocabulary(entry)
            if problems.count == count { draft.phases.append(vocabulary) }
        }
    }

    private mutating func vocabulary(_ entry: YAMLNode.Entry) -> PhaseVocabulary {
        _ = checkName(entry.key)
        let stages = draft.stages
        var phases: [String] = []
        var phaseOfStage: [String: String] = [:]
        for phase in entries(entry.value, of: "phases") {
            _ = checkName(phase.key)
            phases.append(phase.key.text)
            for item in items(phase.value, "stages") {
                guard let stage = text(item, "a stage") else { continue }
                if !stages.contains(stage) {
                    error(item, Suggestion.message(unknown: "stage", stage, among: stages))
                } else if phaseOfStage.updateValue(phase.key.text, forKey: stage) != nil {
                    error(item, "stage \"\(stage)\" is in two phases")
                }
            }
        }
        if let missing = stages.first(where: { phaseOfStage[$0] == nil }) {
            error(entry.key, "no phase for stage \"\(missing)\"")
        }
        return PhaseVocabulary(name: entry.key.text, phases: phases, phaseOfStage: phaseOfStage)
    }
}
