package import CustomerLifecycle

/// A customer's latest projection, as `lifecycle.customers` carries it and `customers` prints it.
package struct CustomerRow: Equatable, Sendable {
    package static let schema = "urn:lifecycle:schemas:customer.v1"

    /// What stands of consent to one purpose on one channel.
    package struct Consent: Equatable, Sendable {
        package var channel: Channel
        package var purpose: String
        package var isGranted: Bool
        package var since: Instant
        package var validUntil: Instant?

        package init(channel: Channel, purpose: String, isGranted: Bool, since: Instant, validUntil: Instant? = nil) {
            self.channel = channel
            self.purpose = purpose
            self.isGranted = isGranted
            self.since = since
            self.validUntil = validUntil
        }
    }

    /// The stage's name in another vocabulary.
    package struct Phase: Equatable, Sendable {
        package var vocabulary: String
        package var name: String

        package init(vocabulary: String, name: String) {
            self.vocabulary = vocabulary
            self.name = name
        }
    }

    package var customer: String
    package var stage: String
    package var enteredAt: Instant
    package var rule: String
    package var entryCount: Int
    package var cycle: Int
    package var sequence: Int64
    package var phases: [Phase]
    package var segments: ShortList<String>
    package var forecast: ForecastOutput?
    package var orders: Int
    package var revenue: Money
    package var firstOrderAt: Instant?
    package var lastOrderAt: Instant?
    package var firstSeenAt: Instant?
    package var lastSeenAt: Instant?
    package var consents: ShortList<Consent>
    package var policy: PolicyReference
    package var isTruncated: Bool
    package var logPartition: Int
    package var logOffset: Int64
    package var asOf: Instant

    package init(
        customer: String, stage: String, enteredAt: Instant, rule: String, entryCount: Int, cycle: Int, sequence: Int64,
        phases: [Phase] = [], segments: ShortList<String> = ShortList(), forecast: ForecastOutput? = nil, orders: Int,
        revenue: Money, firstOrderAt: Instant? = nil, lastOrderAt: Instant? = nil, firstSeenAt: Instant? = nil,
        lastSeenAt: Instant? = nil, consents: ShortList<Consent> = ShortList(), policy: PolicyReference,
        isTruncated: Bool = false, logPartition: Int, logOffset: Int64, asOf: Instant
    ) {
        self.customer = customer
        self.stage = stage
        self.enteredAt = enteredAt
        self.rule = rule
        self.entryCount = entryCount
        self.cycle = cycle
        self.sequence = sequence
        self.phases = phases
        self.segments = segments
        self.forecast = forecast
        self.orders = orders
        self.revenue = revenue
        self.firstOrderAt = firstOrderAt
        self.lastOrderAt = lastOrderAt
        self.firstSeenAt = firstSeenAt
        self.lastSeenAt = lastSeenAt
        self.consents = consents
        self.policy = policy
        self.isTruncated = isTruncated
        self.logPartition = logPartition
        self.logOffset = logOffset
        self.asOf = asOf
    }

    /// Writes the value: `schemas/customer.v1.json`.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("customer_id", customer)
        json.member("stage", stage)
        json.member("entered_at", enteredAt)
        json.member("rule", rule)
        json.member("entry_count", entryCount)
        json.member("cycle", cycle)
        json.member("sequence", sequence)
        json.object("phases") { json in
            for phase in phases { json.member(phase.vocabulary, phase.name) }
        }
        json.list("segments", segments) { $0.value($1) }
        json.forecast(forecast)
        json.member("orders", orders)
        json.money("revenue", revenue)
        json.member("first_order_at", firstOrderAt)
        json.member("last_order_at", lastOrderAt)
        json.member("first_seen_at", firstSeenAt)
        json.member("last_seen_at", lastSeenAt)
        json.list("consents", consents) { $1.write(to: &$0) }
        json.object("policy") { policy.write(to: &$0) }
        json.member("truncated", isTruncated)
        json.object("log") { json in
            json.member("partition", logPartition)
            json.member("offset", logOffset)
        }
        json.member("as_of", asOf)
        json.endObject()
    }
}

extension CustomerRow.Consent {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("channel", channel.word)
        json.member("purpose", purpose)
        json.member("granted", isGranted)
        json.member("since", since)
        json.member("valid_until", validUntil)
        json.endObject()
    }
}
