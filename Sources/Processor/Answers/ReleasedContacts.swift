import CustomerLifecycle

/// One partition's history under a policy, as if all of it had been live: gives the contacts that would have been
/// released. One thread at a time uses it.
final class ReleasedContacts {
    struct Release {
        /// Among the policies that are compared.
        let policy: Int
        let action: String
        let at: Instant
    }

    private struct Step: Hashable {
        let action: String
        let step: String
    }

    private var partition: Partition
    private var outcome = Outcome(describes: false)
    private let policy: Int
    /// The others are tasks, which nobody is sent.
    private let contacts: Set<Step>

    init(under policy: Policy, at place: Int) {
        partition = Partition(policy: policy)
        self.policy = place
        contacts = Set(
            policy.contacts.actions.flatMap { action in
                action.steps.filter { $0.channel != nil }.map { Step(action: action.name, step: $0.name) }
            })
    }

    /// Folds an event as told when it happened. Returns false where it stands behind newer ones of its customer: nobody
    /// knows when it would have come.
    func fold(
        _ event: inout StorefrontEvent, of subject: UnsafeRawBufferPointer, hash: UInt64, in record: RecordContext,
        _ onRelease: (Release) -> Void
    ) -> Bool {
        let isInTime = partition.foldAsLive(
            &event, of: subject, hash: hash, counted: record.counted(event.claimed), offset: record.offset,
            into: &outcome)
        tell(onRelease)
        return isInTime
    }

    func finish(at instant: Instant, _ onRelease: (Release) -> Void) {
        partition.passAsLive(until: instant, into: &outcome)
        tell(onRelease)
    }

    private func tell(_ onRelease: (Release) -> Void) {
        guard !outcome.isEmpty else { return }
        outcome.lendEach { head, output in
            guard case .action(let ended) = output else { return }
            let at = head.time
            guard ended.decision == .due else { return }
            let words = partition.progress.words
            let step = Step(action: words[ended.action], step: words[ended.step])
            guard contacts.contains(step) else { return }
            onRelease(Release(policy: policy, action: step.action, at: at))
        }
        outcome.removeAll()
    }
}
