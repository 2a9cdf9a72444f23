import CustomerLifecycle
import PolicyLanguage
import Wire

extension StageWords {
    /// `welcome/hello by email is due (order o-1)`, `… suppressed: no consent to email marketing`.
    func text(_ outcome: ActionOutcome, _ told: ActionTold, _ description: ChangeDescription) -> String {
        let what = ActionText.what(
            key: told.businessKey, channel: told.place?.channel?.word, purpose: told.place?.purpose)
        guard let reason = outcome.reason else {
            return "\(what) is due" + (told.variant.map { ", variant \($0)" } ?? "")
        }
        let found = reason == .condition ? description.findings.map { phrase($0, description.revenueBound) } : []
        let details = found.isEmpty ? "" : " (\(found.joined(separator: "; ")))"
        return "\(what) is \(outcome.decision.word): \(ActionText.why(reason.word))\(details)"
    }
}

/// What became of a step, in words that are the same wherever they are read.
package enum ActionText {
    /// `welcome/hello/o-1 by email`.
    package static func what(key: String, channel: String?, purpose: String?) -> String {
        key + (channel.map { " by \($0)" } ?? (purpose == "task" ? ", a task," : ""))
    }

    /// What a reason's word means.
    package static func why(_ word: String) -> String {
        switch word {
        case "while": "its condition does not hold any more, or what it began with is undone"
        case "policy": "the policy has it not any more"
        case "erased": "the customer is forgotten"
        case "no_consent": "there was no consent"
        case "unreachable": "no address is known, or messages come back"
        case "hold_out": "the customer is one of those who get nothing, to compare with"
        case "quiet_hours": "quiet hours lasted until it was given up"
        case "frequency": "limits held it until it was given up"
        case "paused": "a pause held it until it was given up"
        case "too_late": "its time had passed"
        default: word
        }
    }
}
