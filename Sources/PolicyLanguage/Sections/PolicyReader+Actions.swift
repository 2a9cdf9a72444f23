import CommandLine
import CustomerLifecycle

/// The sections of actions and of experiments with them.
extension PolicyReader {
    private static let giveUpMin = Milliseconds.minutes(10)
    private static let oldNews = Milliseconds.days(7)
    /// A step is planned at most so long after its start, as far as windows reach back.
    private static let dayMax: Int64 = 1_100

    private static let starts: [String: Policy.Action.Start] = [
        "first order": .firstOrder, "each order": .eachOrder, "each delivery": .eachDelivery,
        "each overdue delivery": .eachOverdueDelivery, "touching the cart": .touchingTheCart,
        "claiming the referral coupon": .claimingTheReferralCoupon, "each referral": .eachReferral,
        "each resolved complaint": .eachResolvedComplaint, "each birthday": .eachBirthday,
    ]

    mutating func readActions(_ node: YAMLNode) {
        let entries = entries(node, of: "actions")
        scope.actions = Set(entries.map(\.key.text))
        if entries.count > ContactPlan.actionCountMax {
            error(entries[ContactPlan.actionCountMax].key, "more than \(ContactPlan.actionCountMax) actions")
        }
        for entry in entries.prefix(ContactPlan.actionCountMax) {
            let isName = checkName(entry.key)
            let count = problems.count
            guard let action = action(entry), isName, problems[count...].allSatisfy({ $0.severity == .note }) else {
                continue
            }
            draft.actions.append(action)
        }
        if draft.actions.reduce(0, { $0 + ($1.condition?.literalCount ?? 0) }) > Condition.comparisonCountMax {
            error(node, "more than \(Condition.comparisonCountMax) comparisons in all actions together")
            draft.actions = []
        }
    }

    /// Nil: an error says why.
    private mutating func action(_ entry: YAMLNode.Entry) -> ActionDraft? {
        let purposes = scope.purposes + ["service"]
        let blocks = Channel.allCases.flatMap { channel in purposes.map { "\(channel.word) \($0)" } } + ["task"]
        let keys = ["after", "while", "once per", "give up after"] + blocks
        guard case .map = entry.value.content else {
            error(entry.value, "expected an action as \"key: value\" lines")
            return nil
        }
        let parts = entries(entry.value, of: "an action", allowed: keys)
        func value(of key: String) -> YAMLNode? { parts.first { $0.key.text == key }?.value }
        guard let after = value(of: "after") else {
            error(entry.key, "when does it start? \"after:\" is missing")
            return nil
        }
        let start = start(after)
        var condition: Condition?
        if let node = value(of: "while") {
            condition = self.condition(node)
        } else if let start {
            condition = standardCondition(of: start, at: place(after))
        }
        var isOfCart = false
        var isBirthday = false
        if case .plain(.touchingTheCart)? = start { isOfCart = true }
        if case .plain(.eachBirthday)? = start { isBirthday = true }
        if isOfCart, value(of: "once per") == nil {
            error(entry.key, "say \"once per:\", for example 7 days: each filled cart would start it again")
        }
        let repetition = value(of: "once per").flatMap { self.repetition($0) }
        let giveUpAfter = value(of: "give up after").flatMap { giveUp($0) } ?? Policy.Action.standardGiveUp
        let written = parts.filter { blocks.contains($0.key.text) }
        if written.isEmpty {
            error(entry.key, "what is due? add for example \"email marketing:\" with its steps")
        }
        let steps = self.steps(written, isBirthday: isBirthday)
        guard let start else { return nil }
        return ActionDraft(
            name: entry.key.text, place: place(entry.key), start: start, condition: condition, repetition: repetition,
            giveUpAfter: giveUpAfter, steps: steps)
    }

    /// Who entered a stage is written to while they are in it, and a cart is spoken of while something is in it.
    private func standardCondition(of start: ActionDraft.Start, at place: Place) -> Condition? {
        switch start {
        case .entering(let stage):
            .literal(
                Literal(
                    test: .stage([stage]), place: place, phrase: Phrase(left: "stage is \(stage)", right: "")))
        case .plain(.touchingTheCart):
            .literal(
                Literal(
                    test: .compare(
                        .greaterOrEqual, Operand(term: .fact(.cartItems, window: nil)),
                        Operand(term: .constant(1, .count))), place: place,
                    phrase: Phrase(left: "cart items", right: "1")))
        case .plain, .firstConsent, .joining: nil
        }
    }

    // MARK: Starts

