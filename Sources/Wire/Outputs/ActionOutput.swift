import CustomerLifecycle

/// A step of an action as `lifecycle.changes` carries it: that it is due, or why it is not.
extension ActionOutcome.Reason {
    /// As outputs spell it.
    package var word: String {
        switch self {
        case .condition: "while"
        case .policy: "policy"
        case .erased: "erased"
        case .noConsent: "no_consent"
        case .unreachable: "unreachable"
        case .holdOut: "hold_out"
        case .quietHours: "quiet_hours"
        case .frequency: "frequency"
        case .paused: "paused"
        case .tooLate: "too_late"
        }
    }
}

extension ActionOutcome.Decision {
    package var word: String {
        switch self {
        case .due: "due"
        case .cancelled: "cancelled"
        case .suppressed: "suppressed"
        }
    }
}

extension OutputEncoder {
    /// Writes what follows the customer in the value of a step's outcome (`schemas/action.due.v1.json` and the other
    /// two).
    func append(_ outcome: ActionOutcome, _ told: ActionTold, at instant: Instant, _ description: ChangeDescription) {
        json.append(#","action_key":"#)
        append(text: told.businessKey)
        json.append(#","action":"#)
        append(text: told.action)
        json.append(#","step":"#)
        append(text: told.step)
        json.append(#","key":"#)
        append(told.key)
        json.append(#","channel":"#)
        append(text: told.place?.channel?.word)
        json.append(#","purpose":"#)
        append(text: told.place?.purpose)
        if let reason = outcome.reason {
            json.append(#","why":"#)
            append(text: reason.word)
        }
        json.append(#","started_at":"#)
        append(told.start)
        json.append(#","planned_at":"#)
        append(told.planned)
        json.append(outcome.decision == .due ? #","released_at":"# : #","decided_at":"#)
        append(instant)
        json.append(#","expires_at":"#)
        append(told.deadline)
        json.append(#","consent":"#)
        append(consent: told.consent)
        json.append(#","variant":"#)
        append(text: told.variant)
        json.append(#","contacts_since_last_order":"#)
        json.appendDecimal(Int64(told.contactsSinceLastOrder))
        json.append(#","stage":"#)
        append(pieces.stages[told.stage])
        append(pieces.policy)
        json.append(#","reason":{"rule":"#)
        append(text: told.place.map { "\(told.action), line \($0.line)" } ?? told.action)
        json.append(#","facts":["#)
        appendEvidence(description)
        appendCustomer(description)
    }

    private func append(consent: ConsentStanding?) {
        guard let consent, consent.state == .allowed else { return json.append("null") }
        json.append(#"{"channel":"#)
        append(text: consent.channel.word)
        json.append(#","purpose":"#)
        append(consent.purpose)
        json.append(#","basis":"#)
        append(consent.basis)
        json.append(#","since":"#)
        append(consent.since)
        json.append("}")
    }

    private func append(text: String?) {
        guard var text else { return json.append("null") }
        text.withUTF8 { json.appendQuoted(UnsafeRawBufferPointer($0)) }
    }
}
