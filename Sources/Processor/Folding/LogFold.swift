package import Brokers
package import CustomerLifecycle
import Glibc
import Wire

/// One partition of the log, folded record by record: from the bytes to the partition's state, with the two chains that
/// prove what was folded. Owned by one thread.
package final class LogFold {
    /// The fold this build does: wire decoding, fold, evaluation and output encoding together. In force is what genesis
    /// says, or the newest generation record.
    package static let version: UInt32 = 7
    /// Logs that an earlier version founded have no actions until their first generation of a later one.
    static let firstVersionWithActions: UInt32 = 7

    package let index: Int
    private var position: FoldPosition
    private var records: RecordFold
    /// Where the open turn began.
    private var turn: FoldPosition?
    /// Where the turn before began, which may still be lost.
    private var closed: FoldPosition?
    private var decoded = DecodedEvents()
    /// Records left out of the fold, whole or in part.
    package var skipped: [SkippedRecord] = []
    /// Where a trap finds what was being folded.
    private var trapSlot: UnsafeMutablePointer<TrapSlot>?
    private var thread = OwningThread()

    /// `asOf`: fold only what counts up to this instant, everyone as if behind (`--at`).
    package init(index: Int, cache: PolicyCache, asOf: AsOf? = nil) {
        self.index = index
        position = FoldPosition()
        records = RecordFold(index: index, cache: cache, asOf: asOf, state: Partition(policy: .beforeGenesis))
    }

    /// Takes up where a checkpoint left off; the caller has added its subjects to `state`.
    init(
        index: Int, cache: PolicyCache, next: NextOffset, genesis: Genesis, policy: PolicyInForce,
        foldVersion: UInt32, metadata: CommitMetadata, state: consuming Partition
    ) {
        self.index = index
        position = FoldPosition(
            next: next, genesis: genesis, policy: policy, foldVersion: foldVersion, outputCount: metadata.outputCount,
            logChain: metadata.log, outputChain: metadata.outputs)
        records = RecordFold(index: index, cache: cache, asOf: nil, state: state)
    }

    /// The first record not folded to its end.
    package var next: NextOffset { position.next }
    package var genesis: Genesis? { position.genesis }
    /// The policy under which the records are folded now.
    package var policy: PolicyInForce? { position.policy }
    /// The fold version in force at `next`; 0 before genesis.
    package var foldVersion: UInt32 { position.foldVersion }
    /// Whether what it gives is not published: another version of the fold was in force here. The generation record
    /// with which this build's begins says everybody's standing again.
    package var isMuted: Bool { position.isSuperseded }
    package var outputCount: UInt64 { position.outputCount }
    package var logChain: Chain { position.logChain }
    package var outputChain: Chain { position.outputChain }
    /// When the record under way was appended.
    package var appended: Instant { position.appended }
    /// Events folded, for rates.
    package var eventCount: Int { records.eventCount }
    /// The event folded last.
    var event: StorefrontEvent { records.event }
    /// The message id of the event folded last, where outputs are described; empty after another record.
    var messageID: [UInt8] { position.messageID }

    /// Whether the record at `next` is folded in part.
    package var isWithinRecord: Bool { position.afterRecord != nil }

    /// What to commit with `next`.
    package var metadata: CommitMetadata {
        CommitMetadata(
            foldVersion: Self.version, outputCount: outputCount,
            cursor: isWithinRecord ? records.state.nextOrdinal : nil, log: logChain, outputs: outputChain,
            skipped: skipped)
    }

    /// Leaves out what the import of this number brought: what the log knew without it.
    func leaveOut(import number: UInt32) { records.leftOutImport = number }

    var isBeingCopied: Bool { records.state.isBeingCopied }
    var touchedCount: Int { records.state.touchedCount }

    func blockAddress(hash: UInt64) -> UnsafeRawPointer? { records.state.blockAddress(hash: hash) }
    func slotAddress(hash: UInt64) -> UnsafeRawPointer? { records.state.slotAddress(hash: hash) }

    /// Lends the folded state; before genesis it is empty.
    package func withState<Result, Failure: Error>(
        _ body: (borrowing Partition) throws(Failure) -> Result
    ) throws(Failure) -> Result { try body(records.state) }

    /// Whether a tick for `instant` would meet a review.
    package func isReviewDue(until instant: Instant) -> Bool {
        !isWithinRecord && records.state.isReviewDue(until: instant)
    }

    /// Has a trap in this fold marked with the record it happened in.
    package func mark(in marks: TrapMarks) {
        trapSlot = marks.slot(of: index)
        trapSlot?.pointee.step = -1
        records.state.stepMark = marks.stepMark(of: index)
    }

    /// Only the fold under way has a thread: one thread folds many partitions, and a trap condemns one record.
    private func beginMark(_ offset: Int64) {
        guard let trapSlot else { return }
        trapSlot.pointee.offset = offset
        trapSlot.pointee.thread = pthread_self()
    }

    /// Leaves the fold to the thread that uses it next.
    func handOver() { thread.handOver() }

    // MARK: Records

    /// Folds the record at `next`. Returns whether it is done; if not, it moves time and `proceed` goes on with it.
    package func fold(_ record: LentRecord, into outcome: inout Outcome) throws(ProcessorError) -> Bool {
        thread.check("A fold")
        precondition(!isWithinRecord, "One record at a time.")
        precondition(turn != nil || !records.state.isBeingCopied, "A copy sees only what turns have changed.")
        guard record.offset >= next.value else { return true }
        let appended = Instant(milliseconds: record.timestamp)
        position.appended = appended
        if !position.messageID.isEmpty { position.messageID.removeAll(keepingCapacity: true) }
        beginMark(record.offset)
        defer { trapSlot?.pointee.thread = 0 }
        let link = decoded.link(at: record.offset) ?? Chain.Link(key: record.key, value: record.value)
        let after = FoldPosition.AfterRecord(
            next: NextOffset(after: record.offset), logChain: logChain.adding(link, appended: appended))
        guard try apply(record, appended: appended, into: &outcome) else {
            passSkippedSteps(record.offset)
            position.afterRecord = after
            // Its own place, not the one behind the last record: what is committed with a cursor names the record, and
            // between two records there may be offsets that hold none.
            position.next = NextOffset(record.offset)
            return false
        }
        position.finish(after)
        chainOutputs(outcome)
        return true
    }

    /// Goes on with a record that moves time, for at most so many outputs.
    package func proceed(outputCountMax: Int, into outcome: inout Outcome) -> Bool {
        thread.check("A fold")
        guard let after = position.afterRecord else { preconditionFailure("No record is folded in part.") }
        precondition(turn != nil || !records.state.isBeingCopied, "A copy sees only what turns have changed.")
        beginMark(next.value)
        defer { trapSlot?.pointee.thread = 0 }
        let isDone = records.proceed(outputCountMax: outputCountMax, at: &position, into: &outcome)
        chainOutputs(outcome)
        guard isDone else { return false }
        position.finish(after)
        return true
    }

    /// Meets what is due at the instant asked for: the end of an `asOf` fold.
    package func finishAsOf(into outcome: inout Outcome) { records.finishAsOf(at: next, into: &outcome) }

    private func chainOutputs(_ outcome: Outcome) {
        guard !isMuted else { return }
        outcome.lendEachPacked { position.outputChain = position.outputChain.adding($0, of: $1) }
        position.outputCount += UInt64(outcome.count)
    }

    /// Decodes the events among the records from `first` on, at most `DecodedEvents.countMax`; for folds that describe
    /// nothing.
    ///
    /// Each under its own mark, and none that is skipped: decoding is a part of folding that may trap as any other.
    func decodeAhead(_ records: UnsafeBufferPointer<LentRecord>, from first: Int, _ ahead: FetchAhead) {
        decoded.begin(at: records[first].offset)
        for place in first..<min(first + DecodedEvents.countMax, records.count) where !isSkipped(records[place]) {
            beginMark(records[place].offset)
            decoded.decode(records[place], hash: ahead.hash(of: place))
        }
        trapSlot?.pointee.thread = 0
    }

    private func apply(
        _ record: LentRecord, appended: Instant, into outcome: inout Outcome
    ) throws(ProcessorError) -> Bool {
        if isSkipped(record) || foldDecoded(record, appended: appended, into: &outcome) { return true }
        return try records.fold(record, at: &position, into: &outcome)
    }

    /// Returns whether the record is an event that `decodeAhead` has decoded; then it is folded.
    private func foldDecoded(_ lent: LentRecord, appended: Instant, into outcome: inout Outcome) -> Bool {
        guard genesis != nil, !outcome.describes, let subject = lent.key else { return false }
        return decoded.lend(lent.offset) { event, head in
            records.fold(&event, head, of: subject, appended: appended, into: &outcome)
        }
    }

    private func isSkipped(_ record: LentRecord) -> Bool {
        !skipped.isEmpty && skipped.contains(SkippedRecord(offset: record.offset, step: nil))
    }

    private func passSkippedSteps(_ offset: Int64) {
        for skippedRecord in skipped where skippedRecord.offset == offset {
            if let step = skippedRecord.step { records.state.skip(step: step) }
        }
    }
}

// MARK: - Turns

extension LogFold {
    package func beginTurn() {
        thread.check("A fold")
        turn = position
        records.state.beginTurn()
    }

    /// Ends the open turn; the next one can be folded before it is known whether this one is committed.
    package func closeTurn() {
        records.state.closeTurn()
        closed = turn.take()
    }

    /// The closed turn stays; where there is none, the open one is closed and stays.
    package func commitTurn() {
        thread.check("A fold")
        if closed == nil { closeTurn() }
        closed = nil
        records.state.commitTurn()
    }

    /// Back to where the first turn began that is not committed.
    package func abandonTurns() {
        thread.check("A fold")
        guard let start = closed ?? turn else { preconditionFailure("No turn to abandon.") }
        position = start
        turn = nil
        closed = nil
        records.state.abandonTurns()
    }
}

extension LogFold {
    /// Whether it stands where a turn that is committed ended, at an offset: what a checkpoint can be of.
    var isBetweenRecordsAndTurns: Bool { turn == nil && closed == nil && !isWithinRecord && genesis != nil }

    /// Lends the state to a copy of it.
    func withCopy<Result, Failure: Error>(
        _ body: (inout Partition) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        thread.check("A fold")
        return try body(&records.state)
    }
}
