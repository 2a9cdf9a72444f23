import Hostile
import Testing

@testable import fuzz

/// The text of a policy, damaged; `Hostile text` looks at what is said of it.
@Suite struct `A damaged policy` {
    @Test(arguments: UInt64(1)...4)
    func `is a policy that compiles the same from the log, or is refused`(seed: UInt64) throws {
        let samples = PolicyAttack.samples()
        let mutations = SamplePolicies.mutations(others: samples)
        var random = SeededGenerator(seed: seed)
        var attack = PolicyAttack()
        for round in 0..<200 {
            var bytes = samples[round % samples.count]
            for _ in 0..<Int.random(in: 1...3, using: &random) { mutations.apply(to: &bytes, &random) }
            do throws(BrokenPromise) {
                _ = try attack.attempt(bytes)
            } catch {
                Issue.record("seed \(seed), round \(round): \(error)")
            }
        }
    }

    @Test(arguments: PolicyAttack.samples().indices)
    func `that is cut off at any byte is a policy or is refused`(number: Int) throws {
        var attack = PolicyAttack()
        let sample = PolicyAttack.samples()[number]
        for count in 0..<sample.count { _ = try attack.attempt(Array(sample[..<count])) }
    }
}
