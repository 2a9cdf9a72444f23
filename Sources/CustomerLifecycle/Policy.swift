/// A shop's policy, checked and compiled: which stage a customer is in, from facts and an instant.
///
/// Built by `PolicyLanguage`, read by `evaluate`. Conditions are one flat array of nodes in prefix order; `not` has
/// been pushed down to the comparisons and definitions are inlined.
package struct Policy: Sendable {
    package var name: String
    package var currency: Currency
    /// Stage names in the order of their first rule. At most 32.
    package var stages: [String]
    /// The first rule that holds decides; the last one is `otherwise`. At most 64.
    package var rules: [Rule]
    /// Groups that a customer may be in, beside the stage and beside each other, in the order of the file. At most 64.
    package var segments: [Segment] {
        didSet {
            segmentConditions = segments.map(\.condition)
            effortSegments = Self.effortSegments(segments, nodes)
        }
    }
    /// The first nodes of their conditions, for `Judge.segments`.
    private(set) var segmentConditions: [Int]
    /// The places of those that ask what we have sent: a release may change them.
    private(set) var effortSegments: [Int]
    package var nodes: [Node] { didSet { tests = nodes.map(Test.init) } }
    /// The same nodes as `evaluate` runs them.
    private(set) var tests: [Test]
    /// What quantities multiply and bound, referred to by `Quantity.steps`.
    package var steps: [Quantity.Step]
    /// Purposes that `consent to` asks for, referred to by `Node.operand` of the flag; at most 64.
    package var purposes: [BusinessID]
    /// A gap between two orders longer than this opens a new cycle.
    package var cycleEndsAfter: Milliseconds?
    package var assumedGap: Milliseconds?
    /// Hundredths of an order's value, where its cost of goods is unknown.
    package var assumedMarginPercent: Int64?
    package var deliveryPromise: Milliseconds?
    /// How long a friend's first order must be kept for the referral to count.
    package var referralHold: Milliseconds?
    package var contacts: ContactPlan

    package init(
        name: String, currency: Currency, stages: [String], rules: [Rule], segments: [Segment] = [], nodes: [Node],
        steps: [Quantity.Step] = [], purposes: [BusinessID] = [], cycleEndsAfter: Milliseconds? = nil,
        assumedGap: Milliseconds? = nil, assumedMarginPercent: Int64? = nil, deliveryPromise: Milliseconds? = nil,
        referralHold: Milliseconds? = nil, contacts: ContactPlan = .none
    ) {
        self.name = name
        self.currency = currency
        self.stages = stages
        self.rules = rules
        self.segments = segments
        segmentConditions = segments.map(\.condition)
        effortSegments = Self.effortSegments(segments, nodes)
        self.nodes = nodes
        tests = nodes.map(Test.init)
        self.steps = steps
        self.purposes = purposes
        self.cycleEndsAfter = cycleEndsAfter
        self.assumedGap = assumedGap
        self.assumedMarginPercent = assumedMarginPercent
        self.deliveryPromise = deliveryPromise
        self.referralHold = referralHold
        self.contacts = contacts
    }

    private static func effortSegments(_ segments: [Segment], _ nodes: [Node]) -> [Int] {
        segments.indices.filter { place in
            let first = segments[place].condition
            return nodes.indices.contains(first)
                && nodes[first..<nodes[first].end].contains { node in
                    [node.left.fact, node.right.fact].contains { $0?.isEffort == true }
                }
        }
    }

    /// One line of `stages:`.
    package struct Rule: Equatable, Sendable {
        /// Index into `stages`.
        package var stage: Int
        /// The condition's first node; nil is `otherwise`.
        package var condition: Int?
        package var line: Int

        package init(stage: Int, condition: Int?, line: Int) {
            self.stage = stage
            self.condition = condition
            self.line = line
        }
    }

    /// One line of `segments:`.
    package struct Segment: Equatable, Sendable {
        package var name: String
        /// The condition's first node.
        package var condition: Int
        package var line: Int

        package init(name: String, condition: Int, line: Int) {
            self.name = name
            self.condition = condition
            self.line = line
        }
    }

    /// One node of a condition. Its subtree is `self ..< end`.
    package struct Node: Equatable, Sendable {
        package enum Kind: UInt8, Sendable {
            case all, any
            /// Always `isPositive`.
            case constant
            /// `since left.fact  comparison  right`: left is an instant, right a duration that stands still.
            case clock
            /// `left.fact in last window  comparison  right`: a sum over dated items; window 0 is "ever".
            case window
            case compare
            /// A yes/no fact, holding iff its value equals `isPositive`. `operand` is its parameter: for `consentTo`
            /// channel × 64 + purpose index (channel 255 is any).
            case flag
            /// A set or label fact has (or has not) the label whose hash is `operand`; for `profile`, its bit.
            case has
            /// The fact has a value, or not.
            case known
            /// The customer's stage is (or is not) one of those whose bits `operand` has, by their indices. Segments
            /// and actions ask for it.
            case stage
            /// The customer is (or is not) in the segment with the index `operand`. Actions alone ask for it.
            case segment
        }

        package var kind: Kind
        package var comparison: Comparison
        package var isPositive: Bool
        /// The index after the last node of this subtree.
        package var end: Int
        package var left: Quantity
        package var right: Quantity
        package var window: Milliseconds
        package var operand: Int64
        /// Where it stands in the policy file, from 1.
        package var line: Int
        package var column: Int

        package init(
            kind: Kind, comparison: Comparison = .equal, isPositive: Bool = true, end: Int,
            left: Quantity = .constant(0), right: Quantity = .constant(0), window: Milliseconds = Milliseconds(0),
            operand: Int64 = 0, line: Int = 0, column: Int = 0
        ) {
            self.kind = kind
            self.comparison = comparison
            self.isPositive = isPositive
            self.end = end
            self.left = left
            self.right = right
            self.window = window
            self.operand = operand
            self.line = line
            self.column = column
        }
    }

    package enum Comparison: UInt8, Sendable {
        case less, lessOrEqual, equal, notEqual, greaterOrEqual, greater

        @inlinable package func holds(_ a: Int64, _ b: Int64) -> Bool {
            switch self {
            case .less: a < b
            case .lessOrEqual: a <= b
            case .equal: a == b
            case .notEqual: a != b
            case .greaterOrEqual: a >= b
            case .greater: a > b
            }
        }
    }
}

/// A number a condition compares: a constant or a fact, then multiplied and bounded step by step.
package struct Quantity: Equatable, Sendable {
    package enum Step: Equatable, Sendable {
        /// Times hundredths, divided by 100 towards zero.
        case times(hundredths: Int64)
        case atLeast(Int64)
        case atMost(Int64)
    }

    /// Nil: `constant` is the value.
    package var fact: Fact?
    package var constant: Int64
    /// Into `Policy.steps`.
    package var steps: Range<Int>

    package init(fact: Fact?, constant: Int64 = 0, steps: Range<Int> = 0..<0) {
        self.fact = fact
        self.constant = constant
        self.steps = steps
    }

    package static func constant(_ value: Int64) -> Self { Self(fact: nil, constant: value) }
    package static func fact(_ fact: Fact) -> Self { Self(fact: fact) }
}
