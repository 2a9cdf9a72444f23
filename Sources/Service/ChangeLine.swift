package import CommandLine
package import CustomerLifecycle
import PolicyLanguage
import Processor
package import Wire

/// Writes a change of stage in words: one line says who, when, from what and to what, the next ones why.
package struct ChangeLine {
    let columnCount: Int
    let style: Style

    private static let indent = 6

    package init(columnCount: Int, style: Style) {
        self.columnCount = columnCount
        self.style = style
    }

    package func printed(_ output: PublishedOutput) -> [String] {
        let told = told(output)
        let time = style(.faint, InstantText.write(told.at).prefix(19).replacing("T", with: " "))
        let reasons = Wrapped(Printable(told.because).description, columnCount: columnCount - Self.indent).lines
        return ["\(time)  \(Printable(output.head.customer))  \(told.what)"]
            + reasons.map { String(repeating: " ", count: Self.indent) + $0 }
    }

    /// When, what, and why: without the customer.
    package func told(_ output: PublishedOutput) -> (at: Instant, what: String, because: String) {
        switch output.content {
        case .stageChange(let change):
            let from = change.previousStage.map { "\(Printable($0)) " } ?? ""
            return told(
                "\(from)→ \(style(.strong, Printable(change.standing.stage)))", at: change.standing.enteredAt,
                because: reason(
                    change.standing.reason, change.trigger, lateBy: change.lateBySeconds, of: change.standing.stage))
        case .restatement(let standing):
            return told(
                "is \(style(.strong, Printable(standing.stage)))", at: output.head.time,
                because: "said again, since the log was upgraded; since \(InstantText.writeDate(standing.enteredAt))")
        case .segmentChange(let change):
            return told(
                "\(change.isEntered ? "enters" : "leaves") \(style(.strong, Printable(change.segment)))",
                at: change.since,
                because: reason(change.reason, change.trigger, lateBy: change.lateBySeconds, of: change.segment))
        case .consentChange(let consent):
            let basis = consent.basis.map { $0 == consent.purpose ? "" : ", by list \(Printable($0))" } ?? ""
            return told(
                "\(consent.channel) \(Printable(consent.purpose)) is "
                    + style(.strong, consent.isAllowed ? "allowed" : "not allowed"),
                at: output.head.time, because: "\(consent.why)\(basis)")
        case .action(let action):
            let what = ActionText.what(
                key: Printable(action.businessKey).description, channel: action.channel, purpose: action.purpose)
            let why = action.why.map { "\(ActionText.why($0)); " } ?? ""
            return told(
                "\(what) is \(style(.strong, action.decision.word))", at: output.head.time,
                because: why + reason(action.reason, nil, lateBy: nil, of: action.action))
        case .forgetting(let forgetting):
            return told(
                "\(Printable(forgetting.previousStage)) → \(style(.strong, "forgotten"))", at: output.head.time,
                because: "without order, consent or user id, and silent since "
                    + InstantText.writeDate(forgetting.lastEventAt))
        }
    }

    private func told(
        _ what: String, at instant: Instant, because reason: String
    ) -> (at: Instant, what: String, because: String) { (instant, what, reason) }

    /// Writes `line 9: silence before last order is 283 days, against 90 days; seen in order o-4, order o-2`.
    private func reason(
        _ reason: PublishedReason, _ trigger: StageChangeOutput.Trigger?, lateBy late: Int64?, of name: String
    ) -> String {
        var parts = reason.facts.map { fact($0, of: reason) }
        if !reason.evidence.elements.isEmpty { parts.append(evidence(reason.evidence)) }
        if let late {
            parts.append("a correction: the news came \(Lasting(.seconds(late))) late")
        } else if trigger == .policy {
            parts.append("because the policy changed")
        }
        // The rule names its stage or segment, which the line above has already said.
        let prefix = "\(name), "
        let rule = reason.rule.hasPrefix(prefix) ? String(reason.rule.dropFirst(prefix.count)) : ""
        return rule + (rule.isEmpty || parts.isEmpty ? "" : ": ") + parts.joined(separator: "; ")
    }

    private func evidence(_ evidence: ShortList<EvidenceOutput>) -> String {
        let more = evidence.count - evidence.elements.count
        return "seen in " + evidence.elements.map { "\($0.kind) \($0.id)" }.joined(separator: ", ")
            + (more > 0 ? " and \(more) more" : "")
    }

    private func fact(_ fact: FactOutput, of reason: PublishedReason) -> String {
        if case .flag(let flag) = fact.value { return "\(fact.name): \(flag ? "yes" : "no")" }
        let found = fact.value.map { self.found($0, fact.name, of: reason) } ?? "unknown"
        let limit = fact.threshold.map { value($0, reason.currency) }
        return "\(fact.name) is \(found)" + (limit.map { $0 == found ? "" : ", against \($0)" } ?? "")
    }

    /// An amount is of orders, whose values may not all be known; a margin has no bound.
    private func found(_ value: FactOutputValue, _ name: String, of reason: PublishedReason) -> String {
        guard case .money(let minorUnits) = value, reason.revenueBound != .exact, !name.hasPrefix("margin") else {
            return self.value(value, reason.currency)
        }
        return reason.revenueBound == .unknown
            ? "not known" : PolicyText.revenue(minorUnits, reason.currency, reason.revenueBound)
    }

    private func value(_ value: FactOutputValue, _ currency: Currency) -> String {
        switch value {
        case .count(let number): "\(Grouped(number))"
        case .duration(let length): PolicyText.duration(roughly(length).count)
        case .money(let minorUnits): PolicyText.money(minorUnits, currency)
        case .score(let thousandths): PolicyText.score(thousandths)
        case .instant(let instant): InstantText.write(instant)
        case .flag(let flag): flag ? "yes" : "no"
        case .label(let label): label
        }
    }

    /// Rounds a length of two days or more down to whole days: a review finds a silence one millisecond over its limit,
    /// which no reader needs.
    private func roughly(_ length: Milliseconds) -> Milliseconds {
        let day = Milliseconds.days(1).count
        return length.count >= 2 * day ? Milliseconds(length.count - length.count % day) : length
    }
}
