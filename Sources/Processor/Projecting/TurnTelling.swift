import Brokers
package import CustomerLifecycle

/// What a turn tells those who watch, once it is committed: nothing depends on it.
package struct TurnTelling: Sendable {
    /// When those of its records came to Kafka that were read live, and brought a change.
    package var inputTimes: [Instant] = []
    /// When the changes fell due that time alone has brought.
    package var dueTimes: [Instant] = []
    /// How many outputs of each kind it published.
    package var published: [PublishedKind: Int] = [:]

    package init() {}

    mutating func add(_ outcome: Outcome, of fold: LogFold, becauseOf record: LentRecord?) {
        if let record, let time = InputTime.read(record) { inputTimes.append(time) }
        outcome.lendEach { head, output in
            if output.trigger == .silence, !head.isBackfill { dueTimes.append(head.time) }
            published[PublishedKind(output, of: fold), default: 0] += 1
        }
    }
}

/// What kind of output was published, as it is counted.
package struct PublishedKind: Hashable, Sendable {
    package let type: OutputType
    /// What brought a change of stage or segment; nil of any other output.
    package let trigger: StageChange.Trigger?
    /// The names of an action and its step; nil of any other output.
    package let step: Step?

    package struct Step: Hashable, Sendable {
        package let action: String
        package let step: String

        package init(action: String, step: String) {
            self.action = action
            self.step = step
        }
    }

    package init(type: OutputType, trigger: StageChange.Trigger?, step: Step? = nil) {
        self.type = type
        self.trigger = trigger
        self.step = step
    }

    /// The types and triggers that there are, in their order.
    package static let changes: [(type: OutputType, trigger: StageChange.Trigger?)] = OutputType.allCases.flatMap {
        type -> [(OutputType, StageChange.Trigger?)] in
        let isTriggered = type == .stageChange || type == .segmentChange
        return isTriggered ? StageChange.Trigger.allCases.map { (type, $0) } : [(type, nil)]
    }

    fileprivate init(_ output: Output, of fold: LogFold) {
        type = output.type
        trigger = output.trigger
        guard case .action(let outcome) = output else {
            step = nil
            return
        }
        step = fold.withState { state in
            Step(action: state.progress.words[outcome.action], step: state.progress.words[outcome.step])
        }
    }
}
