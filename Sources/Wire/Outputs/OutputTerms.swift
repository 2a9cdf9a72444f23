package import CustomerLifecycle

/// What the outputs of one partition say again and again, as long as one policy and one generation are in force.
package struct OutputTerms: Sendable {
    /// One comparison of a rule: the fact's name, what it is counted in, and with which number it is compared; nil
    /// where that is another fact.
    package struct Fact: Sendable {
        package var name: String
        package var unit: FactUnit
        package var threshold: Int64?

        package init(name: String, unit: FactUnit, threshold: Int64? = nil) {
            self.name = name
            self.unit = unit
            self.threshold = threshold
        }
    }

    /// The shop's topic prefix, as it is set: `shop1.` or nothing.
    package var prefix: String
    package var partition: Int
    package var generation: Int
    package var policy: PolicyReference
    package var currency: Currency
    /// Names of stages, by the indices that changes use.
    package var stages: [String]
    /// The phase of each of these stages in each vocabulary of the policy; none of a stage of another policy.
    package var phases: [[(vocabulary: String, phase: String)]]
    /// Names of stages, by the indices that the policy's own rules use.
    package var policyStages: [String]
    /// The rules' texts by rule of the policy: `at_risk, line 21`.
    package var rules: [String]
    /// Names of segments, by the indices that changes use.
    package var segments: [String]
    /// Where each segment of the policy stands: `big_spender, line 34`.
    package var segmentRules: [String]
    /// The facts by node of the policy.
    package var facts: [Fact]
    /// How long after a change a mailer may still act on it. Only `ce_expirytime` depends on it.
    package var actableFor = CloudEvent.actableFor

    package init(
        prefix: String, partition: Int, generation: Int, policy: PolicyReference, currency: Currency, stages: [String],
        phases: [[(vocabulary: String, phase: String)]], policyStages: [String], rules: [String],
        segments: [String] = [], segmentRules: [String] = [], facts: [Fact]
    ) {
        self.prefix = prefix
        self.partition = partition
        self.generation = generation
        self.policy = policy
        self.currency = currency
        self.stages = stages
        self.phases = phases
        self.policyStages = policyStages
        self.rules = rules
        self.segments = segments
        self.segmentRules = segmentRules
        self.facts = facts
    }

    /// `/lifecycle/shop1/1`.
    var source: String {
        let separators = Set<Character>([".", "-", "_"])
        let name = prefix.last.map(separators.contains) == true ? String(prefix.dropLast()) : prefix
        return "/lifecycle/\(name.isEmpty ? "default" : name)/\(generation)"
    }
}

/// Pieces of outputs that are written again and again, encoded once, all in one place.
struct Fragments: ~Copyable {
    /// Where a piece stands.
    struct Piece {
        fileprivate let start: Int
        fileprivate let count: Int
    }

    private var bytes = ReusedBytes(capacity: 4_096)

    mutating func add(_ text: String) -> Piece { add(Array(text.utf8)) }

    mutating func add(_ added: [UInt8]) -> Piece {
        let start = bytes.count
        bytes.append(added)
        return Piece(start: start, count: bytes.count - start)
    }

    /// Good until the next one is added.
    @inline(__always) subscript(piece: Piece) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: bytes.base + piece.start, count: piece.count)
    }
}
