import Brokers
package import CustomerLifecycle
import Storage
import Wire

/// Changes of stage that are asked for: from an instant on, of one way or of all.
package struct AskedMoves: Equatable, Sendable {
    /// What a way's first stage comes from.
    package static let beginning = "none"

    /// Of which those that took effect then or later are told.
    package var since: Instant
    /// The stage left, or `beginning`; nil for any.
    package var from: String?
    /// The stage entered; nil for any.
    package var to: String?

    package init(since: Instant = .distantPast, from: String? = nil, to: String? = nil) {
        self.since = since
        self.from = from
        self.to = to
    }

    func includes(_ change: StageChange, at instant: Instant, _ stages: [String]) -> Bool {
        guard instant >= since else { return false }
        if let to, stages[change.to] != to { return false }
        guard let from else { return true }
        return (change.from.map { stages[$0] } ?? Self.beginning) == from
    }

    /// A stage that neither the policy in force has nor an earlier one had is an error that names the known ones.
    func check(_ log: FoldedLog) throws(ProcessorError) {
        let policy = log.policy.policy.stages
        let former = Set(log.folds.flatMap { $0.withState { $0.progress.stageNames } }).subtracting(policy).sorted()
        for stage in [from == Self.beginning ? nil : from, to].compactMap(\.self)
        where !policy.contains(stage) && !former.contains(stage) {
            throw ProcessorError(
                .usage, "unknown stage \(stage); the policy has \((policy + former).joined(separator: ", "))")
        }
    }
}

extension LogView {
    /// Folds the log from its beginning to its end, or as of an instant, and tells the moves on the way.
    func told(
        _ asked: AskedMoves, keepsCustomers: Bool, asOf: Instant?, under policy: PolicyInForce? = nil, onWork: OnWork
    ) throws(ProcessorError) -> (log: FoldedLog, moves: [MovesTold]) {
        var inForce: LogFold.AsOf?
        if let asOf {
            let policy = if let policy { policy } else { try self.policy() }
            inForce = LogFold.AsOf(asOf, under: policy)
        }
        let advance = onWork("folding", try recordCount())
        let end = inForce
        let told = try onThreads(count: partitionCount, threadCount: threadCount) { partition throws(ProcessorError) in
            let fold = try newFold(of: partition, asOf: end)
            var told = MovesTold(asked, keepsCustomers: keepsCustomers)
            try read(partition, from: fold.next, onProgress: advance) { record throws(ProcessorError) in
                try told.take(record, fold)
            }
            told.finish(fold)
            return (fold: fold, moves: told)
        }
        let log = try FoldedLog(folds: told.map(\.fold), asOf: asOf)
        try asked.check(log)
        return (log, told.map(\.moves))
    }
}

/// The moves of one partition.
struct MovesTold {
    private let asked: AskedMoves
    private let keepsCustomers: Bool
    private var outcome = Outcome(describes: true)
    /// How often each was made.
    private(set) var counts: [StagesReport.Move: Int] = [:]
    /// Each customer's newest, by the bytes of the subject; empty unless asked for.
    private(set) var newest: [[UInt8]: CustomerRow.Move] = [:]

    init(_ asked: AskedMoves, keepsCustomers: Bool) {
        self.asked = asked
        self.keepsCustomers = keepsCustomers
    }

    mutating func take(_ record: LentRecord, _ fold: LogFold) throws(ProcessorError) {
        var own = Outcome(describes: false)
        swap(&own, &outcome)
        defer { swap(&own, &outcome) }
        try fold.foldWhole(record, into: &own) { tell($0, fold) }
    }

    /// Meets what is due at the instant asked for.
    mutating func finish(_ fold: LogFold) {
        outcome.removeAll()
        fold.finishAsOf(into: &outcome)
        tell(outcome, fold)
    }

    private mutating func tell(_ outcome: Outcome, _ fold: LogFold) {
        guard !outcome.isEmpty, let words = StageWords(fold) else { return }
        outcome.lendEachDescribed { head, output, description, subject in
            switch output {
            case .stageChange(let change):
                guard asked.includes(change, at: head.time, words.stages) else { return }
                let move = words.move(change)
                counts[move, default: 0] += 1
                guard keepsCustomers else { return }
                newest[Array(subject)] = CustomerRow.Move(
                    kind: move, at: head.time, reason: words.reason(change, description))
            case .forgetting:
                // Who comes back is somebody else.
                if keepsCustomers { newest[Array(subject)] = nil }
            case .restatement, .segmentChange, .consentChange, .action: break
            }
        }
    }
}

extension LogFold {
    /// So many outputs are in memory at once.
    private static let outputCountMax = 8_192

    /// Folds a record to its end, and lends what it gave, in as many parts as it takes.
    func foldWhole(
        _ record: LentRecord, into outcome: inout Outcome, _ body: (Outcome) -> Void
    ) throws(ProcessorError) {
        outcome.removeAll()
        var isDone = try fold(record, into: &outcome)
        body(outcome)
        while !isDone {
            outcome.removeAll()
            isDone = proceed(outputCountMax: Self.outputCountMax, into: &outcome)
            body(outcome)
        }
    }
}

extension StageWords {
    fileprivate func move(_ change: StageChange) -> StagesReport.Move {
        StagesReport.Move(
            from: change.from.map(stageName), to: stageName(change.to), rule: rule(change.rule),
            text: policy.policy.isOverriding(change.rule) ? nil : source(of: change.rule),
            policyNumber: policy.reference.version, trigger: change.trigger)
    }
}
