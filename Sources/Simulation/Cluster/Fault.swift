/// A step of a turn at which something can go wrong: the labels of the crash tests.
enum Moment: String, CaseIterable, Hashable, Sendable {
    case poll = "before a poll"
    case begin = "before a transaction begins"
    case afterProduce = "after a record was produced"
    case beforeOffsets = "before the offsets are added"
    case afterOffsets = "after the offsets were added"
    case beforeEnd = "before the transaction ends"
    case afterEnd = "after the transaction ended"
    case afterMerge = "after the turn was merged"
}

/// Something that goes wrong in a client at a moment of its work, once.
struct Fault: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        /// kill -9.
        case crash
        case aborted
        /// The answer to the commit is lost; it was done.
        case unknownCommitted
        /// The answer is lost; nothing was done.
        case unknownLost
        /// Another producer of the same transactional id begins.
        case fenced
        /// The partition goes to the other instance, which commits up to so many turns; the first one has noticed by
        /// then or not, and may get the partition back.
        case rebalanced(turns: Int, isNoticed: Bool, comesBack: Bool)
        /// So many more bytes fit on the log's disk.
        case diskFull(bytesLeft: Int)
    }

    let kind: Kind
    let moment: Moment
    /// How often the moment passes before.
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
        case .unknownLost: "the answer is lost, nothing was done"
        case .fenced: "fenced by another producer"
        case .rebalanced(let turns, let isNoticed, let comesBack):
            "rebalanced\(isNoticed ? ", noticed" : ""), the other owner makes \(turns) turns"
                + (comesBack ? ", and the partition comes back" : "")
        case .diskFull(let bytes): "the log's disk is full after \(bytes) bytes"
        }
    }
}

/// A false answer about the log, which recovery must not believe in silence: a row of its table that ends the process.
enum Lie: String, CaseIterable, Hashable, Sendable {
    case pastIsGone = "the log's beginning is gone"
    case noGenesis = "the log has no genesis"
    case noOffset = "the committed offset is missing"
    case offsetBeyondEnd = "the committed offset lies beyond the end"
    case otherVersion = "another fold version committed"
    case otherLog = "the log is not the one that was folded"
    case otherOutputs = "other outputs were committed than folding gives"
}