    private mutating func start(_ node: YAMLNode) -> ActionDraft.Start? {
        guard let scalar = node.scalar else {
            error(node, "expected a start, for example first order")
            return nil
        }
        if let plain = Self.starts[scalar.text] {
            if plain == .eachBirthday { findings.need(.timeZone, for: scalar.text) }
            return .plain(plain)
        }
        if let stage = Self.text(of: scalar, behind: "entering ") {
            guard !draft.stages.contains(stage) else { return .entering(stage) }
            report(Suggestion.message(unknown: "stage", stage, among: draft.stages), behind: "entering ", in: scalar)
        } else if let segment = Self.text(of: scalar, behind: "joining ") {
            let names = draft.segments.map(\.name)
            guard let found = draft.segments.first(where: { $0.name == segment }) else {
                // One that could not be read is an error already.
                guard !scope.segments.contains(segment) else { return nil }
                report(Suggestion.message(unknown: "segment", segment, among: names), behind: "joining ", in: scalar)
                return nil
            }
            guard found.condition.usesEffort else { return .joining(segment) }
            report(
                "\"\(segment)\" counts our own effort, so it may not start an action (it could start itself)",
                behind: "joining ", in: scalar)
        } else if let consent = Self.text(of: scalar, behind: "first consent to ") {
            return firstConsent(consent, in: scalar)
        } else {
            let known = Self.starts.keys.sorted() + ["entering …", "joining …", "first consent to …"]
            error(node, Suggestion.message(unknown: "start", scalar.text, among: known))
        }
        return nil
    }

    private mutating func firstConsent(_ text: String, in scalar: YAMLScalar) -> ActionDraft.Start? {
        let words = text.split(separator: " ", maxSplits: 1)
        guard let channel = words.first.flatMap({ Channel(word: String($0)) }) else {
            report("unknown channel; known: \(Channel.allWords)", behind: "first consent to ", in: scalar)
            return nil
        }
        guard words.count == 2, scope.purposes.contains(String(words[1])) else {
            report(
                "unknown purpose; declared: \(scope.purposes.joined(separator: ", "))",
                behind: "first consent to \(channel.word) ", in: scalar)
            return nil
        }
        return .firstConsent(channel, purpose: String(words[1]))
    }

    private static func text(of scalar: YAMLScalar, behind words: String) -> String? {
        scalar.text.hasPrefix(words) ? String(scalar.text.dropFirst(words.count)) : nil
    }

    private mutating func report(_ message: String, behind words: String, in scalar: YAMLScalar) {
        let offset = min(words.unicodeScalars.count, scalar.text.unicodeScalars.count)
        report(ExpressionError(offset: offset, message: message), in: scalar)
    }

    // MARK: Repetition and deadline

    private mutating func repetition(_ node: YAMLNode) -> Policy.Action.Repetition? {
        switch node.scalar?.text {
        case "customer": return .oncePerCustomer
        case "cycle":
            findings.need(.cycleEndsAfter, for: "once per: cycle")
            return .oncePerCycle
        default: return duration(node).map { .oncePer($0) }
        }
    }

    private mutating func giveUp(_ node: YAMLNode) -> Milliseconds? {
        guard let length = duration(node) else { return nil }
        if length < Self.giveUpMin {
            error(node, "how often the clock ticks would show; give up after 10 minutes or more")
        } else if length > Self.oldNews, let scalar = node.scalar {
            note(scalar, "after more than 7 days a message is old news")
        }
        return length
    }

    // MARK: Steps

    private mutating func steps(_ blocks: [YAMLNode.Entry], isBirthday: Bool) -> [ActionDraft.Step] {
        var steps: [ActionDraft.Step] = []
        for block in blocks {
            let words = block.key.text.split(separator: " ", maxSplits: 1).map(String.init)
            let purpose: ActionDraft.Purpose =
                words.count < 2 ? .task : words[1] == "service" ? .service : .consented(words[1])
            let written = entries(block.value, of: "steps")
            if written.isEmpty, case .map = block.value.content { error(block.key, "expected steps") }
            for entry in written {
                let isName = checkName(entry.key)
                if steps.contains(where: { $0.name == entry.key.text }) {
                    error(entry.key, "step \"\(entry.key.text)\" is given twice")
                }
                guard let moment = moment(entry.value, isBirthday: isBirthday), isName else { continue }
                guard steps.count < Policy.Action.stepCountMax else {
                    error(entry.key, "an action has at most \(Policy.Action.stepCountMax) steps")
                    return steps
                }
                steps.append(
                    ActionDraft.Step(
                        name: entry.key.text, channel: words.count < 2 ? nil : Channel(word: words[0]),
                        purpose: purpose, moment: moment, place: place(entry.key)))
            }
        }
        return steps
    }

