import Brokers
import CustomerLifecycle
import Wire

/// Where a fold stands in its log, and what it has come to beside its subjects, which `Partition` keeps: a copy of it
/// takes a lost turn back.
struct FoldPosition {
    /// The first record not folded to its end.
    var next = NextOffset(0)
    var genesis: LogFold.Genesis?
    /// The policy under which the records are folded now.
    var policy: PolicyInForce?
    /// Adopted by the record under way, in force once its tick is met.
    var adopted: PolicyInForce?
    /// The fold version in force at this place of the log: genesis's, or that of the newest generation record before.
    var foldVersion: UInt32 = 0
    /// The generation that the record under way begins, once its tick is met.
    var generation: GenerationRecord?
    /// When the record under way was appended.
    var appended: Instant = .distantPast
    /// The message id of the event folded last, where outputs are described; empty after another record.
    var messageID: [UInt8] = []
    var outputCount: UInt64 = 0
    var logChain = Chain()
    var outputChain = Chain()
    /// What holds once the record that moves time is done; nil between records.
    var afterRecord: AfterRecord?

    struct AfterRecord {
        let next: NextOffset
        let logChain: Chain
    }

    /// Whether another version of the fold is in force here, which published other outputs than this build's.
    var isSuperseded: Bool { foldVersion != LogFold.version }

    /// The outputs of a new generation are counted from its record on.
    mutating func begin(_ generation: GenerationRecord) {
        foldVersion = generation.foldVersion
        self.generation = nil
        outputCount = 0
        outputChain = Chain()
    }

    mutating func finish(_ after: AfterRecord) {
        next = after.next
        logChain = after.logChain
        afterRecord = nil
    }
}
