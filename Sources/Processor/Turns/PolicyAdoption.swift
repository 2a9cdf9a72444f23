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

    /// Adopts the policy, which compiles, and returns its number. `known` is what was in force when the person who
    /// adopts looked: where another policy has come into force since, nothing is written, and the error says which.
    package func adopt(_ policy: CompiledPolicy, after known: LogInForce) throws(ProcessorError) -> UInt32 {
        let writer = try EpochWriter(broker: broker, names: names, partitionCount: partitionCount)
        // Only now: whoever wrote before this has fenced nobody, and whoever does later fences this one.
        let inForce = try writer.inForce(checkpoints)
        try inForce.requireThisBuild(names)
        guard inForce.policy.number == known.policy.number else { throw Self.overtaken(by: inForce) }
        let number = inForce.policy.number + 1
        do {
            try writer.append(.adoption(AdoptedPolicy(number: number, text: policy.text, zones: policy.zones)))
        } catch  where error.cause == .brokerUnreachable {
            // Whether the broker went away or somebody else was faster, the log says.
            let found = try LogInForce.atEnd(in: broker, names: names, checkpoints: checkpoints)
            guard found.policy.number >= number else { throw error }
            guard found.policy.number == number, found.policy.text == policy.text else {
                throw Self.overtaken(by: found)
            }
        }
        return number
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
