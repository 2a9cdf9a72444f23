package import Brokers
package import CustomerLifecycle
package import Storage
package import Wire

/// Asks what became of the steps of actions, what is to come, and what came of experiments: by folding the log again,
/// since what was decided long ago is kept nowhere else.
package struct ActionsQuestion: Question, Equatable {
    /// Counts outcomes from this instant on; nil for all.
    package var since: Instant?
    package var aheadDays: Int
    package var withinDays: Int

    package init(since: Instant? = nil, aheadDays: Int = 7, withinDays: Int = 30) {
        self.since = since
        self.aheadDays = aheadDays
        self.withinDays = withinDays
    }

    package func answer(
        from view: LogView<some Broker, some Disk>, onWork: OnWork
    ) throws(ProcessorError) -> ActionsReport {
        let advance = onWork("folding", try view.recordCount())
        let told = try onThreads(
            count: view.partitionCount, threadCount: view.threadCount
        ) { partition throws(ProcessorError) in
            let fold = try view.newFold(of: partition, asOf: nil)
            var told = OutcomesTold(since: since ?? .distantPast)
            try view.read(partition, from: fold.next, onProgress: advance) { record throws(ProcessorError) in
                try told.take(record, fold)
            }
            return (fold: fold, outcomes: told)
        }
        let log = try FoldedLog(folds: told.map(\.fold), asOf: nil)
        return report(log, told.map(\.outcomes))
    }

    package func begin(in log: LiveLog<some Broker>) throws(ProcessorError) -> any AnswerUnderWay<ActionsReport> {
        throw .asksForItsOwnFold
    }

    private func report(_ log: FoldedLog, _ told: [OutcomesTold]) -> ActionsReport {
        let policy = log.policy.policy
        let asOf = log.instant
        var report = ActionsReport(
            asOf: asOf, since: since, ahead: .days(Int64(aheadDays)), within: .days(Int64(withinDays)),
            policy: log.policy.reference.name)
        var steps = Steps(policy)
        for outcomes in told {
            for (outcome, count) in outcomes.counts { steps.count(outcome, count) }
        }
        var days: [OutcomesTold.Day: Int] = [:]
        let end = (asOf ?? .distantPast) + report.ahead
        var arms = Arms(policy)
        for (fold, outcomes) in zip(log.folds, told) {
            fold.withState { state in
                var said = Said()
                var facts = Facts()
                state.lendEachSubject { subject in
                    guard subject.isCustomer else { return }
                    subject.read(into: &said)
                    let pending = state.pending(said)
                    if !pending.isEmpty { report.customersWaiting += 1 }
                    for step in pending {
                        steps.wait(step)
                        guard step.due <= end else { continue }
                        let date = CivilDate.split(max(step.due, asOf ?? step.due)).date
                        days[OutcomesTold.Day(date: date, action: step.action, step: step.step), default: 0] += 1
                    }
                    guard let drawn = outcomes.drawn[Array(subject.subject)] else { return }
                    subject.read(into: &facts, &said)
                    arms.count(drawn, facts, within: report.within, asOf: asOf ?? .distantPast)
                }
            }
        }
        report.steps = steps.all
        report.arms = arms.all
        report.days = days.map { ActionsReport.Day(date: $0.date, action: $0.action, step: $0.step, count: $1) }
            .sorted { ($0.date, $0.action, $0.step) < ($1.date, $1.action, $1.step) }
        return report
    }
}

/// What became of steps in one partition.
private struct OutcomesTold {
    struct Outcome: Hashable {
        let action: String
        let step: String
        let decision: ActionOutcome.Decision
        let reason: ActionOutcome.Reason?
    }

    struct Day: Hashable {
        let date: CivilDate
        let action: String
        let step: String
    }

    struct Drawn {
        let action: String
        let variant: String
        /// When the first step reached its release.
        let at: Instant
    }

    private let since: Instant
    private var outcome = CustomerLifecycle.Outcome(describes: true)
    private(set) var counts: [Outcome: Int] = [:]
    /// By the bytes of the subject, each action's first.
    private(set) var drawn: [[UInt8]: [Drawn]] = [:]

    init(since: Instant) { self.since = since }

