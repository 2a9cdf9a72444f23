import Processor

/// Counts what one run, or many, went through.
package struct Tally: Equatable, Sendable {
    package private(set) var counts: [Survived: Int] = [:]
    package var runs = 0
    package var events = 0
    package var changes = 0
    /// What became of steps of actions: `due`, `suppressed no_consent`…
    package var outcomes: [String: Int] = [:]

    package init() {}

    mutating func count(_ survived: Survived) { counts[survived, default: 0] += 1 }

    package mutating func add(_ other: Tally) {
        counts.merge(other.counts, uniquingKeysWith: +)
        runs += other.runs
        events += other.events
        changes += other.changes
        outcomes.merge(other.outcomes, uniquingKeysWith: +)
    }

    package func count(of survived: Survived) -> Int { counts[survived] ?? 0 }
}

/// Everything that can go wrong in a run, and every way in which recovery can happen, with the words that are printed.
package enum Survived: String, CaseIterable, Hashable, Sendable {
    // A projector is killed.
    case killedBeforeHearing = "before it heard which partitions are its own"
    case killedBeforeClock = "before it read the clock"
    case killedAfterClock = "after it read the clock"
    case killedBeforeEnd = "before it asked where the log ends"
    case killedAfterEnd = "after it asked where the log ends"
    case killedBeforePoll = "before it read records"
    case killedBeforeBegin = "before it began a transaction"
    case killedAfterProduce = "with a stage change sent, not committed"
    case killedBeforeOffsets = "before it said how far it had read"
    case killedAfterOffsets = "after it said how far it had read"
    case killedBeforeCommit = "before the commit"
    case killedAfterCommit = "after the commit, before it knew"
    case killedAfterMerge = "after the commit"
    case killedBetweenTurns = "while it waited"
    case routerKilled = "a Router at work"
    case importKilled = "an import at work"
    case checkpointCut = "while it wrote a checkpoint"
    // Transactions.
    case aborted = "aborted by the broker"
    case unknownCommitted = "committed, and the answer was lost"
    case failedCommitted = "committed, and the answer was an error"
    case unknownLost = "not committed, and the answer was lost"
    case fenced = "another process took over under the same id"
    case committedLate = "committed after the next turn was folded"
    case lostLate = "lost after the next turn was folded"
    case routerAborted = "a Router's, aborted"
    case routerUnknown = "a Router's, with the answer lost"
    case routerFenced = "a Router's, and another took over"
    case importFenced = "an import's, and another import took over"
    // Who works on what.
    case rebalanced = "partition taken away in the middle of a turn"
    case rebalancedBack = "partition taken away and given back"
    case otherOwnerProgressed = "its next owner went on meanwhile"
    case rebalancedBetweenTurns = "partition moved between turns"
    case routerRebalanced = "input taken away in the middle of a turn"
    case routersRebalanced = "input moved between turns"
    case readLate = "reader found nothing, since nothing had arrived yet"
    case stalled = "process stood still for hours in the middle of a turn"
    // What comes in.
    case late = "event an hour or up to 60 days late"
    case repeated = "event sent twice"
    case poisoned = "record that is no event, refused"
    case overridden = "stage set by the shop, or let go"
    case inputHeld = "input held back by another producer"
    case inputAborted = "input taken back by another producer"
    case inputsWaited = "input waited while time went on"
    case timeHeldBack = "time held back by an input not read to its end"
    case arrivedMeanwhile = "event came while the time was asked for"
    case importResumed = "import interrupted, and gone on with"
    case finishRefused = "import finished too early: refused"
    case linksLeftOut = "links between ids left out, which the log had already"
    // Disks.
    case lostPower = "power lost"
    case tornTail = "last write of the log cut short"
    case flippedTail = "last write of the log damaged"
    case logDiskFull = "log's disk full"
    case checkpointDiskFull = "checkpoint's disk full"
    case checkpointDamaged = "checkpoint damaged"
    case checkpointsLost = "checkpoints deleted"
    case checkpointOutrun = "checkpoint finished after its fold had gone on"
    case checkpointDropped = "checkpoint given up with its partition"
    case checkpointContested = "two owners writing a checkpoint of one partition"
    // Time, and who says what holds.
    case clockJumped = "clock wrong by a day or a year"
    case ticked = "nothing happened until someone was due"
    case adopted = "another policy came into force"
    case regenerated = "everyone's stage was published anew"
    case sliced = "record that moved too many customers for one transaction"
    // Rows of the recovery table.
    case recoveredFromCheckpoint = "from a checkpoint"
    case recoveredFromGenesis = "from the log's beginning"
    case recoveredWithinRecord = "to the middle of a record that moved many"
    case setCheckpointAside = "with a bad checkpoint set aside"
    case checkpointAhead = "passing over a checkpoint ahead of the commits"
    case stoppedPastIsGone = "the log's beginning is gone"
    case stoppedNoGenesis = "the log is not ours"
    case stoppedNoOffset = "the committed offset is missing"
    case stoppedBeyondEnd = "the committed offset lies beyond the end"
    case stoppedOtherVersion = "another version folded this log"
    case stoppedOtherLog = "the log is not the one that was folded"
    case stoppedOtherOutputs = "folding gives other changes than were committed"

    /// The heading under which cases are printed; their words continue its own.
    package enum Chapter: String, CaseIterable, Sendable {
        case killed = "A process was killed (kill -9)"
        case transaction = "A transaction failed"
        case handover = "Work changed hands"
        case input = "Input was late, doubled, bad or held back"
        case disk = "A disk failed, a checkpoint was in doubt"
        case time = "Time passed, rules changed"
        case recovery = "It came back"
        case refusal = "It refused to go on, rather than publish wrong"
    }

    package var chapter: Chapter {
        switch self {
        case .killedBeforeHearing, .killedBeforeClock, .killedAfterClock, .killedBeforeEnd, .killedAfterEnd,
            .killedBeforePoll, .killedBeforeBegin, .killedAfterProduce, .killedBeforeOffsets, .killedAfterOffsets,
            .killedBeforeCommit, .killedAfterCommit, .killedAfterMerge, .killedBetweenTurns, .routerKilled,
            .importKilled, .checkpointCut:
            .killed
        case .aborted, .unknownCommitted, .failedCommitted, .unknownLost, .fenced, .committedLate, .lostLate,
            .routerAborted, .routerUnknown, .routerFenced, .importFenced:
            .transaction
        case .rebalanced, .rebalancedBack, .otherOwnerProgressed, .rebalancedBetweenTurns, .routerRebalanced,
            .routersRebalanced, .stalled, .readLate:
            .handover
        case .late, .repeated, .poisoned, .overridden, .inputHeld, .inputAborted, .inputsWaited, .timeHeldBack,
            .arrivedMeanwhile, .importResumed, .finishRefused, .linksLeftOut:
            .input
        case .lostPower, .tornTail, .flippedTail, .logDiskFull, .checkpointDiskFull, .checkpointDamaged,
            .checkpointsLost, .checkpointOutrun, .checkpointDropped, .checkpointContested:
            .disk
        case .clockJumped, .ticked, .adopted, .regenerated, .sliced: .time
        case .recoveredFromCheckpoint, .recoveredFromGenesis, .recoveredWithinRecord, .setCheckpointAside,
            .checkpointAhead:
            .recovery
        case .stoppedPastIsGone, .stoppedNoGenesis, .stoppedNoOffset, .stoppedBeyondEnd, .stoppedOtherVersion,
            .stoppedOtherLog, .stoppedOtherOutputs:
            .refusal
        }
    }

    init(killedAt moment: Moment, _ role: Role) {
        guard role == .projector else {
            self = .routerKilled
            return
        }
        self =
            switch moment {
            case .hearing: .killedBeforeHearing
            case .beforeClock: .killedBeforeClock
            case .afterClock: .killedAfterClock
            case .beforeEnd: .killedBeforeEnd
            case .afterEnd: .killedAfterEnd
            case .poll: .killedBeforePoll
            case .begin: .killedBeforeBegin
            case .afterProduce: .killedAfterProduce
            case .beforeOffsets: .killedBeforeOffsets
            case .afterOffsets: .killedAfterOffsets
            case .beforeCommit: .killedBeforeCommit
            case .afterCommit: .killedAfterCommit
            case .afterMerge: .killedAfterMerge
            }
    }

    init(endingAs kind: Fault.Kind, _ role: Role) {
        switch (kind, role) {
        case (.aborted, .router): self = .routerAborted
        case (.aborted, .projector): self = .aborted
        case (.failedCommitted, .projector): self = .failedCommitted
        case (_, .router): self = .routerUnknown
        case (.unknownLost, .projector): self = .unknownLost
        case (_, .projector): self = .unknownCommitted
        }
    }

    init(stoppedBy lie: Lie) {
        self =
            switch lie {
            case .pastIsGone: .stoppedPastIsGone
            case .noGenesis: .stoppedNoGenesis
            case .noOffset: .stoppedNoOffset
            case .offsetBeyondEnd: .stoppedBeyondEnd
            case .otherVersion: .stoppedOtherVersion
            case .otherLog: .stoppedOtherLog
            case .otherOutputs: .stoppedOtherOutputs
            }
    }
}

extension Lie {
    /// Why recovery must stop.
    var cause: ProcessorError.Cause {
        switch self {
        case .pastIsGone: .pastIsBeingLost
        case .noGenesis: .notOurLog
        case .noOffset: .offsetMissing
        case .offsetBeyondEnd: .offsetBeyondEnd
        case .otherVersion: .otherFoldVersion
        case .otherLog: .otherLogContent
        case .otherOutputs: .foldNotDeterministic
        }
    }
}
