extension Policy {
    /// A node in the form in which it is run: what most conditions consist of, one fact beside one constant, is worked
    /// out beforehand and small; of the rest the node itself is asked.
    struct Test {
        enum Kind: UInt8 {
            case all, any
            /// `limit` or longer has passed since `fact`; not `isPositive`: less than it.
            case since
            /// `fact comparison limit`.
            case compare
            /// A sum over a window: decided by the sum over all time where that is less, for no item takes away from
            /// it; else by the node.
            case boundedWindow
            case node
        }

        let kind: Kind
        let fact: Fact
        let comparison: Comparison
        let isPositive: Bool
        /// The index after the last node of this subtree.
        let end: Int32
        let limit: Int64

        /// No sum of an instant and a shorter time leaves the range of instants, so none has to be limited.
        private static let longest = Int64(1) << 60

        init(_ node: Node) {
            var kind = Kind.node
            var limit = node.right.constant
            var isPositive = node.isPositive
            let isConstant = node.right.fact == nil && node.right.steps.isEmpty
            let fact = node.left.fact ?? .identified
            switch node.kind {
            case .all: kind = .all
            case .any: kind = .any
            case .clock where isConstant && fact.traits.kind == .instant && limit.magnitude < Self.longest.magnitude:
                kind = .since
                if node.comparison.isExclusive { limit += 1 }
                isPositive = node.comparison.wantsAfter
            case .compare where isConstant && node.left.steps.isEmpty && node.left.fact?.traits.isAtHand == true:
                kind = .compare
            case .window where isConstant && node.left.steps.isEmpty && fact.traits.isAtHand:
                kind = .boundedWindow
            case .constant, .clock, .window, .compare, .flag, .has, .known, .stage, .segment: break
            }
            self.kind = kind
            self.fact = fact
            self.comparison = node.comparison
            self.isPositive = isPositive
            end = Int32(node.end)
            self.limit = limit
        }
    }
}

extension Policy.Comparison {
    /// Whether a time that has passed must be a millisecond more than the limit.
    var isExclusive: Bool { self == .greater || self == .lessOrEqual }
    /// Whether it holds once the time has passed, or until then.
    var wantsAfter: Bool { self == .greater || self == .greaterOrEqual }
}
