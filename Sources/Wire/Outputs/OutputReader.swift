import CustomerLifecycle

/// Reads outputs back, each by its type.
package struct OutputReader: ~Copyable {
    private var document = JSONDocument()
    private var unescaper = Unescaper()

    package init() {}

    /// Returns the output; nil for a type that is not known here: a later release's, or another writer's. 64 more bytes
    /// must be readable behind `value`.
    package mutating func read(
        _ value: UnsafeRawBufferPointer?, key: UnsafeRawBufferPointer?, _ headers: OutputHeaders
    ) throws(UnreadableOutput) -> PublishedOutput? {
        guard let type = OutputType(name: headers.type) else { return nil }
        let head = try headers.head(key: key)
        guard let value else { throw UnreadableOutput("it has no value") }
        let json: JSONTokens
        do throws(JSONDocument.Fault) { json = try document.walk(value) } catch {
            throw UnreadableOutput("its value is no JSON object")
        }
        guard try text("customer_id", in: 0, of: json) == head.customer else {
            throw UnreadableOutput("its key and its value's customer_id do not name one customer")
        }
        switch type {
        case .stageChange:
            return PublishedOutput(head: head, content: .stageChange(try stageChange(json)))
        case .restatement:
            return PublishedOutput(head: head, content: .restatement(try standing(json)))
        case .segmentChange:
            return PublishedOutput(head: head, content: .segmentChange(try segmentChange(json)))
        case .consentChange:
            return PublishedOutput(head: head, content: .consentChange(try consentChange(json)))
        case .forgetting:
            return PublishedOutput(head: head, content: .forgetting(try forgetting(json)))
        case .actionDue, .actionCancelled, .actionSuppressed:
            return PublishedOutput(head: head, content: .action(try action(json, type)))
        }
    }

    // MARK: Types

    private mutating func trigger(_ json: JSONTokens) throws(UnreadableOutput) -> StageChangeOutput.Trigger {
        let reason = json.value(named: "reason", in: 0)
        guard let trigger = StageChangeOutput.Trigger(rawValue: try text("trigger", in: reason, of: json)) else {
            throw .member("trigger")
        }
        return trigger
    }

    private mutating func segmentChange(_ json: JSONTokens) throws(UnreadableOutput) -> PublishedSegmentChange {
        let reason = json.value(named: "reason", in: 0)
        return PublishedSegmentChange(
            segment: try text("segment", in: 0, of: json),
            isEntered: try text("change", in: 0, of: json) == "entered", since: try instant("since", in: 0, of: json),
            previousSince: textIfAny("previous_since", in: 0, of: json).flatMap { TimeText.parse($0) },
            entryCount: try integer("entry_count", in: 0, of: json), stage: try text("stage", in: 0, of: json),
            reason: PublishedReason(
                rule: try text("rule", in: reason, of: json), facts: facts(reason, of: json),
                evidence: evidence(reason, of: json), currency: try currency(json),
                revenueBound: AmountBound(word: textIfAny("revenue_is", in: 0, of: json))),
            trigger: try trigger(json), lateBySeconds: integerIfAny("late_by_seconds", in: 0, of: json))
    }

    private mutating func currency(_ json: JSONTokens) throws(UnreadableOutput) -> Currency {
        let revenue = json.value(named: "revenue", in: 0)
        guard let currency = Currency(try text("currency", in: revenue, of: json).utf8) else {
            throw .member("currency")
        }
        return currency
    }

    private mutating func stageChange(_ json: JSONTokens) throws(UnreadableOutput) -> PublishedStageChange {
        PublishedStageChange(
            previousStage: textIfAny("previous_stage", in: 0, of: json),
            previousEnteredAt: textIfAny("previous_entered_at", in: 0, of: json).flatMap { TimeText.parse($0) },
            standing: try standing(json), trigger: try trigger(json), corrects: textIfAny("corrects", in: 0, of: json),
            lateBySeconds: integerIfAny("late_by_seconds", in: 0, of: json))
    }

    private mutating func consentChange(_ json: JSONTokens) throws(UnreadableOutput) -> PublishedConsentChange {
        guard let isAllowed = flagIfAny("allowed", in: 0, of: json) else { throw .member("allowed") }
        return PublishedConsentChange(
            channel: try text("channel", in: 0, of: json), purpose: try text("purpose", in: 0, of: json),
            isAllowed: isAllowed, basis: textIfAny("basis", in: 0, of: json), why: try text("why", in: 0, of: json))
    }

    private mutating func action(
        _ json: JSONTokens, _ type: OutputType
    ) throws(UnreadableOutput) -> PublishedAction {
        let reason = json.value(named: "reason", in: 0)
        let consent = json.value(named: "consent", in: 0)
        let decision: ActionOutcome.Decision =
            type == .actionDue ? .due : type == .actionCancelled ? .cancelled : .suppressed
        return PublishedAction(
            decision: decision, why: textIfAny("why", in: 0, of: json),
            businessKey: try text("action_key", in: 0, of: json), action: try text("action", in: 0, of: json),
            step: try text("step", in: 0, of: json), channel: textIfAny("channel", in: 0, of: json),
            purpose: textIfAny("purpose", in: 0, of: json), plannedAt: try instant("planned_at", in: 0, of: json),
            expiresAt: try instant("expires_at", in: 0, of: json),
            consentBasis: textIfAny("basis", in: consent, of: json), variant: textIfAny("variant", in: 0, of: json),
            contactsSinceLastOrder: try integer("contacts_since_last_order", in: 0, of: json),
            stage: try text("stage", in: 0, of: json),
            reason: PublishedReason(
                rule: try text("rule", in: reason, of: json), facts: facts(reason, of: json),
                evidence: evidence(reason, of: json), currency: try currency(json),
                revenueBound: AmountBound(word: textIfAny("revenue_is", in: 0, of: json))))
    }

    private mutating func forgetting(_ json: JSONTokens) throws(UnreadableOutput) -> PublishedForgetting {
        PublishedForgetting(
            previousStage: try text("previous_stage", in: 0, of: json),
            enteredAt: try instant("entered_at", in: 0, of: json),
            lastEventAt: try instant("last_event_at", in: 0, of: json))
    }

    private mutating func standing(_ json: JSONTokens) throws(UnreadableOutput) -> PublishedStanding {
        let reason = json.value(named: "reason", in: 0)
        let revenue = json.value(named: "revenue", in: 0)
        let bound = AmountBound(word: textIfAny("revenue_is", in: 0, of: json))
        return PublishedStanding(
            stage: try text("stage", in: 0, of: json), enteredAt: try instant("entered_at", in: 0, of: json),
            entryCount: try integer("entry_count", in: 0, of: json), cycle: try integer("cycle", in: 0, of: json),
            rule: try text("rule", in: reason, of: json), facts: facts(reason, of: json),
            evidence: evidence(reason, of: json), segments: texts("segments", in: 0, of: json),
            orders: try integer("orders", in: 0, of: json),
            revenue: bound == .unknown ? 0 : try integer("amount", in: revenue, of: json), currency: try currency(json),
            revenueBound: bound)
    }

    private mutating func facts(_ reason: Int?, of json: JSONTokens) -> [FactOutput] {
        var facts: [FactOutput] = []
        for fact in elements("facts", in: reason, of: json) {
            let unit = textIfAny("unit", in: fact, of: json) ?? ""
            facts.append(
                FactOutput(
                    name: textIfAny("name", in: fact, of: json) ?? "",
                    value: self.fact(unit, "value", in: fact, of: json),
                    threshold: self.fact(unit, "threshold", in: fact, of: json)))
        }
        return facts
    }

    private mutating func evidence(_ reason: Int?, of json: JSONTokens) -> ShortList<EvidenceOutput> {
        var evidence: [EvidenceOutput] = []
        for item in elements("evidence", in: reason, of: json) {
            evidence.append(
                EvidenceOutput(
                    kind: textIfAny("kind", in: item, of: json) ?? "", id: textIfAny("id", in: item, of: json) ?? ""))
        }
        return ShortList(first: evidence, of: Int(integerIfAny("evidence_count", in: reason, of: json) ?? 0))
    }

    /// Returns the fact's value in this unit; nil where it is unknown.
    private mutating func fact(
        _ unit: String, _ name: StaticString, in fact: Int, of json: JSONTokens
    ) -> FactOutputValue? {
        guard let value = json.value(named: name, in: fact) else { return nil }
        switch json[value].shape {
        case .number:
            return FactUnit(rawValue: unit).flatMap { unit in
                integerIfAny(name, in: fact, of: json).map { FactOutputValue($0, unit) }
            }
        case .yes: return .flag(true)
        case .no: return .flag(false)
        case .string:
            guard let text = textIfAny(name, in: fact, of: json) else { return nil }
            guard unit == "instant" else { return .label(text) }
            return TimeText.parse(text).map { .instant($0) }
        case .object, .array, .key, .null: return nil
        }
    }

    // MARK: Members

    private mutating func textIfAny(_ name: StaticString, in object: Int?, of json: JSONTokens) -> String? {
        guard let value = json.value(named: name, in: object), json[value].shape == .string else { return nil }
        return String(decoding: unescaper.text(json[value], in: json), as: UTF8.self)
    }

    private mutating func texts(_ name: StaticString, in object: Int?, of json: JSONTokens) -> [String] {
        var texts: [String] = []
        for element in elements(name, in: object, of: json) where json[element].shape == .string {
            texts.append(String(decoding: unescaper.text(json[element], in: json), as: UTF8.self))
        }
        return texts
    }

    private mutating func text(
        _ name: StaticString, in object: Int?, of json: JSONTokens
    ) throws(UnreadableOutput) -> String {
        guard let text = textIfAny(name, in: object, of: json) else { throw .member(name) }
        return text
    }

    private mutating func instant(
        _ name: StaticString, in object: Int?, of json: JSONTokens
    ) throws(UnreadableOutput) -> Instant {
        guard let instant = TimeText.parse(try text(name, in: object, of: json)) else { throw .member(name) }
        return instant
    }

    private func flagIfAny(_ name: StaticString, in object: Int?, of json: JSONTokens) -> Bool? {
        guard let value = json.value(named: name, in: object) else { return nil }
        return switch json[value].shape {
        case .yes: true
        case .no: false
        default: nil
        }
    }

    private func integerIfAny(_ name: StaticString, in object: Int?, of json: JSONTokens) -> Int64? {
        guard let value = json.value(named: name, in: object), json[value].shape == .number else { return nil }
        return Int64(String(decoding: json.raw(value), as: UTF8.self))
    }

    private func integer(
        _ name: StaticString, in object: Int?, of json: JSONTokens
    ) throws(UnreadableOutput) -> Int64 {
        guard let integer = integerIfAny(name, in: object, of: json) else { throw .member(name) }
        return integer
    }

    private func elements(_ name: StaticString, in object: Int?, of json: JSONTokens) -> [Int] {
        guard let list = json.value(named: name, in: object), json[list].shape == .array else { return [] }
        return Array(json.elements(of: list))
    }
}
