import CustomerLifecycle
package import PolicyLanguage
package import Wire

extension PolicyReport {
    /// `examples`: one for each rule, where they were looked for. `words`: where they are asked for.
    package init(
        _ compiled: CompiledPolicy, _ examples: [RuleExample.Finding] = [], _ words: PolicyWords? = nil
    ) {
        let messages = { (severity: Problem.Severity) in
            compiled.problems.filter { $0.severity == severity }.map {
                Message(line: $0.place.line, column: $0.place.column, message: $0.message)
            }
        }
        let policy = compiled.policy
        self.init(
            file: compiled.fileName, errors: messages(.error), notes: messages(.note), name: policy?.name,
            hash: policy == nil ? nil : compiled.hash.hex, stages: policy?.stages ?? [],
            rules: policy?.rules.enumerated().map { place, rule in
                Rule(
                    stage: policy?.stages[rule.stage] ?? "", line: rule.line, text: compiled.source(line: rule.line),
                    sentence: words?.stages[place].sentence,
                    example: examples.isEmpty ? nil : Example(examples[place]))
            } ?? [])
    }
}

extension PolicyReport.Example {
    fileprivate init(_ finding: RuleExample.Finding) {
        switch finding {
        case .found(let example):
            let history = example.history.map { PolicyReport.Event(at: $0.at, text: $0.text) }
            self = .found(asOf: RuleExample.asOf, history: history)
        case .none(let reason): self = .none(because: reason)
        }
    }
}