    // when = "at once" | duration "later" | "day" N "at" HH:MM
    private mutating func moment(_ node: YAMLNode, isBirthday: Bool) -> Policy.Action.Moment? {
        let expected = "expected \"at once\", \"5 days later\" or \"day 5 at 09:00\""
        guard let scalar = node.scalar else {
            error(node, expected)
            return nil
        }
        if scalar.text == "at once" { return .atOnce }
        let words = scalar.text.split(separator: " ", omittingEmptySubsequences: false)
        if words.count == 4, words[0] == "day", words[2] == "at", let day = Self.day(words[1]),
            let time = Self.timeOfDay(words[3])
        {
            findings.need(.timeZone, for: scalar.text)
            guard day >= 1 || isBirthday else {
                error(node, "day \(day) may be over already; write \"at once\" or \"day 1 at 09:00\"")
                return nil
            }
            guard day.magnitude <= Self.dayMax else {
                error(node, "a step is at most \(Self.dayMax) days away")
                return nil
            }
            return .day(day, at: time)
        }
        guard words.count == 3, words[2] == "later" else {
            error(node, expected)
            return nil
        }
        return parse(scalar) { parser throws(ExpressionError) in
            let length = try parser.wholeDuration(before: "later")
            guard length <= .days(Self.dayMax) else {
                throw parser.failure("a step is at most \(Self.dayMax) days away", at: parser.tokens[0])
            }
            return .later(length)
        }
    }

    private static func day(_ text: Substring) -> Int64? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text
        guard !digits.isEmpty, digits.utf8.count <= 6, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int64(text)
    }
}

// MARK: - Experiments

extension PolicyReader {
    mutating func readExperiments(_ node: YAMLNode) {
        for entry in entries(node, of: "experiments") {
            let isName = checkName(entry.key)
            let parts = entries(entry.value, of: "an experiment", allowed: ["in", "variants", "salt"])
            func value(of key: String) -> YAMLNode.Entry? { parts.first { $0.key.text == key } }
            guard let actions = value(of: "in"), let variants = value(of: "variants") else {
                error(entry.key, "an experiment needs \"in:\" with actions and \"variants:\" with weights")
                continue
            }
            let salt = value(of: "salt").flatMap { text($0.value, "a text") } ?? entry.key.text
            guard let weighted = weighted(variants), isName else { continue }
            let number = draft.experiments.count
            draft.experiments.append(Policy.Experiment(name: entry.key.text, salt: salt, variants: weighted))
            for item in items(actions.value, "actions") { enter(item, number) }
            noteCompetition(number, at: actions.key)
        }
    }

    private mutating func enter(_ node: YAMLNode, _ experiment: Int) {
        guard let name = text(node, "an action") else { return }
        guard let place = draft.actions.firstIndex(where: { $0.name == name }) else {
            // One that could not be read is an error already.
            guard !scope.actions.contains(name) else { return }
            return error(node, Suggestion.message(unknown: "action", name, among: scope.actions.sorted()))
        }
        if let taken = draft.actions[place].experiment {
            return error(node, "action \"\(name)\" is already in experiment \"\(draft.experiments[taken].name)\"")
        }
        draft.actions[place].experiment = experiment
    }

    private mutating func weighted(_ entry: YAMLNode.Entry) -> [Policy.Experiment.Variant]? {
        var variants: [Policy.Experiment.Variant] = []
        let count = problems.count
        for variant in entries(entry.value, of: "variants") {
            guard checkName(variant.key), let percent = percentage(variant.value) else { continue }
            variants.append(Policy.Experiment.Variant(name: variant.key.text, percent: percent))
        }
        guard problems.count == count else { return nil }
        let total = variants.reduce(0) { $0 + $1.percent }
        guard total == 100 else {
            error(entry.key, "the weights add up to \(total) %, not 100 %")
            return nil
        }
        return variants
    }

    /// What one action of an experiment sends may hold back what another one would have sent.
    private mutating func noteCompetition(_ experiment: Int, at key: YAMLScalar) {
        let actions = draft.actions.filter { $0.experiment == experiment }
        for (place, action) in actions.enumerated() {
            for other in actions[(place + 1)...] {
                let shared = action.limitedChannels(draft.contact).intersection(other.limitedChannels(draft.contact))
                guard let channel = Channel.allCases.first(where: shared.contains) else { continue }
                return note(
                    key,
                    "\"\(action.name)\" and \"\(other.name)\" compete for the same limit of \(channel.word): what one "
                        + "sends may hold back the other, whatever the variant")
            }
        }
    }
}

extension ActionDraft {
    /// On which it has contacts that a limit counts.
    fileprivate func limitedChannels(_ contact: ContactDraft) -> Set<Channel> {
        Set(
            steps.compactMap { step in
                guard case .consented = step.purpose, let channel = step.channel, contact.limits(channel) else {
                    return nil
                }
                return channel
            })
    }
}
