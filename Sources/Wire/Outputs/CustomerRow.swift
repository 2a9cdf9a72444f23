package import CustomerLifecycle

/// A customer's latest projection, as `lifecycle.customers` carries it: what `customers` prints.
package struct CustomerRow: Equatable, Sendable {
    package static let schema = "urn:lifecycle:schemas:customer.v1"

    /// A change of stage of this customer.
    package struct Move: Equatable, Sendable {
        package var kind: StagesReport.Move
        package var at: Instant
        /// What the deciding line asked and found.
        package var reason: String

        package init(kind: StagesReport.Move, at: Instant, reason: String) {
            self.kind = kind
            self.at = at
            self.reason = reason
        }
    }

    package var customer: String
    package var stage: String
    package var enteredAt: Instant
    package var orders: Int
    package var revenue: Money
    package var revenueBound: AmountBound
    package var firstOrderAt: Instant?
    package var lastOrderAt: Instant?
    package var forecast: ForecastOutput?
    /// Whether some of what was known of the customer had to go: then numbers are at least what is shown.
    package var isTruncated: Bool
    /// All of it: `schemas/customer.v1.json`.
    package var json: [UInt8]
    /// The newest of the moves that were asked for; nil where none were.
    package var move: Move?

    package init(
        customer: String, stage: String, enteredAt: Instant, orders: Int, revenue: Money,
        revenueBound: AmountBound = .exact, firstOrderAt: Instant? = nil, lastOrderAt: Instant?,
        forecast: ForecastOutput?, isTruncated: Bool = false, json: [UInt8]
    ) {
        self.customer = customer
        self.stage = stage
        self.enteredAt = enteredAt
        self.orders = orders
        self.revenue = revenue
        self.revenueBound = revenueBound
        self.firstOrderAt = firstOrderAt
        self.lastOrderAt = lastOrderAt
        self.forecast = forecast
        self.isTruncated = isTruncated
        self.json = json
    }
}

extension CustomerRow {
    /// Writes the row, and its move where one was asked for.
    package func write(to json: inout JSONWriter) {
        guard let move else { return self.json.withUnsafeBytes { json.verbatim($0) } }
        var member = JSONWriter()
        member.beginObject()
        member.object("moved") { json in
            move.kind.writeMembers(to: &json)
            json.member("at", move.at)
            json.member("reason", move.reason)
        }
        member.endObject()
        // One object of both: the row without its end, and the member without its begin.
        let whole = self.json.dropLast() + [UInt8(ascii: ",")] + member.bytes.dropFirst()
        whole.withUnsafeBytes { json.verbatim($0) }
    }
}

