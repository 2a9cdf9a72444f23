import CustomerLifecycle
package import Wire

extension FoldedLog {
    /// How many customers stand where, and which ways they took: the policy's stages in its order, then those that only
    /// earlier policies had, as far as customers still stand there.
    package func stages() -> StagesReport {
        var counts: [String: Int] = [:]
        var ways: [Way: Int] = [:]
        for fold in folds { fold.count(stages: &counts, ways: &ways) }
        let known = policy.policy.stages
        let former = counts.keys.filter { !known.contains($0) }.sorted()
        let names = known + former
        let passed = Set(ways.keys.flatMap { [$0.from, $0.to].compactMap { $0 } })
        let places = names + passed.filter { !names.contains($0) }.sorted()
        let transitions = ([nil] + places.map { Optional($0) }).flatMap { from in
            places.compactMap { to in
                ways[Way(from: from, to: to)].map { StagesReport.Transition(from: from, to: to, count: $0) }
            }
        }
        return StagesReport(
            asOf: instant, readUpTo: readUpTo,
            stages: names.map { StagesReport.Stage(name: $0, count: counts[$0] ?? 0) },
            transitions: transitions,
            behind: folds.reduce(0) { $0 + $1.withState { $0.progress.behindCount } })
    }
}

/// From one stage to another; from nil a customer's first.
private struct Way: Hashable {
    let from: String?
    let to: String
}

extension LogFold {
    fileprivate func count(stages: inout [String: Int], ways: inout [Way: Int]) {
        var said = Said()
        withState { state in
            let names = state.progress.stageNames
            var counts = [Int](repeating: 0, count: names.count)
            state.lendEachSubject { subject in
                guard subject.isCustomer else { return }
                subject.read(into: &said)
                counts[said.stage] += 1
            }
            for (name, count) in zip(names, counts) where count > 0 { stages[name, default: 0] += count }
            for from in [nil] + names.indices.map({ Optional($0) }) {
                for to in names.indices {
                    let count = state.progress.transitionCount(from: from, to: to)
                    guard count > 0 else { continue }
                    ways[Way(from: from.map { names[$0] }, to: names[to]), default: 0] += Int(count)
                }
            }
        }
    }
}
