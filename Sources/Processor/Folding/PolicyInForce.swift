package import Brokers
package import CustomerLifecycle
package import PolicyLanguage
package import Storage
import Synchronization
package import Wire

/// A policy as it stands in the log: its number, its file, and what it compiles to.
package struct PolicyInForce: Sendable {
    /// 1 in genesis, then one more with each adoption.
    package let number: UInt32
    package let compiled: CompiledPolicy
    package let policy: Policy
    /// How outputs name it.
    package let reference: PolicyReference

    package var record: AdoptedPolicy {
        AdoptedPolicy(number: number, text: compiled.text, zones: compiled.zones)
    }
}

extension PolicyInForce {
    /// Returns the policy of genesis, or the newest adopted since. Throws where another version of the fold is in force
    /// than this build's.
    package static func newest<D: Disk>(
        in broker: some Broker, names: Names, cache: PolicyCache, checkpoints: Checkpoints<D>
    ) throws(ProcessorError) -> PolicyInForce {
        let inForce = try LogInForce.atEnd(in: broker, names: names, checkpoints: checkpoints)
        try inForce.requireThisBuild(names)
        return try cache.policy(inForce.policy)
    }
}

/// Compiles each policy of a log once, for all its partitions: checking one takes longer than folding many events.
package final class PolicyCache: Sendable {
    private let compiled = Mutex<[AdoptedPolicy.Key: CompiledPolicy]>([:])

    package init() {}

    package func policy(_ adopted: AdoptedPolicy) throws(ProcessorError) -> PolicyInForce {
        let key = AdoptedPolicy.Key(text: adopted.text, zones: adopted.zones.map(\.name))
        let found = compiled.withLock { cache in
            if let known = cache[key] { return known }
            let fresh = PolicyCompiler.compile(adopted.text, zones: adopted.zones, fileName: "policy in the log")
            cache[key] = fresh
            return fresh
        }
        guard let policy = found.policy else {
            let errors = found.errors.map { found.rendered($0) }.joined(separator: "\n")
            throw ProcessorError(
                .otherFoldVersion,
                "Policy \(adopted.number) in the log does not compile with this build; "
                    + "it was adopted by another:\n\(errors)"
            )
        }
        let reference = PolicyReference(name: policy.name, version: Int(adopted.number), hash: found.hash.hex)
        return PolicyInForce(number: adopted.number, compiled: found, policy: policy, reference: reference)
    }
}

extension AdoptedPolicy {
    /// What makes two adoptions compile alike, as far as one log goes: zone tables of one name are the machine's of one
    /// day.
    fileprivate struct Key: Hashable {
        let text: [UInt8]
        let zones: [String]
    }
}

extension LogFold {
    /// A question about an instant, asked under the policy in force today.
    package struct AsOf: Sendable {
        package let instant: Instant
        package let policy: PolicyInForce

        package init(_ instant: Instant, under policy: PolicyInForce) {
            self.instant = instant
            self.policy = policy
        }
    }
}

extension Policy {
    /// Everyone is in one stage; nothing is folded under it.
    static var beforeGenesis: Self {
        Self(
            name: "", currency: Currency(code: 0), stages: [""], rules: [Rule(stage: 0, condition: nil, line: 0)],
            nodes: [])
    }
}
