package import CustomerLifecycle

/// `explain`: where a customer stands, by which rule, on what, and how it came about.
package struct ExplainReport: Report, Equatable {
    /// One comparison of the rule that holds, in numbers and in words.
    package struct Finding: Equatable, Sendable {
        package var fact: FactOutput
        /// `silence is 91 days, more than 90 days`.
        package var phrase: String

        package init(fact: FactOutput, phrase: String) {
            self.fact = fact
            self.phrase = phrase
        }
    }

    package struct StageEntry: Equatable, Sendable {
        package var stage: String
        package var reason: String

        package init(stage: String, reason: String) {
            self.stage = stage
            self.reason = reason
        }
    }

    /// A step of an action that is not decided yet.
    package struct Pending: Equatable, Sendable {
        /// `<action>/<step>/<key>`.
        package var key: String
        package var startedAt: Instant
        package var plannedAt: Instant
        package var expiresAt: Instant
        /// When it is looked at next.
        package var nextAt: Instant
        /// `frequency`, `quiet_hours`, `paused`; nil where nothing holds it back yet.
        package var held: String?

        package init(
            key: String, startedAt: Instant, plannedAt: Instant, expiresAt: Instant, nextAt: Instant, held: String?
        ) {
            self.key = key
            self.startedAt = startedAt
            self.plannedAt = plannedAt
            self.expiresAt = expiresAt
            self.nextAt = nextAt
            self.held = held
        }
    }

    /// A segment that the customer is in, and why.
    package struct Segment: Equatable, Sendable {
        package var name: String
        package var since: Instant
        package var entryCount: Int
        package var phrases: [String]

        package init(name: String, since: Instant, entryCount: Int, phrases: [String]) {
            self.name = name
            self.since = since
            self.entryCount = entryCount
            self.phrases = phrases
        }
    }

    /// A line of the customer's history: an event, or a change of stage.
    package struct TimelineEntry: Equatable, Sendable {
        package enum Kind: String, Sendable {
            case event, change
        }

        package var at: Instant
        package var kind: Kind
        package var text: String
        package var position: LogPosition?
        /// The stage that a change entered, and why, without the rest of `text`. For people; not in the JSON.
        package var entry: StageEntry?
        /// Worth a line also where the story is told short: a complaint, a refund, a withdrawal.
        package var isTelling: Bool

        package init(
            at: Instant, kind: Kind, text: String, position: LogPosition? = nil, entry: StageEntry? = nil,
            isTelling: Bool = false
        ) {
            self.at = at
            self.kind = kind
            self.text = text
            self.position = position
            self.entry = entry
            self.isTelling = isTelling
        }
    }

    package var customer: String
    package var asOf: Instant
    package var stage: String
    package var since: Instant
    /// The rule as it stands in the policy, and its line.
    package var rule: String
    /// Nil where an operator's override stands in the place of a rule.
    package var ruleLine: Int?
    package var findings: [Finding]
    package var evidence: ShortList<EvidenceOutput>
    package var timeline: [TimelineEntry]
    package var forecast: ForecastOutput?
    package var segments: [Segment] = []
    /// By when they are looked at.
    package var pending: [Pending] = []
    /// What the kept orders come to in the policy's currency; nil where the policy counts no money.
    package var revenue: Money?
    package var revenueBound = AmountBound.exact
    /// Kept orders whose value is not known in the policy's currency.
    package var unvaluedOrders = 0
    /// Kept orders of which more may have been refunded than is known.
    package var unsureRefunds = 0
    /// Credits that no order takes, and so lower no revenue.
    package var unmatchedCredits = UnmatchedCredits()
    /// Whether some of what was known of the customer had to go: then numbers are at least what is shown.
    package var isTruncated = false
    /// When somebody asked that the customer be forgotten. Erasure is not built: the request waits.
    package var deletionRequestedAt: Instant?
    /// The first of them.
    package var deletionRequest: DeletionRequest?
    /// How many there are.
    package var deletionRequestCount = 0

    package init(
        customer: String, asOf: Instant, stage: String, since: Instant, rule: String, ruleLine: Int?,
        findings: [Finding], evidence: ShortList<EvidenceOutput>, timeline: [TimelineEntry],
        forecast: ForecastOutput?
    ) {
        self.customer = customer
        self.asOf = asOf
        self.stage = stage
        self.since = since
        self.rule = rule
        self.ruleLine = ruleLine
        self.findings = findings
        self.evidence = evidence
        self.timeline = timeline
        self.forecast = forecast
    }

    package func writeMembers(to json: inout JSONWriter) {
        json.member("customer_id", customer)
        json.member("as_of", asOf)
        json.member("stage", stage)
        json.member("since", since)
        json.object("rule") { json in
            json.member("text", rule)
            json.member("line", ruleLine)
        }
        json.array("findings", findings) { json, finding in
            json.beginObject()
            finding.fact.writeMembers(to: &json)
            json.member("phrase", finding.phrase)
            json.endObject()
        }
        json.list("evidence", evidence) { $1.write(to: &$0) }
        json.array("timeline", timeline) { $1.write(to: &$0) }
        json.forecast(forecast)
        json.array("pending", pending) { json, step in
            json.beginObject()
            json.member("action_key", step.key)
            json.member("started_at", step.startedAt)
            json.member("planned_at", step.plannedAt)
            json.member("expires_at", step.expiresAt)
            json.member("next_at", step.nextAt)
            json.member("held", step.held)
            json.endObject()
        }
        json.array("segments", segments) { json, segment in
            json.beginObject()
            json.member("segment", segment.name)
            json.member("since", segment.since)
            json.member("entry_count", segment.entryCount)
            json.array("findings", segment.phrases) { $0.value($1) }
            json.endObject()
        }
        unmatchedCredits.writeMembers(to: &json)
        json.name("revenue")
        if let revenue { json.amount(revenue, isKnown: revenueBound != .unknown) } else { json.null() }
        json.member("revenue_is", revenueBound.word)
        json.member("orders_without_value", unvaluedOrders)
        json.member("orders_with_unknown_refunds", unsureRefunds)
        json.member("truncated", isTruncated)
        json.name("deletion_request")
        guard let deletionRequestedAt, let deletionRequest else { return json.null() }
        json.beginObject()
        json.member("requested_at", deletionRequestedAt)
        json.member("request_id", deletionRequest.id?.text)
        json.member("due_at", deletionRequest.due)
        json.member("count", deletionRequestCount)
        json.endObject()
    }
}

extension ExplainReport.TimelineEntry {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("at", at)
        json.member("kind", kind.rawValue)
        json.member("text", text)
        json.name("log")
        if let position {
            json.beginObject()
            json.member("partition", position.partition)
            json.member("offset", position.offset)
            json.endObject()
        } else {
            json.null()
        }
        json.endObject()
    }
}
