import CustomerLifecycle

/// A stage change as `lifecycle.changes` carries it: from what, to what, why, on which evidence.
package enum StageChangeOutput {
    package enum Trigger: String, CaseIterable, Sendable {
        case event, silence, policy, override, merge, correction
    }
}

extension StageChange.Trigger {
    /// As outputs say it.
    package var word: String {
        switch self {
        case .event: StageChangeOutput.Trigger.event.rawValue
        case .silence: StageChangeOutput.Trigger.silence.rawValue
        case .correction: StageChangeOutput.Trigger.correction.rawValue
        case .policy: StageChangeOutput.Trigger.policy.rawValue
        case .override: StageChangeOutput.Trigger.override.rawValue
        }
    }
}

extension OutputEncoder {
    /// Writes what follows the customer in the value of a stage change (`schemas/stage.changed.v1.json`).
    @inline(__always) func append(_ change: StageChange, at instant: Instant, _ description: ChangeDescription) {
        json.append(#","previous_stage":"#)
        if let from = change.from { append(pieces.stages[from]) } else { json.append("null") }
        json.append(#","stage":"#)
        append(pieces.stages[change.to])
        json.append(#","previous_entered_at":"#)
        append(change.previousSince)
        json.append(#","seconds_in_previous_stage":"#)
        if let since = change.previousSince {
            json.appendDecimal(max(0, (instant - since).count) / 1_000)
        } else {
            json.append("null")
        }
        json.append(#","entered_at":"#)
        append(instant)
        append(entryCount: change.entryCount, description)
        append(pieces.phases[change.to])
        append(pieces.policy)
        append(rule: pieces.rules[change.rule])
        append(change.trigger)
        appendEvidence(description)
        append(description.forecast)
        appendCorrection(change)
        appendCustomer(description)
    }

    /// Writes what follows the customer in the value of a restatement (`schemas/profile.restated.v1.json`).
    func append(_ standing: Restatement, _ description: ChangeDescription) {
        json.append(#","stage":"#)
        append(pieces.stages[standing.stage])
        json.append(#","entered_at":"#)
        append(standing.since)
        append(entryCount: standing.entryCount, description)
        append(pieces.phases[standing.stage])
        append(pieces.policy)
        append(rule: pieces.rules[standing.rule])
        json.append(#","facts":["#)
        appendEvidence(description)
        append(description.forecast)
        append(segments: description.segments)
        appendCustomer(description)
    }

    /// Writes what follows the customer in the value of a segment change (`schemas/segment.changed.v1.json`).
    func append(_ change: SegmentChange, at instant: Instant, _ description: ChangeDescription) {
        json.append(#","segment":"#)
        append(pieces.segments[change.segment])
        json.append(change.isEntered ? #","change":"entered","since":"# : #","change":"left","since":"#)
        append(instant)
        json.append(#","previous_since":"#)
        append(change.previousSince)
        json.append(#","seconds_in_segment":"#)
        if !change.isEntered, let since = change.previousSince {
            json.appendDecimal(max(0, (instant - since).count) / 1_000)
        } else {
            json.append("null")
        }
        json.append(#","stage":"#)
        append(pieces.stages[change.stage])
        append(entryCount: change.entryCount, description)
        append(pieces.policy)
        // Of a segment that the policy has not any more nothing but the name is left.
        append(rule: change.place.map { pieces.segmentRules[$0] } ?? pieces.segments[change.segment])
        append(change.trigger)
        appendEvidence(description)
        append(lateBy: change.lateBy)
        appendCustomer(description)
    }

    /// Writes the segments that somebody is in, by their indices in the partition.
    func append(segments: [Int]) {
        json.append(#","segments":["#)
        for place in segments.indices {
            if place > 0 { json.append(",") }
            append(pieces.segments[segments[place]])
        }
        json.append(#"],"segments_count":"#)
        json.appendDecimal(segments.count)
    }

    @inline(__always) private func append(entryCount: UInt32, _ description: ChangeDescription) {
        json.append(#","entry_count":"#)
        json.appendDecimal(Int64(entryCount))
        json.append(#","cycle":"#)
        json.appendDecimal(description.orders.cycle)
    }

    @inline(__always) func append(rule: Fragments.Piece) {
        json.append(#","reason":{"rule":"#)
        append(rule)
    }

    /// Writes what made it happen, and opens the list of facts.
    @inline(__always) private func append(_ trigger: StageChange.Trigger) {
        switch trigger {
        case .event: json.append(#","trigger":"event","facts":["#)
        case .silence: json.append(#","trigger":"silence","facts":["#)
        case .override: json.append(#","trigger":"override","facts":["#)
        case .correction: json.append(#","trigger":"correction","facts":["#)
        case .policy: json.append(#","trigger":"policy","facts":["#)
        }
    }

    /// Writes what follows the facts' bracket of a reason.
    func appendEvidence(_ description: ChangeDescription) {
        let factCount = description.findings.count
        for place in 0..<min(factCount, ShortList<FactOutput>.countMax) {
            if place > 0 { json.append(",") }
            append(description.findings[place])
        }
        json.append(#"],"facts_count":"#)
        json.appendDecimal(factCount)
        json.append(#","evidence":["#)
        for place in description.evidence.indices {
            if place > 0 { json.append(",") }
            append(pieces.evidence[Int(description.evidence[place].kind.rawValue)])
            append(description.evidence[place].id)
            json.append("}")
        }
        json.append(#"],"evidence_count":"#)
        json.appendDecimal(description.evidenceCount)
        json.append("}")
    }

    private func append(_ finding: ChangeDescription.Finding) {
        let fact = pieces.facts[finding.node]
        append(fact.name)
        append(finding.value, fact.kind)
        if let fixed = fact.fixed, fixed.threshold == finding.threshold { return append(fixed.rest) }
        json.append(#","threshold":"#)
        append(finding.threshold, fact.kind)
        if finding.value == nil, finding.threshold == nil {
            json.append(#","unit":null}"#)
        } else {
            append(fact.unit)
        }
    }

    private func append(_ value: Int64?, _ unit: FactUnit) {
        guard let value else { return json.append("null") }
        switch unit {
        case .count, .duration, .money, .score: json.appendDecimal(value)
        case .instant: append(Instant(milliseconds: value))
        case .flag: json.append(value != 0)
        }
    }

    /// Which change it corrects, and by how much the news was late.
    private func appendCorrection(_ change: StageChange) {
        json.append(#","corrects":"#)
        if change.trigger == .correction, let previous = change.previous {
            json.append("\"")
            append(pieces.eventID)
            json.appendDecimal(previous.offset)
            json.append("-")
            json.appendDecimal(previous.ordinal)
            json.append("\"")
        } else {
            json.append("null")
        }
        append(lateBy: change.lateBy)
    }

    private func append(lateBy: Milliseconds?) {
        json.append(#","late_by_seconds":"#)
        if let lateBy { json.appendDecimal(lateBy.count / 1_000) } else { json.append("null") }
    }

    func appendCustomer(_ description: ChangeDescription) {
        append(description.orders, description.revenueBound)
        json.append(#","first_seen_at":"#)
        append(description.firstSeen)
        json.append(#","first_order_at":"#)
        append(description.orders.first)
        json.append(#","last_order_at":"#)
        append(description.orders.last)
        append(description.acquisition)
        append(contactable: description.contactable)
        append(description.offer)
        json.append(#","locale":"#)
        append(description.locale)
        json.append(#","timezone":"#)
        append(description.timeZone)
        json.append(#","truncated":"#)
        json.append(description.isTruncated)
        json.append("}")
    }
}
