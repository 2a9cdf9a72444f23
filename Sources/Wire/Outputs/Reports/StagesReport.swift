package import CustomerLifecycle

/// `stages`: how many customers are where, and which ways they took.
package struct StagesReport: Report, Equatable {
    package struct Stage: Equatable, Sendable {
        package var name: String
        /// Everybody in it.
        package var count: Int
        /// Those of them who are known by an anonymous id alone.
        package var visitorCount: Int
        /// Those of them whom the shop knows.
        package var knownCount: Int { count - visitorCount }

        package init(name: String, count: Int, visitorCount: Int = 0) {
            self.name = name
            self.count = count
            self.visitorCount = visitorCount
        }
    }

    package struct Segment: Equatable, Sendable {
        package var name: String
        /// Who is in it.
        package var count = 0
        /// How often it was entered, and how often it was left.
        package var enteredCount = 0
        package var leftCount = 0

        package init(name: String, count: Int = 0, enteredCount: Int = 0, leftCount: Int = 0) {
            self.name = name
            self.count = count
            self.enteredCount = enteredCount
            self.leftCount = leftCount
        }
    }

    package struct Transition: Equatable, Sendable {
        /// Nil: the customer's first stage.
        package var from: String?
        package var to: String
        package var count: Int

        package init(from: String?, to: String, count: Int) {
            self.from = from
            self.to = to
            self.count = count
        }
    }

    /// A change of stage by one of a policy's lines, for one reason.
    package struct Move: Hashable, Sendable {
        /// Nil: the customer's first stage.
        package var from: String?
        package var to: String
        /// `at_risk, line 21`.
        package var rule: String
        /// The line as it stands in the policy; nil of what the shop set.
        package var text: String?
        package var policyNumber: Int
        package var trigger: StageChange.Trigger

        package init(
            from: String?, to: String, rule: String, text: String?, policyNumber: Int, trigger: StageChange.Trigger
        ) {
            self.from = from
            self.to = to
            self.rule = rule
            self.text = text
            self.policyNumber = policyNumber
            self.trigger = trigger
        }

        func writeMembers(to json: inout JSONWriter) {
            json.member("from", from)
            json.member("to", to)
            json.member("rule", rule)
            json.member("line", text)
            json.member("policy", policyNumber)
            json.member("trigger", trigger.word)
        }
    }

    /// Moves of one kind, and how many there were.
    package struct CountedMove: Equatable, Sendable {
        package var move: Move
        package var count: Int

        package init(_ move: Move, count: Int) {
            self.move = move
            self.count = count
        }
    }

    /// Who stood where at an earlier instant.
    package struct Month: Equatable, Sendable {
        package var asOf: Instant
        package var stages: [Stage]

        package init(asOf: Instant, stages: [Stage]) {
            self.asOf = asOf
            self.stages = stages
        }
    }

    /// Up to when silence counts: the newest tick, or the instant asked for. Nil: the log holds no time yet.
    package var asOf: Instant?
    /// The newest instant of which anything counts: of an event or of a tick.
    package var readUpTo: Instant?
    /// The stages in the policy's order, those without customers too.
    package var stages: [Stage]
    package var transitions: [Transition]
    /// In the policy's order; those that it has not any more stand behind its own.
    package var segments: [Segment] = []
    package var behind: Int
    /// Under which everybody is judged.
    package var policy: PolicyReference?
    /// The one in force at the instant asked for, and the one in force now; nil where no instant was asked for.
    package var policyOfThen: PolicyReference?
    package var policyOfNow: PolicyReference?
    package var orders = OrderCounts()
    /// The currency in which the policy counts; nil where it counts no money.
    package var currency: Currency?
    /// What the reader should know before they trust the counts.
    package var notes: [String] = []
    /// The instant from which on moves are told, and the moves, the most frequent first; nil, and no members of the
    /// JSON, unless asked for.
    package var since: Instant?
    package var moves: [CountedMove]?
    /// The months in the order of time; nil, and no member of the JSON, unless asked for.
    package var months: [Month]?
    /// The events in the log whose names are not known; nil, and no member of the JSON, unless asked for.
    package var unknownEvents: UnknownEvents?

    package init(
        asOf: Instant?, readUpTo: Instant?, stages: [Stage], transitions: [Transition], behind: Int,
        months: [Month]? = nil
    ) {
        self.asOf = asOf
        self.readUpTo = readUpTo
        self.stages = stages
        self.transitions = transitions
        self.behind = behind
        self.months = months
    }

    package func writeMembers(to json: inout JSONWriter) {
        json.member("as_of", asOf)
        json.member("read_up_to", readUpTo)
        Self.write(stages, to: &json)
        json.object("transitions") { json in
            for transition in transitions {
                json.member("\(transition.from ?? "none")->\(transition.to)", transition.count)
            }
        }
        json.object("segments") { json in
            for segment in segments {
                json.object(segment.name) { json in
                    json.member("customers", segment.count)
                    json.member("entered", segment.enteredCount)
                    json.member("left", segment.leftCount)
                }
            }
        }
        json.member("behind", behind)
        json.member("known_customers", stages.reduce(0) { $0 + $1.knownCount })
        json.member("anonymous_visitors", stages.reduce(0) { $0 + $1.visitorCount })
        Self.writeVisitors(stages, to: &json)
        orders.writeMembers(to: &json)
        json.member("currency", currency?.letters)
        for (name, policy) in [("policy", policy), ("policy_then", policyOfThen), ("policy_now", policyOfNow)] {
            json.name(name)
            guard let policy else {
                json.null()
                continue
            }
            json.beginObject()
            policy.write(to: &json)
            json.endObject()
        }
        json.array("notes", notes) { $0.value($1) }
        unknownEvents?.writeMembers(to: &json)
        if let moves {
            json.member("since", since)
            json.array("moves", moves) { json, counted in
                json.beginObject()
                counted.move.writeMembers(to: &json)
                json.member("count", counted.count)
                json.endObject()
            }
        }
        guard let months else { return }
        json.array("months", months) { json, month in
            json.beginObject()
            json.member("as_of", month.asOf)
            Self.write(month.stages, to: &json)
            Self.writeVisitors(month.stages, to: &json)
            json.endObject()
        }
    }

    private static func write(_ stages: [Stage], to json: inout JSONWriter) {
        json.object("stages") { json in
            for stage in stages { json.member(stage.name, stage.count) }
        }
    }

    private static func writeVisitors(_ stages: [Stage], to json: inout JSONWriter) {
        json.object("visitors_by_stage") { json in
            for stage in stages { json.member(stage.name, stage.visitorCount) }
        }
    }
}

/// The orders of a log that are kept, and those of them that are no money that the policy counts.
package struct OrderCounts: Equatable, Sendable {
    package var kept = 0
    /// Whose value is not known.
    package var unvalued = 0
    /// Of which more may have been refunded than is known.
    package var unsureRefunds = 0
    /// Whose value is in a currency in which the policy does not count; none where it counts no money.
    package var inOtherCurrencies: [Currency: Int] = [:]
    /// Customers with more orders than are kept of one.
    package var truncatedCustomers = 0

    package init() {}

    func writeMembers(to json: inout JSONWriter) {
        json.member("orders", kept)
        json.member("orders_without_value", unvalued)
        json.member("orders_with_unknown_refunds", unsureRefunds)
        json.object("orders_in_other_currencies") { json in
            for (currency, count) in inOtherCurrencies.sorted(by: { $0.key.letters < $1.key.letters }) {
                json.member(currency.letters, count)
            }
        }
        json.member("truncated_customers", truncatedCustomers)
    }
}
