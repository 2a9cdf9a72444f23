package import Brokers
package import CustomerLifecycle
import Glibc
import Wire

/// One partition of the log, folded record by record: from the bytes to the partition's state, with the two chains that
/// prove what was folded. Owned by one thread.
package final class LogFold {
    /// The fold this build does: wire decoding, fold, evaluation and output encoding together. In force is what genesis
    /// says.
    package static let version: UInt32 = 1

    package let index: Int
    /// The first record not folded to its end.
    package private(set) var next = NextOffset(0)
    package private(set) var genesis: Genesis?
    /// Under which the records are folded now.
    package private(set) var policy: PolicyInForce?
    /// Adopted by the record under way, in force once its tick is met.
    private var adopted: PolicyInForce?
    package private(set) var outputCount: UInt64 = 0
    package private(set) var logChain = Chain()
    package private(set) var outputChain = Chain()
    /// When the record under way was appended.
    package private(set) var appended: Instant = .distantPast
    /// Events folded, for rates.
    package private(set) var eventCount = 0
    private var state = Partition(policy: .beforeGenesis)
    /// What holds once the record that moves time is done; nil between records.
    private var afterPassage: AfterRecord?
    private var turn: Turn?
    /// The turn before, which may still be lost.
    private var closed: Turn?
    private var decoder = EventDecoder()
    private var decoded = DecodedEvents()
    /// The event folded last.
    private(set) var event = StorefrontEvent(
        claimed: .distantPast, received: .distantPast, tieBreaker: 0, kind: .unrelated)
    /// Of the event folded last, where outputs are described; empty after a record that is none.
    private(set) var messageID: [UInt8] = []
    private let shelf: PolicyShelf
    /// Fold only what counts up to this instant, everyone as if behind (`--at`).
    private let asOf: AsOf?
    /// Records left out of the fold, whole or in part.
    package var annulled: [Annulment] = []
    /// Where a trap finds what was being folded.
    private var trapSlot: UnsafeMutablePointer<TrapSlot>?

    private struct Turn {
        let genesis: Genesis?
        let policy: PolicyInForce?
        let adopted: PolicyInForce?
        let next: NextOffset
        let appended: Instant
        let outputCount: UInt64
        let logChain: Chain
        let outputChain: Chain
        let afterPassage: AfterRecord?
    }

    private struct AfterRecord {
        let next: NextOffset
        let logChain: Chain
    }

    package init(index: Int, shelf: PolicyShelf, asOf: AsOf? = nil) {
        self.index = index
        self.shelf = shelf
        self.asOf = asOf
    }

    /// Takes up where a checkpoint left off; the caller has added its subjects to `state`.
    init(
        index: Int, shelf: PolicyShelf, next: NextOffset, genesis: Genesis, policy: PolicyInForce,
        metadata: CommitMetadata, state: consuming Partition
    ) {
        self.index = index
        self.shelf = shelf
        asOf = nil
        self.next = next
        self.genesis = genesis
        self.policy = policy
        outputCount = metadata.outputCount
        logChain = metadata.log
        outputChain = metadata.outputs
        self.state = consume state
    }

    /// Whether the record at `next` is folded in part.
    package var isWithinRecord: Bool { afterPassage != nil }

    /// What to commit with `next`.
    package var metadata: CommitMetadata {
        CommitMetadata(
            foldVersion: Self.version, outputCount: outputCount,
            cursor: isWithinRecord ? state.nextOrdinal : nil, log: logChain, outputs: outputChain,
            annulled: annulled)
    }

    var isBeingCopied: Bool { state.isBeingCopied }
    var touchedCount: Int { state.touchedCount }

    func blockAddress(hash: UInt64) -> UnsafeRawPointer? { state.blockAddress(hash: hash) }
    func slotAddress(hash: UInt64) -> UnsafeRawPointer? { state.slotAddress(hash: hash) }

    /// Lends the folded state; before genesis it is empty.
    package func withState<Result, Failure: Error>(
        _ body: (borrowing Partition) throws(Failure) -> Result
    ) throws(Failure) -> Result { try body(state) }

    /// Whether a tick for `instant` would meet a review.
    package func isReviewDue(until instant: Instant) -> Bool { !isWithinRecord && state.isReviewDue(until: instant) }

    /// From now on a trap in this fold is marked with the record it happened in.
    package func mark(in marks: TrapMarks) {
        trapSlot = marks.slot(of: index)
        trapSlot?.pointee.step = -1
        state.stepMark = marks.stepMark(of: index)
    }

    /// Only the fold under way has a thread: one thread folds many partitions, and a trap condemns one record.
    private func beginMark(_ offset: Int64) {
        guard let trapSlot else { return }
        trapSlot.pointee.offset = offset
        trapSlot.pointee.thread = pthread_self()
    }

    // MARK: Records

    /// Folds the record at `next`. Says whether it is done; if not, it moves time and `proceed` goes on with it.
    package func fold(_ record: LentRecord, into outcome: inout Outcome) throws(ProcessorError) -> Bool {
        precondition(!isWithinRecord, "One record at a time.")
        precondition(turn != nil || !state.isBeingCopied, "A copy sees only what turns have changed.")
        guard record.offset >= next.value else { return true }
        appended = Instant(milliseconds: record.timestamp)
        if !messageID.isEmpty { messageID.removeAll(keepingCapacity: true) }
        beginMark(record.offset)
        defer { trapSlot?.pointee.thread = 0 }
        let link = decoded.link(at: record.offset) ?? Chain.Link(key: record.key, value: record.value)
        let after = AfterRecord(
            next: NextOffset(after: record.offset), logChain: logChain.adding(link, appended: appended))
        let isDone = if isAnnulled(record) { true } else { try apply(record, appended: appended, into: &outcome) }
        guard isDone else {
            afterPassage = after
            // Its own place, not the one behind the last record: what is committed with a cursor names the record, and
            // between two records there may be offsets that hold none.
            next = NextOffset(record.offset)
            return false
        }
        finish(after)
        chainOutputs(outcome)
        return true
    }

    /// Goes on with a record that moves time, for at most so many outputs.
    package func proceed(outputCountMax: Int, into outcome: inout Outcome) -> Bool {
        guard let after = afterPassage else { preconditionFailure("No record is folded in part.") }
        precondition(turn != nil || !state.isBeingCopied, "A copy sees only what turns have changed.")
        beginMark(next.value)
        defer { trapSlot?.pointee.thread = 0 }
        let isDone = state.proceed(outputCountMax: outputCountMax, into: &outcome)
        chainOutputs(outcome)
        if let adopted, state.progress.era.policyNumber == adopted.number {
            policy = adopted
            self.adopted = nil
        }
        guard isDone else { return false }
        finish(after)
        return true
    }

    private func finish(_ after: AfterRecord) {
        next = after.next
        logChain = after.logChain
        afterPassage = nil
    }

    /// Meets what is due at the instant asked for: the end of an `asOf` fold.
    package func finishAsOf(into outcome: inout Outcome) {
        guard let asOf else { return }
        state.caughtUp(at: asOf.instant, offset: next.value, into: &outcome)
    }

    private func chainOutputs(_ outcome: Outcome) {
        outcome.lendEachPacked { outputChain = outputChain.adding($0, of: $1) }
        outputCount += UInt64(outcome.count)
    }

    /// Decodes the events among the records from `first` on, at most `DecodedEvents.countMax`; for folds that describe
    /// nothing.
    ///
    /// Each under its own mark, and none that is annulled: decoding is a part of folding that may trap as any other.
    func decodeAhead(_ records: UnsafeBufferPointer<LentRecord>, from first: Int, _ ahead: FetchAhead) {
        decoded.begin(at: records[first].offset)
        for place in first..<min(first + DecodedEvents.countMax, records.count) where !isAnnulled(records[place]) {
            beginMark(records[place].offset)
            decoded.decode(records[place], hash: ahead.hash(of: place))
        }
        trapSlot?.pointee.thread = 0
    }

    private func isAnnulled(_ record: LentRecord) -> Bool {
        !annulled.isEmpty && annulled.contains(Annulment(offset: record.offset, step: nil))
    }

    private func apply(
        _ lent: LentRecord, appended: Instant, into outcome: inout Outcome
    ) throws(ProcessorError) -> Bool {
        if foldDecoded(lent, appended: appended, into: &outcome) { return true }
        let record: LogRecord
        let contents: LogContents
        do throws(LogRecordError) {
            record = try LogRecord(lent.value)
            contents = try record.contents()
        } catch {
            throw cannotFold(lent, "\(error)")
        }
        guard (genesis == nil) == (record.header.kind == .genesis) else {
            throw ProcessorError(
                .notOurLog,
                "Partition \(index), offset \(lent.offset): a \(record.header.kind) record "
                    + (genesis == nil ? "where genesis should be." : "after genesis."))
        }
        let instant = record.header.counted(appended: appended)
        switch contents {
        case .genesis(let genesis):
            try begin(genesis)
        case .event(let body):
            try fold(body, of: record.header, lent, appended: appended, into: &outcome)
        case .link(let link):
            fold(link, of: record.header, lent, appended: appended)
        case .tick where asOf == nil:
            state.beginTick(at: instant, offset: lent.offset)
            skipAnnulledSteps(lent.offset)
            return false
        case .caughtUp where asOf == nil:
            state.beginCaughtUp(at: instant, offset: lent.offset)
            skipAnnulledSteps(lent.offset)
            return false
        case .adoption(let record) where asOf == nil:
            return try !begin(record, at: instant, offset: lent.offset)
        case .generation(let record) where asOf == nil:
            return try !begin(record, at: instant, offset: lent.offset)
        case .tick, .caughtUp, .adoption, .generation:
            break
        }
        return true
    }

    private func begin(_ record: GenesisRecord) throws(ProcessorError) {
        genesis = try Genesis(record).checked()
        let policy = if let asOf { asOf.policy } else { try shelf.policy(record.policy) }
        self.policy = policy
        // Swapped: in release builds what an assignment to this property replaces is never freed (Swift 6.3.1).
        var fresh = Partition(policy: policy.policy)
        swap(&state, &fresh)
        if closed != nil {
            state.beginTurn()
            state.closeTurn()
        }
        if turn != nil { state.beginTurn() }
    }

    private func skipAnnulledSteps(_ offset: Int64) {
        for annulment in annulled where annulment.offset == offset {
            if let step = annulment.step { state.skip(step: step) }
        }
    }

    /// Says whether the record has work to do: a policy that is not above the one in force is ignored.
    private func begin(_ record: AdoptedPolicy, at instant: Instant, offset: Int64) throws(ProcessorError) -> Bool {
        guard let policy, record.number > policy.number else { return false }
        let adopted = try shelf.policy(record)
        self.adopted = adopted
        state.beginAdoption(of: adopted.policy, number: adopted.number, at: instant, offset: offset)
        skipAnnulledSteps(offset)
        return true
    }

    private func begin(_ record: GenerationRecord, at instant: Instant, offset: Int64) throws(ProcessorError) -> Bool {
        guard record.number > state.progress.era.generation else { return false }
        guard record.foldVersion == Self.version else {
            throw ProcessorError(
                .otherFoldVersion,
                "Generation \(record.number) of the log is folded by version \(record.foldVersion) of the fold, "
                    + "this build has \(Self.version).")
        }
        state.beginGeneration(number: record.number, at: instant, offset: offset)
        skipAnnulledSteps(offset)
        return true
    }

    private func fold(
        _ body: UnsafeRawBufferPointer, of header: LogHeader, _ lent: LentRecord, appended: Instant,
        into outcome: inout Outcome
    ) throws(ProcessorError) {
        if let asOf, header.counted(appended: appended) > asOf.instant { return }
        guard let subject = lent.key, !subject.isEmpty else { throw cannotFold(lent, "an event without a subject") }
        do throws(EventError) {
            try decoder.decode(body, header: header, into: &event)
        } catch {
            throw cannotFold(lent, "\(error)")
        }
        if outcome.describes, let id = decoder.messageID { messageID.append(contentsOf: id) }
        state.fold(
            &event, of: subject, hash: subjectHash(subject), offset: lent.offset, appended: appended,
            isBackfill: asOf != nil || header.isBackfill, into: &outcome)
        eventCount += 1
    }

    /// Says whether the record is an event that `decodeAhead` has decoded; then it is folded.
    private func foldDecoded(_ lent: LentRecord, appended: Instant, into outcome: inout Outcome) -> Bool {
        guard genesis != nil, !outcome.describes, let subject = lent.key else { return false }
        return decoded.lend(lent.offset) { event, head in
            if let asOf, min(head.claimed, appended) > asOf.instant { return }
            state.fold(
                &event, of: subject, hash: head.hash, offset: lent.offset, appended: appended,
                isBackfill: asOf != nil || head.isBackfill, into: &outcome)
            eventCount += 1
        }
    }

    private func fold(_ link: LinkRecord, of header: LogHeader, _ lent: LentRecord, appended: Instant) {
        if let asOf, header.counted(appended: appended) > asOf.instant { return }
        guard let subject = lent.key else { return }
        state.fold(
            link.fact(claimed: header.claimed), of: subject, hash: subjectHash(subject),
            appended: appended)
    }

    private func cannotFold(_ lent: LentRecord, _ reason: String) -> ProcessorError {
        ProcessorError(.damagedLog, "lifecycle.log, partition \(index), offset \(lent.offset): \(reason).")
    }
}

