package import Brokers
package import CustomerLifecycle
package import PolicyLanguage
package import Storage
package import Wire

/// Puts another policy in force: a record in every partition, all of them or none.
package struct PolicyAdoption<B: Broker, D: Disk> {
    private let broker: B
    private let names: Names
    private let checkpoints: Checkpoints<D>
    private let partitionCount: Int

    package init(broker: B, names: Names, checkpoints: Checkpoints<D>, partitionCount: Int) {
        self.broker = broker
        self.names = names
        self.checkpoints = checkpoints
        self.partitionCount = partitionCount
    }

    /// Up to when silence would count if a policy were adopted now.
    package func instant() throws(ProcessorError) -> Instant {
        let instant = try EpochWriter.instant(in: broker, names)
        guard instant == LogHeader.appendTime else { return instant }
        return try ProcessorError.translating { () throws(BrokerError) in Instant(milliseconds: try broker.now()) }
    }

    /// Others who adopt at the same time fence this one, and may all fence each other.
    private static var attemptCountMax: Int { 9 }

    /// Adopts the policy, which compiles, and returns its number. `known` is what was in force when the person who
    /// adopts looked: where another policy has come into force since, nothing is written, and the error says which.
    /// `pause` is called behind each attempt that failed, with its number from 1: it waits for a while that is another
    /// in each process, and grows.
    package func adopt(
        _ policy: CompiledPolicy, after known: LogInForce, pause: (_ attempt: Int) -> Void = { _ in }
    ) throws(ProcessorError) -> UInt32 {
        let number = known.policy.number + 1
        for attempt in 1... {
            // Whoever finds that another was faster need not fence a third.
            if attempt > 1 {
                let found = try LogInForce.atEnd(in: broker, names: names, checkpoints: checkpoints)
                guard found.policy.number < number || found.policy.text == policy.text else {
                    throw Self.overtaken(by: found)
                }
            }
            let writer = try EpochWriter(broker: broker, names: names, partitionCount: partitionCount)
            // Only now: whoever wrote before this has fenced nobody, and whoever does later fences this one. Of a
            // commit of the attempt before, of which nobody knew, the log knows now.
            let inForce = try writer.inForce(checkpoints)
            try inForce.requireThisBuild(names)
            if attempt > 1, inForce.policy.number == number, inForce.policy.text == policy.text { return number }
            guard inForce.policy.number < number else { throw Self.overtaken(by: inForce) }
            do {
                try writer.append(.adoption(AdoptedPolicy(number: number, text: policy.text, zones: policy.zones)))
                return number
            } catch  where error.cause == .brokerUnreachable && attempt < Self.attemptCountMax {
                pause(attempt)
            }
        }
        preconditionFailure("Each attempt ends, or the last one throws.")
    }

    private static func overtaken(by other: LogInForce) -> ProcessorError {
        let hash = PolicyHash(of: other.policy.text).hex.prefix(12)
        return ProcessorError(
            .usage,
            "policy \(other.policy.number) (\(hash)) was adopted meanwhile: look at `lifecycle policy diff` again")
    }
}

/// A policy that was in force from an instant on.
package struct AdoptionEntry: Equatable, Sendable {
    /// When it came into force: the instant of adoption; of the first policy when the log was begun.
    package let at: Instant
    package let policy: AdoptedPolicy
}

extension LogInForce {
    /// Every policy that came into force, the first one first. It reads the first partition from its start.
    package static func history(
        in broker: some Broker, names: Names, onProgress: (Int) -> Void
    ) throws(ProcessorError) -> [AdoptionEntry] {
        var entries: [AdoptionEntry] = []
        try eachOwnRecord(of: names.log(0), in: broker, from: NextOffset(0), onProgress: onProgress) { record, lent in
            let policy: AdoptedPolicy
            switch record.contents {
            case .genesis(let genesis): policy = genesis.policy
            case .adoption(let adopted) where adopted.number > entries.last?.policy.number ?? 0: policy = adopted
            case .event, .link, .tick, .caughtUp, .adoption, .generation: return
            }
            let appended = Instant(milliseconds: lent.timestamp)
            let isGenesis = entries.isEmpty
            entries.append(
                AdoptionEntry(at: isGenesis ? appended : min(record.claimed, appended), policy: policy))
        }
        return entries
    }
}

extension LogView {
    /// Every policy that was in force, the first one first.
    package func policyHistory(onProgress: (Int) -> Void = { _ in }) throws(ProcessorError) -> PolicyHistoryReport {
        var adoptions: [PolicyHistoryReport.Adoption] = []
        for entry in try self.adoptions(onProgress: onProgress) {
            let policy = try cache.policy(entry.policy)
            adoptions.append(
                PolicyHistoryReport.Adoption(
                    policy: policy.reference, at: entry.at, stageCount: policy.policy.stages.count,
                    segmentCount: policy.policy.segments.count))
        }
        return PolicyHistoryReport(adoptions: adoptions)
    }

    func adoptions(onProgress: (Int) -> Void = { _ in }) throws(ProcessorError) -> [AdoptionEntry] {
        try LogInForce.history(in: broker, names: names, onProgress: onProgress)
    }
}
