import PolicyLanguage
import Testing

@testable import Simulation

@Suite struct `A simulated shop` {
    @Test func `keeps its word through everything that can go wrong`() {
        let campaign = Campaign.run(seeds: 0..<60, policy: .standard)
        for run in campaign.failures {
            guard let failure = run.failure else { continue }
            Issue.record("seed \(run.seed): \(failure.anomaly)\n\(failure.steps.joined(separator: "\n"))")
        }
        print(campaign.tally)
    }
}
