package import CustomerLifecycle

extension FoldedLog {
    /// The facts that something in the log feeds, of any customer.
    package func fedFacts(threadCount: Int = coreCount) -> FedFacts {
        let held = UncheckedFolds(folds: folds)
        let policy = moment.policy.policy
        let parts = onThreads(count: folds.count, threadCount: threadCount) { index in
            let judge = Judge(under: policy)
            var said = Said()
            var fed = FedFacts()
            held.folds[index].withState { state in
                state.lendEachSubject { subject in
                    guard subject.isCustomer, !fed.isWhole else { return }
                    subject.read(into: judge, &said)
                    judge.read()
                    judge.collectFed(into: &fed)
                }
            }
            return fed
        }
        return parts.reduce(into: FedFacts()) { $0.formUnion($1) }
    }
}