extension OutputEncoder {
    /// Encodes a customer's row: the subject before the judge, what was said of it, and what follows if nothing
    /// happens, as judged at an instant.
    package func encode(
        _ judge: Judge, _ said: Said, _ forecast: ChangeDescription.Forecast?, of subject: UnsafeRawBufferPointer,
        at instant: Instant
    ) {
        json.removeAll()
        json.append(#"{"customer_id":"#)
        subject.withText { json.appendQuoted($0) }
        json.append(#","stage":"#)
        append(pieces.stages[said.stage])
        json.append(#","entered_at":"#)
        append(said.since)
        json.append(#","rule":"#)
        // The stage alone where the rule is of a policy that is not in force any more: who is behind is judged later.
        let isOfPolicy = Int(said.epoch.policyNumber) == terms.policy.version
        append(isOfPolicy ? pieces.rules[said.rule] : pieces.stages[said.stage])
        json.append(#","entry_count":"#)
        json.appendDecimal(Int64(said.entryCount(of: said.stage)))
        json.append(#","cycle":"#)
        json.appendDecimal(judge.orders.cycle)
        json.append(#","sequence":"#)
        json.appendDecimal(Int64(said.sequence))
        json.append(#","life":""#)
        append(pieces.life)
        json.appendDecimal(said.life)
        json.append(#"","generation":"#)
        json.appendDecimal(Int64(said.epoch.generation))
        append(pieces.phases[said.stage])
        appendSegments(of: said)
        append(forecast)
        append(judge.orders, judge.revenueBound)
        json.append(#","first_order_at":"#)
        append(judge.orders.first)
        json.append(#","last_order_at":"#)
        append(judge.orders.last)
        json.append(#","first_seen_at":"#)
        append(judge.instant(of: .firstSeen))
        json.append(#","last_seen_at":"#)
        append(judge.instant(of: .lastSeen))
        append(judge.facts.acquisition?.value)
        append(contactable: contactable(judge, at: instant))
        append(judge.offer)
        appendValue(of: judge)
        appendConsents(judge, at: instant)
        append(pieces.policy)
        appendUnmatchedCredits(of: judge.facts.orders)
        json.append(#","truncated":"#)
        json.append(judge.facts.isTruncated)
        append(pieces.log)
        json.appendDecimal(said.lastChange.offset)
        json.append(#"},"as_of":"#)
        append(instant)
        json.append("}")
    }

    private func appendSegments(of said: Said) {
        json.append(#","segments":["#)
        var count = 0
        for membership in said.segments where membership.isIn {
            if count > 0 { json.append(",") }
            append(pieces.segments[membership.segment])
            count += 1
        }
        json.append(#"],"segments_count":"#)
        json.appendDecimal(count)
    }

    private func contactable(_ judge: Judge, at instant: Instant) -> [ChangeDescription.Contactable] {
        var contactable: [ChangeDescription.Contactable] = []
        if !judge.facts.consents.isEmpty { judge.describeChannels(at: instant, into: &contactable) }
        return contactable
    }

    /// What the customer brought and cost, in minor units of the policy's currency. What only our own contacts and
    /// friends feed is null until they are built.
    private func appendValue(of judge: Judge) {
        // As facts they are numbers always; here one that nobody knows is none.
        let margin = judge.isMarginKnown ? judge.value(of: .margin) : nil
        let totalCost = judge.value(of: .totalCost) ?? 0
        json.append(#","value":{"margin":"#)
        append(number: margin)
        json.append(#","acquisition_cost":"#)
        json.appendDecimal(judge.value(of: .acquisitionCost) ?? 0)
        json.append(#","contact_cost":"#)
        json.appendDecimal(judge.value(of: .contactCost) ?? 0)
        json.append(#","total_cost":"#)
        json.appendDecimal(totalCost)
        json.append(#","net":"#)
        append(number: margin.map { $0 &- totalCost })
        json.append(#","average_order":"#)
        append(number: judge.orders.unvalued == 0 ? judge.value(of: .averageOrder) : nil)
        append(pieces.currencyMember)
        json.append(#","contacts":"#)
        json.appendDecimal(judge.ours.releasedCount)
        json.append(#","contacts_since_last_order":"#)
        json.appendDecimal(judge.value(of: .contactsSinceLastOrder) ?? 0)
        append(pieces.value)
    }

    private func append(number: Int64?) {
        if let number { json.appendDecimal(number) } else { json.append("null") }
    }

    /// Nothing where there are none, as for nearly everybody.
    private func appendUnmatchedCredits(of orders: borrowing OrderList) {
        let credits = orders.unmatchedCredits
        guard credits.count > 0 else { return }
        json.append(#","unmatched_credits":["#)
        for (place, credit) in credits.shown.enumerated() {
            if place > 0 { json.append(",") }
            json.append(#"{"id":"#)
            append(credit.id)
            json.append(#","at":"#)
            append(credit.at)
            json.append(#","amount":{"amount":"#)
            json.appendDecimal(credit.amount.minorUnits)
            json.append(#","currency":"#)
            var letters = credit.amount.currency.letters
            letters.withUTF8 { json.appendQuoted(UnsafeRawBufferPointer($0)) }
            json.append("}}")
        }
        json.append(#"],"unmatched_credits_count":"#)
        json.appendDecimal(Int64(credits.count))
    }

    private func appendConsents(_ judge: Judge, at instant: Instant) {
        json.append(#","consents":["#)
        standings.removeAll(keepingCapacity: true)
        if !judge.facts.consents.isEmpty { judge.facts.listConsents(at: instant, into: &standings) }
        var count = 0
        for standing in standings where standing.state != .neverGranted {
            count += 1
            guard count <= ShortList<ConsentStanding>.countMax else { continue }
            if count > 1 { json.append(",") }
            append(pieces.channels[Int(standing.channel.rawValue)].consent)
            append(standing.purpose)
            json.append(#","granted":"#)
            json.append(standing.state == .allowed)
            json.append(#","since":"#)
            append(standing.since)
            json.append(#","valid_until":"#)
            append(standing.until == .never ? nil : standing.until)
            json.append("}")
        }
        json.append(#"],"consents_count":"#)
        json.appendDecimal(count)
    }
}
