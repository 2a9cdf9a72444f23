import CustomerLifecycle
import Foundation
import PolicyLanguage
import Testing

@Suite(.whereSharedDataAreGiven) struct `A preset and the shared file of its name` {
    /// What a policy comes to, wherever its lines stand.
    private struct Form: Equatable {
        let policy: [String]
        let nodes: [Policy.Node]
        let purposes: [String]
        let steps: [Quantity.Step]
        let zones: [ZoneTable]
        let phases: [PhaseVocabulary]
        let actions: [Policy.Action]
        let experiments: [Policy.Experiment]
        let rules: Policy.ContactRules

        init(_ compiled: CompiledPolicy) throws {
            let policy = try #require(compiled.policy, "\(compiled.errors)")
            self.policy =
                [
                    policy.name, policy.currency.letters, "\(policy.stages)",
                    "\(policy.cycleEndsAfter, default: "-")", "\(policy.assumedGap, default: "-")",
                    "\(policy.assumedMarginPercent, default: "-")", "\(policy.deliveryPromise, default: "-")",
                    "\(policy.referralHold, default: "-")",
                ] + policy.rules.map { "\($0.stage) \($0.condition, default: "otherwise")" }
                + policy.segments.map { "\($0.name) \($0.condition)" }
            nodes = policy.nodes.map { node in
                var node = node
                (node.line, node.column) = (0, 0)
                return node
            }
            purposes = policy.purposes.map(\.text)
            steps = policy.steps
            zones = compiled.zones
            phases = compiled.phases
            actions = policy.contacts.actions.map { action in
                var action = action
                action.line = 0
                for place in action.steps.indices { action.steps[place].line = 0 }
                return action
            }
            experiments = policy.contacts.experiments
            rules = policy.contacts.rules
        }
    }

    @Test(arguments: Preset.allCases)
    func `compile to one form`(preset: Preset) throws {
        let text = try String(contentsOfFile: Settings.policy(preset.rawValue), encoding: .utf8)
        #expect(try Form(preset.compiled) == Form(PolicyCompiler.compile(text)))
    }
}
