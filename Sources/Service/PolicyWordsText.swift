package import CommandLine
package import PolicyLanguage

extension PolicyWords {
    /// What `policy show` prints. `examples`: a customer for each line of the stages.
    package func lines(_ examples: [RuleExample.Finding], columnCount: Int, style: Style) -> [String] {
        let wrap = { (text: String, indent: Int) in
            Wrapped(text, columnCount: columnCount - indent).lines.map { String(repeating: " ", count: indent) + $0 }
        }
        var lines = wrap(about.isEmpty ? name : "\(name): \(about)", 0)
        for setting in settings { lines += wrap(setting, 2) }
        lines += ["", "Stages: the first line that is true of a customer decides."]
        for (stage, example) in zip(stages, examples) {
            lines.append("  " + style(.strong, stage.name) + " (line \(stage.line))")
            lines += wrap(stage.sentence, 4)
            lines += Self.exampleLines(example, wrap)
        }
        lines += segmentLines(wrap, style) + phaseLines(wrap) + contactLines(wrap, style)
        if !notInForce.isEmpty {
            lines += [""] + wrap("Not in force yet: \(notInForce.joined(separator: ", ")).", 0)
        }
        return lines
    }

    private static func exampleLines(
        _ example: RuleExample.Finding, _ wrap: (String, Int) -> [String]
    ) -> [String] {
        guard case .found = example else { return example.lines.flatMap { wrap($0, 4) } }
        let title = "For example: "
        var lines = example.lines.flatMap { wrap($0, 4 + title.count) }
        lines[0] = "    " + title + lines[0].trimmingPrefix { $0 == " " }
        return lines
    }

    private func segmentLines(_ wrap: (String, Int) -> [String], _ style: Style) -> [String] {
        guard !segments.isEmpty else { return [] }
        var lines = ["", "Segments: a customer is in each whose line is true."]
        for segment in segments {
            lines.append("  " + style(.strong, segment.name) + " (line \(segment.line))")
            lines += wrap(segment.sentence, 4)
        }
        return lines
    }

    private func contactLines(_ wrap: (String, Int) -> [String], _ style: Style) -> [String] {
        var lines: [String] = []
        if !contactRules.isEmpty {
            lines += ["", "Contacts: what holds for all of them."] + contactRules.flatMap { wrap($0, 2) }
        }
        if !actions.isEmpty {
            lines += ["", "Actions: what falls due; of those that compete the first one goes first."]
        }
        for action in actions {
            lines.append("  " + style(.strong, action.name) + " (line \(action.line))")
            lines += wrap(action.sentence, 4) + action.steps.flatMap { wrap($0, 6) }
        }
        if !experiments.isEmpty {
            lines += ["", "Experiments: who gets which variant is drawn by the customer's id."]
            lines += experiments.flatMap { wrap($0, 2) }
        }
        return lines
    }

    private func phaseLines(_ wrap: (String, Int) -> [String]) -> [String] {
        guard !phases.isEmpty else { return [] }
        var lines = ["", "Phases: other names for groups of stages."]
        for vocabulary in phases {
            lines.append("  \(vocabulary.name)")
            for phase in vocabulary.phases {
                let stages = stages.map(\.name).reduce(into: [String]()) { found, stage in
                    if vocabulary.phaseOfStage[stage] == phase, !found.contains(stage) { found.append(stage) }
                }
                lines += wrap("\(phase): \(stages.joined(separator: ", "))", 4)
            }
        }
        return lines
    }
}

extension RuleExample.Finding {
    /// As they stand below each other; one at least.
    package var lines: [String] {
        switch self {
        case .found(let example): example.shortHistory.map(\.description)
        case .none(let reason): ["no example was found: \(reason)"]
        }
    }
}