    mutating func take(_ record: LentRecord, _ fold: LogFold) throws(ProcessorError) {
        var own = CustomerLifecycle.Outcome(describes: false)
        swap(&own, &outcome)
        defer { swap(&own, &outcome) }
        try fold.foldWhole(record, into: &own) { outcome in
            outcome.lendEachDescribed { head, output, description, subject in
                switch output {
                case .action(let ended):
                    guard let told = description.action else { return }
                    tell(ended, told, at: head.time, subject)
                case .forgetting: drawn[Array(subject)] = nil
                case .stageChange, .restatement, .segmentChange, .consentChange: break
                }
            }
        }
    }

    private mutating func tell(
        _ ended: ActionOutcome, _ told: ActionTold, at instant: Instant, _ subject: UnsafeRawBufferPointer
    ) {
        if instant >= since {
            let outcome = Outcome(
                action: told.action, step: told.step, decision: ended.decision, reason: ended.reason)
            counts[outcome, default: 0] += 1
        }
        guard let variant = told.variant, ended.decision == .due || ended.reason == .holdOut else { return }
        let name = Array(subject)
        guard drawn[name]?.contains(where: { $0.action == told.action }) != true else { return }
        drawn[name, default: []].append(Drawn(action: told.action, variant: variant, at: instant))
    }
}

/// The steps in the order of the policy, then those that only earlier ones had.
private struct Steps {
    private(set) var all: [ActionsReport.Step] = []

    init(_ policy: Policy) {
        for action in policy.contacts.actions {
            for step in action.steps {
                let purpose =
                    switch step.purpose {
                    case .consented(let purpose): policy.purposes[purpose].text
                    case .service: "service"
                    case .task: "task"
                    }
                all.append(
                    ActionsReport.Step(
                        action: action.name, step: step.name, channel: step.channel?.word, purpose: purpose))
            }
        }
    }

    private mutating func place(_ action: String, _ step: String) -> Int {
        if let place = all.firstIndex(where: { $0.action == action && $0.step == step }) { return place }
        all.append(ActionsReport.Step(action: action, step: step, channel: nil, purpose: nil))
        return all.count - 1
    }

    mutating func count(_ outcome: OutcomesTold.Outcome, _ count: Int) {
        let place = place(outcome.action, outcome.step)
        switch outcome.decision {
        case .due: all[place].due += count
        case .cancelled: all[place].cancelled[outcome.reason?.word ?? "", default: 0] += count
        case .suppressed: all[place].suppressed[outcome.reason?.word ?? "", default: 0] += count
        }
    }

    mutating func wait(_ step: PendingTold) { all[place(step.action, step.step)].pending += 1 }
}

/// Who got which variant, and who ordered then.
private struct Arms {
    private(set) var all: [ActionsReport.Arm] = []
    private let experimentOfAction: [String: String]

    init(_ policy: Policy) {
        var experiments: [String: String] = [:]
        for action in policy.contacts.actions {
            if let experiment = action.experiment {
                experiments[action.name] = policy.contacts.experiments[experiment].name
            }
        }
        experimentOfAction = experiments
        for experiment in policy.contacts.experiments {
            for variant in experiment.variants {
                all.append(ActionsReport.Arm(experiment: experiment.name, variant: variant.name))
            }
        }
    }

    /// A customer counts once in an experiment, by the first of its actions.
    mutating func count(_ drawn: [OutcomesTold.Drawn], _ facts: Facts, within: Milliseconds, asOf: Instant) {
        var seen: Set<String> = []
        for draw in drawn.sorted(by: { $0.at < $1.at }) {
            guard let experiment = experimentOfAction[draw.action], seen.insert(experiment).inserted else { continue }
            var place = all.firstIndex { $0.experiment == experiment && $0.variant == draw.variant }
            if place == nil {
                all.append(ActionsReport.Arm(experiment: experiment, variant: draw.variant))
                place = all.count - 1
            }
            guard let place else { continue }
            all[place].customers += 1
            let hasOrdered = facts.orders.indices.contains { index in
                let order = facts.orders.outcome(at: index)
                return order.isKept && order.placed > draw.at && order.placed <= draw.at + within
            }
            if hasOrdered { all[place].ordered += 1 }
            if draw.at + within > asOf { all[place].open += 1 }
        }
    }
}
