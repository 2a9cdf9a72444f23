import CXXHash
import CustomerLifecycle

/// Writes the rules as the core evaluates them: one flat array of nodes in prefix order.
struct PolicyEmitter {
    private(set) var nodes: [Policy.Node] = []
    private(set) var phrases: [Phrase] = []
    private(set) var steps: [Quantity.Step] = []
    private(set) var purposes: [BusinessID] = []
    /// Of the policy, as `stage is` and segments' names mean them.
    let stages: [String]
    private let segments: [String]

    init(stages: [String], segments: [String]) {
        self.stages = stages
        self.segments = segments
    }

    /// The index of the condition's first node.
    mutating func emit(_ condition: Condition) -> Int {
        switch condition {
        case .all(let parts): return emit(.all, parts)
        case .any(let parts): return emit(.any, parts)
        case .literal(let literal): return emit(literal)
        case .constant(let value):
            return append(Policy.Node(kind: .constant, isPositive: value, end: nodes.count + 1), .none)
        }
    }

    private mutating func emit(_ kind: Policy.Node.Kind, _ parts: [Condition]) -> Int {
        let index = append(Policy.Node(kind: kind, end: 0), .none)
        for (number, part) in parts.enumerated() {
            let first = emit(part)
            guard number == 0 else { continue }
            // A group stands where its first part does.
            nodes[index].line = nodes[first].line
            nodes[index].column = nodes[first].column
        }
        nodes[index].end = nodes.count
        return index
    }

    private mutating func append(_ node: Policy.Node, _ phrase: Phrase) -> Int {
        nodes.append(node)
        phrases.append(phrase)
        return nodes.count - 1
    }

    private mutating func emit(_ literal: Literal) -> Int {
        var node = Policy.Node(
            kind: .constant, isPositive: literal.isPositive, end: nodes.count + 1, line: literal.place.line,
            column: literal.place.column)
        switch literal.test {
        case .compare(let comparison, let left, let right):
            node.comparison = comparison
            node.left = quantity(left)
            node.right = quantity(right)
            node.kind = kind(of: left)
            node.window = window(of: left)
        case .flag(let fact):
            (node.kind, node.left) = (.flag, .fact(fact.fact))
        case .consent(let channel, let purpose):
            (node.kind, node.left) = (.flag, .fact(.consentTo))
            node.operand = (channel.map { Int64($0.rawValue) } ?? 255) * 64 + self.purpose(purpose)
        case .known(let fact):
            (node.kind, node.left) = (.known, .fact(fact.fact))
        case .has(let fact, let label):
            (node.kind, node.left) = (.has, .fact(fact.fact))
            node.operand = Self.operand(label, of: fact)
        case .reachable(let channel):
            (node.kind, node.left) = (.flag, .fact(.reachableBy))
            node.operand = Int64(channel.rawValue)
        case .stage(let names):
            node.kind = .stage
            for (index, stage) in stages.enumerated() where names.contains(stage) { node.operand |= 1 << index }
        case .segment(let name):
            // Of one that was left out nobody is a member.
            guard let place = segments.firstIndex(of: name) else { return emit(.constant(!literal.isPositive)) }
            (node.kind, node.operand) = (.segment, Int64(place))
        }
        return append(node, literal.phrase)
    }

    private func kind(of left: Operand) -> Policy.Node.Kind {
        left.isRunning ? .clock : left.isWindowed ? .window : .compare
    }

    private func window(of left: Operand) -> Milliseconds {
        guard case .fact(_, let window?) = left.term else { return Milliseconds(0) }
        return Milliseconds(window)
    }

    private mutating func quantity(_ operand: Operand) -> Quantity {
        let first = steps.count
        steps += operand.steps
        switch operand.term {
        case .constant(let value, _): return Quantity(fact: nil, constant: value, steps: first..<steps.count)
        case .fact(let fact, _), .since(let fact):
            return Quantity(fact: fact.fact, steps: first..<steps.count)
        }
    }

    mutating func purpose(_ name: String) -> Int64 {
        guard let purpose = BusinessID(name) else { preconditionFailure("Purposes are checked when declared.") }
        if let index = purposes.firstIndex(of: purpose) { return Int64(index) }
        purposes.append(purpose)
        return Int64(purposes.count - 1)
    }

    /// What the core compares a label with; of a category its hash's low 32 bits.
    private static func operand(_ label: String, of word: FactWord) -> Int64 {
        switch word.fact {
        case .profile: Int64(Profile(word: label)?.rawValue ?? 0)
        case .bought: Int64(UInt32(truncatingIfNeeded: hash(label)))
        default: Int64(bitPattern: hash(label))
        }
    }

    /// As the labels of events are hashed: trimmed, in small ASCII letters, XXH3-64.
    static func hash(_ label: String) -> UInt64 {
        let blanks: Set<UInt8> = [0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x20]
        let trimmed = label.utf8.drop { blanks.contains($0) }.reversed().drop { blanks.contains($0) }.reversed()
        let bytes = trimmed.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return bytes.withUnsafeBytes { xxh3_64($0.baseAddress, $0.count) }
    }
}
