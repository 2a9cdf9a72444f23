import Processor

/// What a run went through, or many of them.
package struct Tally: Equatable, Sendable {
    package private(set) var counts: [Survived: Int] = [:]
    package var runs = 0
    package var events = 0
    package var changes = 0

    package init() {}

    mutating func count(_ survived: Survived) { counts[survived, default: 0] += 1 }

    package mutating func add(_ other: Tally) {
        counts.merge(other.counts, uniquingKeysWith: +)
        runs += other.runs
        events += other.events
        changes += other.changes
    }

    package func count(of survived: Survived) -> Int { counts[survived] ?? 0 }
}

/// Everything that can go wrong in a run, and every way in which recovery can come about; in words.
package enum Survived: String, CaseIterable, Hashable, Sendable {
    // Faults of a projector.
    case killedBeforeHearing = "killed before hearing of its group"
    case killedBeforeClock = "killed before reading the clock"
    case killedAfterClock = "killed after reading the clock"
    case killedBeforeEnd = "killed before asking for an end"
    case killedBeforePoll = "killed before reading"
    case killedBeforeBegin = "killed before a transaction"
    case killedAfterProduce = "killed after producing a record"
    case killedBeforeOffsets = "killed before adding the offsets"
    case killedAfterOffsets = "killed after adding the offsets"
    case killedBeforeCommit = "killed before the commit"
    case killedAfterCommit = "killed after the commit"
    case killedAfterMerge = "killed after the turn"
    case killedBetweenTurns = "killed between turns"
    case aborted = "transaction aborted by the broker"
    case unknownCommitted = "answer to a commit lost, commit done"
    case failedCommitted = "commit done, and answered with an error"
    case unknownLost = "answer to a commit lost, nothing done"
    case fenced = "fenced by another producer of the same id"
    case rebalanced = "partition taken away in the middle of a turn"
    case rebalancedBack = "partition taken away and given back"
    case otherOwnerProgressed = "another owner went on meanwhile"
    case rebalancedBetweenTurns = "partition moved between turns"
    // Of the Router and its inputs.
    case routerKilled = "router killed"
    case routerAborted = "router's transaction aborted"
    case routerUnknown = "router's commit in doubt"
    case routerFenced = "router fenced"
    case routerRebalanced = "input taken away in the middle of a turn"
    case routersRebalanced = "input moved between turns"
    case inputHeld = "input held back by an open transaction"
    case inputAborted = "input with an aborted transaction"
    case inputsWaited = "router stalled while time went on"
    case timeHeldBack = "time held back by an input never read to its end"
    case arrivedMeanwhile = "event arriving while the time is asked for"
    case stalled = "process stalled for hours in the middle of a turn"
    // Of an import.
    case importKilled = "import killed"
    case importFenced = "import fenced by another one"
    case importResumed = "import resumed"
    case finishRefused = "history finished too early: refused"
    // Faults of the disk and the clock.
    case lostPower = "power lost"
    case tornTail = "torn frame at the log's end"
    case flippedTail = "bit flipped in the last frame"
    case logDiskFull = "log's disk full"
    case checkpointDiskFull = "checkpoint's disk full"
    case checkpointCut = "killed while writing a checkpoint"
    case checkpointOutrun = "checkpoint finished after its fold had gone on"
    case checkpointDropped = "checkpoint given up with its partition"
    case checkpointContested = "two owners writing a checkpoint of one partition"
    case checkpointDamaged = "checkpoint damaged"
    case checkpointsLost = "checkpoints lost"
    case clockJumped = "clock jumped"
    case adopted = "another policy adopted"
    case regenerated = "new generation of outputs"
    case sliced = "record cut into slices"
    case ticked = "time passed by a tick"
    // Rows of the recovery table.
    case recoveredFromCheckpoint = "recovered from a checkpoint"
    case recoveredWithinRecord = "recovered to a cursor within a record"
    case setCheckpointAside = "set a bad checkpoint aside"
    case checkpointAhead = "found a checkpoint ahead of the committed offset"
    case recoveredFromGenesis = "recovered from genesis"
    case stoppedPastIsGone = "stopped: the log's beginning is gone"
    case stoppedNoGenesis = "stopped: no genesis"
    case stoppedNoOffset = "stopped: committed offset missing"
    case stoppedBeyondEnd = "stopped: committed offset beyond the end"
    case stoppedOtherVersion = "stopped: another fold version"
    case stoppedOtherLog = "stopped: another log"
    case stoppedOtherOutputs = "stopped: other outputs committed"

    package var isRecovery: Bool { Self.recoveries.contains(self) }

    private static let recoveries: Set<Survived> = [
        .recoveredFromCheckpoint, .recoveredWithinRecord, .setCheckpointAside, .checkpointAhead, .recoveredFromGenesis,
        .stoppedPastIsGone, .stoppedNoGenesis, .stoppedNoOffset, .stoppedBeyondEnd, .stoppedOtherVersion,
        .stoppedOtherLog, .stoppedOtherOutputs,
    ]

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
