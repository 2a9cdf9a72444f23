import CustomerLifecycle

/// A policy file as read, section by section, before it is checked as a whole.
struct PolicyDraft {
    struct Rule {
        let stage: String
        /// The condition; nil for `otherwise`.
        let condition: Condition?
        /// Where the stage's name stands.
        let place: Place
    }

    struct Segment {
        let name: String
        let condition: Condition
        /// Where its name stands.
        let place: Place
    }

    /// A text with the place where it stands.
    struct Name {
        let text: String
        let place: Place
    }

    var name = Name(text: "", place: Place(line: 1, column: 1))
    var about = ""
    var currency: Currency?
    /// The policy's own zone first.
    var zones: [Name] = []
    var hasOwnZone = false
    var purposes = ["marketing"]
    var cycleEndsAfter: Milliseconds?
    var assumedGap: Milliseconds?
    var assumedMarginPercent: Int64?
    var deliveryPromise: Milliseconds?
    var referralHold: Milliseconds?
    var hasContactCost = false
    var contact = ContactDraft()
    var actions: [ActionDraft] = []
    var experiments: [Policy.Experiment] = []
    /// What is said and cannot be read, which is an error of its own.
    var misread: Set<Assumption> = []
    var rules: [Rule] = []
    var segments: [Segment] = []
    var phases: [PhaseVocabulary] = []
    var notInForce: [Section] = []
    /// What is wrong with what no stage depends on: it keeps no policy that was adopted out of force.
    var apartProblems: [Problem] = []

    /// The stages in the order of their first rules.
    var stages: [String] {
        rules.reduce(into: []) { stages, rule in
            if !stages.contains(rule.stage) { stages.append(rule.stage) }
        }
    }

    /// Whether something is said there, be it right or wrong.
    func mentions(_ assumption: Assumption) -> Bool { misread.contains(assumption) || states(assumption) }

    private func states(_ assumption: Assumption) -> Bool {
        switch assumption {
        case .gapBetweenOrders: assumedGap != nil
        case .margin: assumedMarginPercent != nil
        case .deliveryPromise: deliveryPromise != nil
        case .cycleEndsAfter: cycleEndsAfter != nil
        case .referralHold: referralHold != nil
        case .contactCost: hasContactCost
        case .timeZone: hasOwnZone
        case .currency: currency != nil
        }
    }
}