// MARK: - Turns

extension LogFold {
    package func beginTurn() {
        turn = Turn(
            genesis: genesis, policy: policy, adopted: adopted, next: next, appended: appended,
            outputCount: outputCount, logChain: logChain, outputChain: outputChain, afterPassage: afterPassage)
        state.beginTurn()
    }

    /// Ends the open turn; the next one can be folded before it is known whether this one is committed.
    package func closeTurn() {
        state.closeTurn()
        closed = turn.take()
    }

    /// The closed turn stays; where there is none, the open one is closed and stays.
    package func commitTurn() {
        if closed == nil { closeTurn() }
        closed = nil
        state.commitTurn()
    }

    /// Back to where the first turn began that is not committed.
    package func abandonTurns() {
        guard let turn = closed ?? turn else { preconditionFailure("No turn to abandon.") }
        genesis = turn.genesis
        policy = turn.policy
        adopted = turn.adopted
        next = turn.next
        appended = turn.appended
        // A turn begins between records, or within one that moves time, which has none.
        messageID.removeAll(keepingCapacity: true)
        outputCount = turn.outputCount
        logChain = turn.logChain
        outputChain = turn.outputChain
        afterPassage = turn.afterPassage
        self.turn = nil
        closed = nil
        state.abandonTurns()
    }
}

extension LogFold {
    /// Whether it stands where a turn that is committed ended, at an offset: what a checkpoint can be of.
    var isBetweenRecordsAndTurns: Bool { turn == nil && closed == nil && !isWithinRecord && genesis != nil }

    /// Lends the state to a copy of it.
    func withCopy<Result, Failure: Error>(
        _ body: (inout Partition) throws(Failure) -> Result
    ) throws(Failure) -> Result { try body(&state) }
}
