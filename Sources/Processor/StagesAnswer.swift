import CustomerLifecycle
package import Wire

extension FoldedLog {
    /// How many customers stand where, and which ways they took.
    package func stages() -> StagesReport {
        let stages = policy.policy.stages
        var counts = [Int](repeating: 0, count: stages.count)
        for fold in folds { fold.countStages(into: &counts) }
        let transitions = ([nil] + stages.indices.map { $0 }).flatMap { from in
            stages.indices.compactMap { to in transition(from: from, to: to) }
        }
        return StagesReport(
            asOf: instant, stages: zip(stages, counts).map { StagesReport.Stage(name: $0, count: $1) },
            transitions: transitions,
            behind: folds.reduce(0) { $0 + $1.withState { $0.progress.behindCount } })
    }

    private func transition(from: Int?, to: Int) -> StagesReport.Transition? {
        let count = folds.reduce(0) { $0 + $1.withState { $0.progress.transitionCount(from: from, to: to) } }
        guard count > 0 else { return nil }
        let stages = policy.policy.stages
        return StagesReport.Transition(from: from.map { stages[$0] }, to: stages[to], count: Int(count))
    }
}

extension LogFold {
    fileprivate func countStages(into counts: inout [Int]) {
        var said = Said()
        withState { state in
            state.lendEachSubject { subject in
                guard subject.isCustomer else { return }
                subject.read(into: &said)
                counts[said.stage] += 1
            }
        }
    }
}
