package import CustomerLifecycle

/// A stage change as `lifecycle.changes` carries it: from what, to what, why, on which evidence.
package struct StageChangeOutput: Equatable, Sendable {
    package static let type = "lifecycle.stage.changed.v1"
    package static let schema = "urn:lifecycle:schemas:stage.changed.v1"

    package enum Trigger: String, CaseIterable, Sendable {
        case event, silence, policy, override, merge, correction
    }

    package struct Reason: Equatable, Sendable {
        /// `at_risk, line 21`.
        package var rule: String
        package var trigger: Trigger
        package var facts: ShortList<FactOutput>
        package var evidence: ShortList<EvidenceOutput>

        package init(
            rule: String, trigger: Trigger, facts: ShortList<FactOutput>, evidence: ShortList<EvidenceOutput>
        ) {
            self.rule = rule
            self.trigger = trigger
            self.facts = facts
            self.evidence = evidence
        }
    }

    /// Whether the customer may be contacted on a channel, as far as consent says.
    package struct Contactable: Equatable, Sendable {
        package var channel: Channel
        package var isAllowed: Bool
        /// When consent last changed there; nil if it never was given or withdrawn.
        package var updatedAt: Instant?

        package init(channel: Channel, isAllowed: Bool, updatedAt: Instant?) {
            self.channel = channel
            self.isAllowed = isAllowed
            self.updatedAt = updatedAt
        }
    }

    // Attributes.
    package var customer: String
    package var sequence: Int64
    package var recorded: Instant
    package var position: LogPosition
    package var generation: Int
    package var prefix: String
    package var causationID: String?
    package var replayMode: CloudEvent.ReplayMode

    // The change.
    package var previousStage: String?
    package var stage: String
    package var previousEnteredAt: Instant?
    package var enteredAt: Instant
    package var entryCount: Int
    package var cycle: Int
    package var policy: PolicyReference
    package var reason: Reason
    package var forecast: ForecastOutput?
    /// The id of the change that this one corrects, and by how much the news was late.
    package var corrects: String?
    package var lateBySeconds: Int64?

    // The customer then.
    package var orders: Int
    package var revenue: Money
    package var firstSeenAt: Instant?
    package var firstOrderAt: Instant?
    package var lastOrderAt: Instant?
    package var contactable: [Contactable]
    package var locale: String?
    package var timeZone: String?
    package var isTruncated: Bool

    package init(
        customer: String, sequence: Int64, recorded: Instant, position: LogPosition, generation: Int, prefix: String,
        causationID: String? = nil, replayMode: CloudEvent.ReplayMode = .live, previousStage: String?, stage: String,
        previousEnteredAt: Instant?, enteredAt: Instant, entryCount: Int, cycle: Int, policy: PolicyReference,
        reason: Reason, forecast: ForecastOutput? = nil, corrects: String? = nil, lateBySeconds: Int64? = nil,
        orders: Int, revenue: Money, firstSeenAt: Instant? = nil, firstOrderAt: Instant? = nil,
        lastOrderAt: Instant? = nil, contactable: [Contactable] = [], locale: String? = nil, timeZone: String? = nil,
        isTruncated: Bool = false
    ) {
        self.customer = customer
        self.sequence = sequence
        self.recorded = recorded
        self.position = position
        self.generation = generation
        self.prefix = prefix
        self.causationID = causationID
        self.replayMode = replayMode
        self.previousStage = previousStage
        self.stage = stage
        self.previousEnteredAt = previousEnteredAt
        self.enteredAt = enteredAt
        self.entryCount = entryCount
        self.cycle = cycle
        self.policy = policy
        self.reason = reason
        self.forecast = forecast
        self.corrects = corrects
        self.lateBySeconds = lateBySeconds
        self.orders = orders
        self.revenue = revenue
        self.firstSeenAt = firstSeenAt
        self.firstOrderAt = firstOrderAt
        self.lastOrderAt = lastOrderAt
        self.contactable = contactable
        self.locale = locale
        self.timeZone = timeZone
        self.isTruncated = isTruncated
    }

    package var attributes: CloudEvent {
        CloudEvent(
            type: Self.type, schema: Self.schema, customer: customer, time: enteredAt, recorded: recorded,
            sequence: sequence, position: position, generation: generation, prefix: prefix, causationID: causationID,
            policyVersion: policy.version, replayMode: replayMode)
    }

    /// Writes the value: `schemas/stage.changed.v1.json`.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("customer_id", customer)
        json.member("previous_stage", previousStage)
        json.member("stage", stage)
        json.member("previous_entered_at", previousEnteredAt)
        json.member("entered_at", enteredAt)
        json.member("entry_count", entryCount)
        json.member("cycle", cycle)
        json.object("policy") { policy.write(to: &$0) }
        json.object("reason") { reason.write(to: &$0) }
        json.forecast(forecast)
        json.member("corrects", corrects)
        json.member("late_by_seconds", lateBySeconds)
        writeCustomer(to: &json)
        json.endObject()
    }

    private func writeCustomer(to json: inout JSONWriter) {
        json.member("orders", orders)
        json.money("revenue", revenue)
        json.member("first_seen_at", firstSeenAt)
        json.member("first_order_at", firstOrderAt)
        json.member("last_order_at", lastOrderAt)
        json.object("contactable") { json in
            for channel in contactable {
                json.object(channel.channel.word) { json in
                    json.member("allowed", channel.isAllowed)
                    json.member("updated_at", channel.updatedAt)
                }
            }
        }
        json.member("locale", locale)
        json.member("timezone", timeZone)
        json.member("truncated", isTruncated)
    }
}

extension StageChangeOutput.Reason {
    func write(to json: inout JSONWriter) {
        json.member("rule", rule)
        json.member("trigger", trigger.rawValue)
        json.list("facts", facts) { json, fact in
            json.beginObject()
            fact.writeMembers(to: &json)
            json.endObject()
        }
        json.list("evidence", evidence) { $1.write(to: &$0) }
    }
}
