import Brokers
import CustomerLifecycle
import Wire

/// What each kind of record does to a partition. Nothing else of the fold knows the kinds: a new one gets its case
/// here.
struct RecordFold: ~Copyable {
    private let index: Int
    private let cache: PolicyCache
    /// Fold only what counts up to this instant, everyone as if behind (`--at`).
    private let asOf: LogFold.AsOf?
    /// Leaves out what the import of this number brought; 0 for none.
    var leftOutImport: UInt32 = 0
    var state: Partition
    private var decoder = EventDecoder()
    /// The event folded last.
    private(set) var event = StorefrontEvent(
        claimed: .distantPast, received: .distantPast, tieBreaker: 0, kind: .unrelated)
    /// Events folded, for rates.
    private(set) var eventCount = 0

    init(index: Int, cache: PolicyCache, asOf: LogFold.AsOf?, state: consuming Partition) {
        self.index = index
        self.cache = cache
        self.asOf = asOf
        self.state = state
    }

    /// Folds a record of any kind. Returns whether it is done; where it is not it moves time, and `proceed` goes on
    /// with it.
    mutating func fold(
        _ lent: LentRecord, at position: inout FoldPosition, into outcome: inout Outcome
    ) throws(ProcessorError) -> Bool {
        let record: LogRecord
        let contents: LogContents
        do throws(LogRecordError) {
            record = try LogRecord(lent.value)
            contents = try record.contents()
        } catch {
            throw cannotFold(lent, "\(error)")
        }
        guard (position.genesis == nil) == (record.header.kind == .genesis) else {
            throw ProcessorError(
                .notOurLog,
                "Partition \(index), offset \(lent.offset): a \(record.header.kind) record "
                    + (position.genesis == nil ? "where genesis should be." : "after genesis."))
        }
        let claimed = record.header.claimed
        let context = context(of: record.header, at: lent.offset, appended: position.appended)
        switch contents {
        case .genesis(let genesis):
            try begin(genesis, at: &position)
        case .event(let body):
            try fold(body, of: record.header, lent, context, &position, into: &outcome)
        case .link(let link):
            fold(link, of: record.header, lent, context)
        case .tick where asOf == nil:
            state.beginTick(at: claimed, in: context)
            return false
        case .caughtUp where asOf == nil:
            state.beginCaughtUp(at: claimed, in: context)
            return false
        case .adoption(let policy) where asOf == nil:
            return try !begin(policy, at: claimed, in: context, &position)
        case .generation(let generation) where asOf == nil:
            return try !begin(generation, at: claimed, in: context, &position)
        case .tick, .caughtUp, .adoption, .generation:
            break
        }
        return true
    }

    /// Folds an event that was decoded ahead of its turn.
    mutating func fold(
        _ event: inout StorefrontEvent, _ head: DecodedEvents.Head, of subject: UnsafeRawBufferPointer,
        appended: Instant, into outcome: inout Outcome
    ) {
        if let asOf, min(head.claimed, appended) > asOf.instant { return }
        if event.statement.number > 0, event.statement.number == leftOutImport { return }
        let context = RecordContext(offset: head.offset, appended: appended, isBackfill: asOf != nil || head.isBackfill)
        state.fold(&event, of: subject, hash: head.hash, in: context, into: &outcome)
        eventCount += 1
    }

    /// Goes on with a record that moves time, for at most so many outputs. Returns whether it is done.
    mutating func proceed(
        outputCountMax: Int, at position: inout FoldPosition, into outcome: inout Outcome
    ) -> Bool {
        let isDone = state.proceed(outputCountMax: outputCountMax, into: &outcome)
        if let adopted = position.adopted, state.progress.epoch.policyNumber == adopted.number {
            position.policy = adopted
            position.adopted = nil
        }
        if let generation = position.generation, state.progress.epoch.generation == generation.number {
            position.begin(generation)
        }
        return isDone
    }

    /// Meets what is due at the instant asked for: the end of an `asOf` fold.
    mutating func finishAsOf(at next: NextOffset, into outcome: inout Outcome) {
        guard let asOf else { return }
        let context = RecordContext(offset: next.value, appended: .never, isBackfill: true)
        state.caughtUp(at: asOf.instant, in: context, into: &outcome)
    }

    private func context(of header: LogHeader, at offset: Int64, appended: Instant) -> RecordContext {
        RecordContext(offset: offset, appended: appended, isBackfill: asOf != nil || header.isBackfill)
    }

    // MARK: Kinds

    private mutating func begin(_ record: GenesisRecord, at position: inout FoldPosition) throws(ProcessorError) {
        position.genesis = LogFold.Genesis(record)
        position.foldVersion = try LogFold.known(record.foldVersion)
        let policy = if let asOf { asOf.policy } else { try cache.policy(record.policy) }
        position.policy = policy
        state.begin(under: policy.policy, isActing: record.foldVersion >= LogFold.firstVersionWithActions)
    }

    /// Returns whether the record has work to do: a policy that is not above the one in force is ignored.
    private mutating func begin(
        _ record: AdoptedPolicy, at instant: Instant, in context: RecordContext, _ position: inout FoldPosition
    ) throws(ProcessorError) -> Bool {
        guard let policy = position.policy, record.number > policy.number else { return false }
        let adopted = try cache.policy(record)
        position.adopted = adopted
        state.beginAdoption(of: adopted.policy, number: adopted.number, at: instant, in: context)
        return true
    }

    /// Returns whether the record has work to do: a generation that is not above the one in force is ignored.
    private mutating func begin(
        _ record: GenerationRecord, at instant: Instant, in context: RecordContext, _ position: inout FoldPosition
    ) throws(ProcessorError) -> Bool {
        guard record.number > state.progress.epoch.generation else { return false }
        _ = try LogFold.known(record.foldVersion)
        position.generation = record
        state.beginGeneration(number: record.number, at: instant, in: context)
        return true
    }

    private mutating func fold(
        _ body: UnsafeRawBufferPointer, of header: LogHeader, _ lent: LentRecord, _ context: RecordContext,
        _ position: inout FoldPosition, into outcome: inout Outcome
    ) throws(ProcessorError) {
        if let asOf, header.counted(appended: context.appended) > asOf.instant { return }
        guard let subject = lent.key, !subject.isEmpty else {
            throw cannotFold(lent, "an event without a subject")
        }
        do throws(EventError) {
            try decoder.decode(body, header: header, into: &event)
        } catch .field {
            // An older build's Router let it in; this one's refuses it.
            return
        } catch {
            throw cannotFold(lent, "\(error)")
        }
        if event.statement.number > 0, event.statement.number == leftOutImport { return }
        if outcome.describes, let id = decoder.messageID { position.messageID.append(contentsOf: id) }
        state.fold(&event, of: subject, hash: subjectHash(subject), in: context, into: &outcome)
        eventCount += 1
    }

    private mutating func fold(_ link: LinkRecord, of header: LogHeader, _ lent: LentRecord, _ context: RecordContext) {
        if let asOf, header.counted(appended: context.appended) > asOf.instant { return }
        guard let subject = lent.key else { return }
        state.fold(link.fact(claimed: header.claimed), of: subject, hash: subjectHash(subject), in: context)
    }

    private func cannotFold(_ lent: LentRecord, _ reason: String) -> ProcessorError {
        ProcessorError(.damagedLog, "lifecycle.log, partition \(index), offset \(lent.offset): \(reason).")
    }
}
