import CustomerLifecycle

/// A step of a process's work at which something can go wrong; its words label the crash tests.
enum Moment: String, CaseIterable, Hashable, Sendable {
    case hearing = "before it hears of its group"
    case beforeClock = "before the clock is read"
    case afterClock = "after the clock was read"
    case beforeEnd = "before an end is asked for"
    case afterEnd = "after an end was asked for"
    case poll = "before a read"
    case begin = "before a transaction begins"
    case afterProduce = "after a record was produced"
    case beforeOffsets = "before the offsets are added"
    case afterOffsets = "after the offsets were added"
    case beforeCommit = "before the transaction ends"
    case afterCommit = "after the transaction ended"
    case afterMerge = "after the turn was merged"
}

/// Something that goes wrong in a client at a moment of its work, once.
struct Fault: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        /// The process is killed by kill -9.
        case crash
        case aborted
        /// The commit was made, but its answer is lost.
        case unknownCommitted
        /// The commit was not made, and its answer is lost.
        case unknownLost
        /// The commit was made, but its answer is an error.
        case failedCommitted
        /// Another producer of the same transactional id begins.
        case fenced
        case rebalanced(Shift)
        /// Only `bytesLeft` more bytes fit on the log's disk.
        case diskFull(bytesLeft: Int)
        /// Nothing goes wrong; an event reaches its topic at this moment.
        case arrives(Input)
        /// Another producer's open transaction in an input is committed at this moment.
        case released(input: Int)
        /// A read finds nothing, because the records have not arrived yet.
        case late
        /// The process stands still for this long.
        case stalled(Milliseconds)
    }

    /// A rebalance in which one of the client's partitions goes to the other instance.
    struct Shift: Equatable, Sendable {
        /// The index of the partition among those of the client.
        let place: Int
        /// How many turns the other instance takes at once.
        let turnCount: Int
        /// Whether the partition is given back after that, before its first owner learns of anything.
        let comesBack: Bool
        /// How many polls of a member find that the partitions are still being dealt out.
        let unsettledPollCount: Int
    }

    let kind: Kind
    let moment: Moment
    /// How often the moment passes before the fault strikes.
    let countdown: Int
}

extension Fault: CustomStringConvertible {
    var description: String { "\(kind.words) \(moment.rawValue), the \(countdown + 1). time" }
}

extension Fault.Kind {
    var words: String {
        switch self {
        case .crash: "killed"
        case .aborted: "the broker aborts"
        case .unknownCommitted: "the answer is lost, the commit was done"
        case .failedCommitted: "the commit was done and an error came back"
        case .unknownLost: "the answer is lost, nothing was done"
        case .fenced: "fenced by another producer"
        case .rebalanced(let shift):
            "a partition is taken away, the other owner makes \(shift.turnCount) turns"
                + (shift.comesBack ? ", and it comes back" : "")
        case .diskFull(let bytes): "the log's disk is full after \(bytes) bytes"
        case .arrives(let input): "\(input) arrives"
        case .released(let input): "the transaction open in input \(input) is committed"
        case .late: "nothing has arrived"
        case .stalled(let length): "\(length.count / 1_000) s pass"
        }
    }
}

/// A false answer about the log, which recovery must notice: each is a row of its table that ends the process.
enum Lie: String, CaseIterable, Hashable, Sendable {
    case pastIsGone = "the log's beginning is gone"
    case noGenesis = "the log has no genesis"
    case noOffset = "the committed offset is missing"
    case offsetBeyondEnd = "the committed offset lies beyond the end"
    case otherVersion = "another fold version committed"
    case otherLog = "the log is not the one that was folded"
    case otherOutputs = "other outputs were committed than folding gives"
}
