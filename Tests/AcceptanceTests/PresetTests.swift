import CustomerLifecycle
import Foundation
import PolicyLanguage
import Testing

@Suite(.whereSharedDataAreGiven) struct `A preset and the shared file of its name` {
    /// What a policy comes to, wherever its lines stand: its stages and segments. The shared files have actions, too;
    /// presets get theirs when actions are in force.
    private struct Form: Equatable {
        let policy: [String]
        let nodes: [Policy.Node]
        let purposes: [String]
        let steps: [Quantity.Step]
        let zones: [ZoneTable]
        let phases: [PhaseVocabulary]

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
            let ends = (policy.rules.compactMap(\.condition) + policy.segments.map(\.condition)).map {
                policy.nodes[$0].end
            }
            nodes = policy.nodes.prefix(ends.max() ?? 0).map { node in
                var node = node
                (node.line, node.column) = (0, 0)
                return node
            }
            let asked = Set(nodes.filter { $0.left.fact == .consentTo }.map { Int($0.operand % 64) })
            purposes = asked.sorted().map { policy.purposes[$0].text }
            steps = Array(
                policy.steps.prefix(nodes.flatMap { [$0.left.steps, $0.right.steps] }.map(\.upperBound).max() ?? 0))
            zones = compiled.zones
            phases = compiled.phases
        }
    }

    @Test(arguments: Preset.allCases)
    func `compile to one form`(preset: Preset) throws {
        let text = try String(contentsOfFile: Settings.policy(preset.rawValue), encoding: .utf8)
        #expect(try Form(preset.compiled) == Form(PolicyCompiler.compile(text)))
    }
}
