import CustomerLifecycle

/// What a policy says, in words: each line as a sentence about a customer, for people who did not write it.
package struct PolicyWords: Sendable {
    /// A line of `stages:` or `segments:`.
    package struct Line: Equatable, Sendable {
        package let name: String
        /// In the file, from 1.
        package let line: Int
        /// `A customer who has not ordered for 385 days or longer.`
        package let sentence: String
    }

    /// An entry of `actions:`.
    package struct Action: Equatable, Sendable {
        package let name: String
        package let line: Int
        package let sentence: String
        /// `news: marketing by e-mail, 3 days later`, a line each.
        package let steps: [String]
    }

    package let name: String
    package let about: String
    /// What the policy counts in, and what it assumes: a sentence each.
    package let settings: [String]
    package let stages: [Line]
    package let segments: [Line]
    package let phases: [PhaseVocabulary]
    package let actions: [Action]
    /// What holds for all contacts, and what is compared: a sentence each.
    package let contactRules: [String]
    package let experiments: [String]
    /// Sections of the file that change nothing yet.
    package let notInForce: [String]

    /// Nil for a file that is no policy.
    package init?(_ compiled: CompiledPolicy) {
        guard let policy = compiled.policy else { return nil }
        let words = ConditionWords(policy: policy, phrases: compiled.phrases)
        name = policy.name
        about = compiled.about
        settings = Self.settings(policy, compiled.zones)
        stages = policy.rules.enumerated().map { index, rule in
            let whom = rule.condition.map { "a customer who \(words.clause(at: $0))" } ?? "everybody else"
            // The first line that is true decides, so each speaks of those whom the lines above have left.
            let sentence = index == 0 || rule.condition == nil ? whom : "of the others, " + whom
            return Line(name: policy.stages[rule.stage], line: rule.line, sentence: Self.sentence(sentence))
        }
        segments = policy.segments.map { segment in
            let sentence = "a customer who \(words.clause(at: segment.condition))"
            return Line(name: segment.name, line: segment.line, sentence: Self.sentence(sentence))
        }
        phases = compiled.phases
        let due = ActionWords(policy: policy, conditions: words)
        actions = due.actions
        contactRules = due.rules
        experiments = due.experiments
        notInForce = compiled.notInForce
    }

    private static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }

    private static func settings(_ policy: Policy, _ zones: [ZoneTable]) -> [String] {
        var settings: [String] = []
        let money = policy.currency
        settings.append(
            money == .none
                ? "It counts no money."
                : "Money is counted in \(money.letters); orders in another currency bring none.")
        if let zone = zones.first {
            let others = zones.dropFirst().map(\.name).joined(separator: ", ")
            settings.append("Days are those of \(zone.name)\(others.isEmpty ? "" : ", or of \(others)").")
        }
        if let end = policy.cycleEndsAfter {
            settings.append("An order after more than \(span(end)) of silence begins a new cycle.")
        }
        if let gap = policy.assumedGap {
            settings.append("A gap of \(span(gap)) between orders is assumed, and counted once among a customer's own.")
        }
        if let margin = policy.assumedMarginPercent {
            settings.append("Of an order whose cost of goods is unknown, \(margin) % is taken for margin.")
        }
        if let promise = policy.deliveryPromise {
            settings.append("Where the shop promised no date, a parcel is late \(span(promise)) after shipping.")
        }
        if let hold = policy.referralHold {
            settings.append("A referral counts once the friend's first order was kept for \(span(hold)).")
        }
        return settings
    }

    private static func span(_ duration: Milliseconds) -> String { PolicyText.duration(duration.count) }
}
