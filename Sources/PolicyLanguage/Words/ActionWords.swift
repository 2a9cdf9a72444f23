import CustomerLifecycle

/// What falls due when, in words.
struct ActionWords {
    let policy: Policy
    let conditions: ConditionWords

    /// One for each action: the sentence about its start and its end, and a line for each step.
    var actions: [PolicyWords.Action] {
        policy.contacts.actions.map { action in
            var sentence = "After \(start(action.start))"
            if let condition = action.condition {
                sentence += ", as long as it is a customer who \(conditions.clause(at: condition))"
            }
            if let repetition = action.repetition { sentence += "; \(words(repetition))" }
            sentence += ". A step that could not be released for \(span(action.giveUpAfter)) is given up."
            return PolicyWords.Action(
                name: action.name, line: action.line, sentence: sentence,
                steps: action.steps.map { "\($0.name): \(purpose($0)), \(moment($0.moment))" })
        }
    }

    /// What holds for all contacts, a sentence each.
    var rules: [String] {
        let rules = policy.contacts.rules
        var sentences = rules.limits.map { limit in
            let contacts = limit.channel.map { "\($0.words) message" } ?? "message of any kind"
            let several = limit.channel.map { "\($0.words) messages" } ?? "messages of any kind"
            return "At most \(limit.count) \(limit.count == 1 ? contacts : several) in any \(span(limit.window))."
        }
        if let hours = rules.quietHours {
            let zone = policy.contacts.zone.map { ", by the clocks of \($0.name)" } ?? ""
            sentences.append("Nobody is written to between \(clock(hours.start)) and \(clock(hours.end))\(zone).")
        }
        if let pause = rules.pause {
            sentences.append("Marketing waits while it is a customer who \(conditions.clause(at: pause)).")
        }
        if rules.holdOutPercent > 0 { sentences.append("\(rules.holdOutPercent) % of the customers get no marketing.") }
        for channel in Channel.allCases {
            guard let cost = rules.costPerThousand[channel] else { continue }
            let price = PolicyText.value(cost, of: .money, currency: policy.currency)
            sentences.append("A thousand \(channel.words) messages cost \(price).")
        }
        return sentences
    }

    /// Whose variants are compared, a sentence each.
    var experiments: [String] {
        policy.contacts.experiments.enumerated().map { index, experiment in
            let actions = policy.contacts.actions.filter { $0.experiment == index }.map(\.name)
            let variants = experiment.variants.map { variant in
                let name = variant.name == Policy.Experiment.holdOut ? "nothing" : variant.name
                return "\(name) for \(variant.percent) %"
            }
            return "\(experiment.name), of \(actions.joined(separator: ", ")): \(variants.joined(separator: ", "))."
        }
    }

    private func start(_ start: Policy.Action.Start) -> String {
        switch start {
        case .firstOrder: "the first order"
        case .eachOrder: "each order"
        case .eachDelivery: "each delivery"
        case .eachOverdueDelivery: "each delivery that is overdue"
        case .touchingTheCart: "the cart was touched"
        case .firstConsent(let channel, let purpose):
            "the first consent to \(policy.purposes[purpose].text) by \(channel.words)"
        case .claimingTheReferralCoupon: "a friend's coupon was claimed"
        case .eachReferral: "each referral"
        case .eachResolvedComplaint: "each complaint that was resolved"
        case .eachBirthday: "each birthday has begun"
        case .entering(let stage): "entering \(policy.stages[stage])"
        case .joining(let segment): "joining \(policy.segments[segment].name)"
        }
    }

    private func words(_ repetition: Policy.Action.Repetition) -> String {
        switch repetition {
        case .oncePerCustomer: "once in a customer's life"
        case .oncePerCycle: "once in each cycle"
        case .oncePer(let length): "not again within \(span(length))"
        }
    }

    private func purpose(_ step: Policy.Action.Step) -> String {
        guard let channel = step.channel else { return "a note to the shop" }
        switch step.purpose {
        case .consented(let purpose): return "\(policy.purposes[purpose].text) by \(channel.words)"
        case .service, .task: return "service by \(channel.words)"
        }
    }

    private func moment(_ moment: Policy.Action.Moment) -> String {
        switch moment {
        case .atOnce: return "at once"
        case .later(let length): return "\(span(length)) later"
        case .day(let day, let time):
            let when =
                switch day {
                case 0: "on the day itself"
                case 1: "the day after"
                case -1: "the day before"
                case ..<0: "\(-day) days before"
                default: "\(day) days after"
                }
            return "\(when) at \(clock(time))"
        }
    }

    private func clock(_ time: Milliseconds) -> String {
        let minutes = time.count / 60_000
        let digits = { (number: Int64) in number < 10 ? "0\(number)" : "\(number)" }
        return "\(digits(minutes / 60)):\(digits(minutes % 60))"
    }

    private func span(_ duration: Milliseconds) -> String { PolicyText.duration(duration.count) }
}
