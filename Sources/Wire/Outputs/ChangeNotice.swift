package import CustomerLifecycle

/// A published stage change as people read it: who, when, from what, to what, why, on which evidence.
package struct ChangeNotice: Equatable, Sendable {
    package var customer: String
    /// Nil: the customer's first stage.
    package var previousStage: String?
    package var stage: String
    package var enteredAt: Instant
    /// `at_risk, line 21`.
    package var rule: String
    package var trigger: StageChangeOutput.Trigger?
    package var facts: [FactOutput]
    package var evidence: ShortList<EvidenceOutput>
    package var lateBySeconds: Int64?
    /// Of the amounts among the facts.
    package var currency: Currency?
}

/// Reads the value of a stage change.
package struct ChangeNoticeReader: ~Copyable {
    private var document = JSONDocument()
    private var unescaper = Unescaper()

    package init() {}

    /// Nil for what is no stage change of ours. 64 more bytes must be readable behind `value`.
    package mutating func read(_ value: UnsafeRawBufferPointer) -> ChangeNotice? {
        do throws(JSONDocument.Fault) {
            let json = try document.walk(value)
            return notice(json)
        } catch {
            return nil
        }
    }

    private mutating func notice(_ json: JSONTokens) -> ChangeNotice? {
        let reason = json.value(named: "reason", in: 0)
        guard let customer = text("customer_id", in: 0, of: json), let stage = text("stage", in: 0, of: json),
            let enteredAt = text("entered_at", in: 0, of: json).flatMap({ TimeText.parse($0) })
        else { return nil }
        return ChangeNotice(
            customer: customer, previousStage: text("previous_stage", in: 0, of: json), stage: stage,
            enteredAt: enteredAt, rule: text("rule", in: reason, of: json) ?? "",
            trigger: text("trigger", in: reason, of: json).flatMap { StageChangeOutput.Trigger(rawValue: $0) },
            facts: facts(reason, of: json), evidence: evidence(reason, of: json),
            lateBySeconds: integer("late_by_seconds", in: 0, of: json),
            currency: text("currency", in: json.value(named: "revenue", in: 0), of: json)
                .flatMap { Currency($0.utf8) })
    }

    private mutating func facts(_ reason: Int?, of json: JSONTokens) -> [FactOutput] {
        var facts: [FactOutput] = []
        for fact in elements("facts", in: reason, of: json) {
            let unit = text("unit", in: fact, of: json) ?? ""
            facts.append(
                FactOutput(
                    name: text("name", in: fact, of: json) ?? "", value: self.fact(unit, "value", in: fact, of: json),
                    threshold: self.fact(unit, "threshold", in: fact, of: json)))
        }
        return facts
    }

    private mutating func evidence(_ reason: Int?, of json: JSONTokens) -> ShortList<EvidenceOutput> {
        var evidence: [EvidenceOutput] = []
        for item in elements("evidence", in: reason, of: json) {
            evidence.append(
                EvidenceOutput(kind: text("kind", in: item, of: json) ?? "", id: text("id", in: item, of: json) ?? ""))
        }
        return ShortList(first: evidence, of: Int(integer("evidence_count", in: reason, of: json) ?? 0))
    }

    /// Nil where the value is unknown.
    private mutating func fact(
        _ unit: String, _ name: StaticString, in fact: Int, of json: JSONTokens
    ) -> FactOutputValue? {
        guard let value = json.value(named: name, in: fact) else { return nil }
        switch json[value].shape {
        case .number:
            return FactUnit(rawValue: unit).flatMap { unit in
                integer(name, in: fact, of: json).map { FactOutputValue($0, unit) }
            }
        case .yes: return .flag(true)
        case .no: return .flag(false)
        case .string:
            guard let text = text(name, in: fact, of: json) else { return nil }
            guard unit == "instant" else { return .label(text) }
            return TimeText.parse(text).map { .instant($0) }
        case .object, .array, .key, .null: return nil
        }
    }

    // MARK: Members

    private mutating func text(_ name: StaticString, in object: Int?, of json: JSONTokens) -> String? {
        guard let value = json.value(named: name, in: object), json[value].shape == .string else { return nil }
        return String(decoding: unescaper.text(json[value], in: json), as: UTF8.self)
    }

    private func integer(_ name: StaticString, in object: Int?, of json: JSONTokens) -> Int64? {
        guard let value = json.value(named: name, in: object), json[value].shape == .number else { return nil }
        return Int64(String(decoding: json.raw(value), as: UTF8.self))
    }

    private func elements(_ name: StaticString, in object: Int?, of json: JSONTokens) -> [Int] {
        guard let list = json.value(named: name, in: object), json[list].shape == .array else { return [] }
        return Array(json.elements(of: list))
    }
}
