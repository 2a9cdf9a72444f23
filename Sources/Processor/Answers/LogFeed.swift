package import CustomerLifecycle

extension FoldedLog {
    /// The facts that something in the log feeds, of any customer.
    package func fedFacts(threadCount: Int = coreCount) -> Set<Fact> {
        let held = UncheckedFolds(folds: folds)
        let policy = moment.policy.policy
        let parts = onThreads(count: folds.count, threadCount: threadCount) { index in
            let judge = Judge(under: policy)
            var said = Said()
            var fed: Set<Fact> = []
            held.folds[index].withState { state in
                state.lendEachSubject { subject in
                    guard subject.isCustomer, fed.count < Fact.allCases.count else { return }
                    subject.read(into: judge, &said)
                    judge.read()
                    judge.collectFed(into: &fed)
                }
            }
            return fed
        }
        return parts.reduce(into: []) { $0.formUnion($1) }
    }
}
