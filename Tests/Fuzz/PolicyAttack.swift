import Hostile
import PolicyLanguage
import Processor
import Wire

/// The text of a policy: compiled, and where that succeeds as a log has it, again.
struct PolicyAttack: Attack {
    static let name = "policies"

    static func samples() -> [[UInt8]] {
        [Preset.default.text, SamplePolicies.all[0], SamplePolicies.all[1]].map { Array($0.utf8) }
    }

    mutating func attempt(_ bytes: [UInt8]) throws(BrokenPromise) -> Verdict {
        let compiled = PolicyCompiler.compile(bytes)
        guard (compiled.policy == nil) == !compiled.errors.isEmpty else {
            throw BrokenPromise("There is a policy, or there are errors, and never both.")
        }
        for problem in compiled.problems {
            guard problem.line >= 1, problem.column >= 1, !problem.message.isEmpty else {
                throw BrokenPromise("A problem has a place and a sentence: \(problem)")
            }
            guard compiled.rendered(problem).utf8.count < 4_096 else {
                throw BrokenPromise("A problem is said in a few lines: \(compiled.rendered(problem).prefix(200))")
            }
        }
        guard compiled.policy != nil else { return .refused(compiled.errors[0].message) }
        let adopted = AdoptedPolicy(number: 1, text: compiled.text, zones: compiled.zones)
        do {
            _ = try PolicyCache().policy(adopted)
        } catch {
            throw BrokenPromise("A policy that was adopted compiles no more: \(error)")
        }
        return .taken(compiled.hash.hex)
    }
}
