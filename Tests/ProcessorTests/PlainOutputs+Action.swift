import CustomerLifecycle
import Wire

@testable import Processor

extension PlainOutputs {
    func write(
        _ outcome: ActionOutcome, at instant: Instant, _ description: ChangeDescription, to json: inout JSONWriter
    ) {
        guard let told = description.action else { return }
        json.member("action_key", "\(told.action)/\(told.step)/\(told.key.text)")
        json.member("action", told.action)
        json.member("step", told.step)
        json.member("key", told.key.text)
        json.member("channel", told.place?.channel?.word)
        json.member("purpose", told.place?.purpose)
        if let reason = outcome.reason { json.member("why", reason.word) }
        json.member("started_at", told.start)
        json.member("planned_at", told.planned)
        json.member(outcome.decision == .due ? "released_at" : "decided_at", instant)
        json.member("expires_at", told.deadline)
        if let consent = told.consent, consent.state == .allowed {
            json.object("consent") { json in
                json.member("channel", consent.channel.word)
                json.member("purpose", consent.purpose.text)
                json.member("basis", consent.basis?.text)
                json.member("since", consent.since)
            }
        } else {
            json.name("consent")
            json.null()
        }
        json.member("variant", told.variant)
        json.member("contacts_since_last_order", Int(told.contactsSinceLastOrder))
        json.member("stage", stages[told.stage])
        writePolicy(to: &json)
        json.object("reason") { json in
            json.member("rule", told.action + (told.place.map { ", line \($0.line)" } ?? ""))
            writeReason(description, to: &json)
        }
        writeCustomer(description, to: &json)
    }
}
