/// One partition of the log, folded: every subject's facts and what was said of it, and the rules of time (Design.md,
/// Time).
///
/// What it publishes is a function of the records it was given, in their order, and of nothing else: where a batch or a
/// transaction ends does not matter. All of a turn can be taken back until the next one begins.
package struct Partition: ~Copyable {
    /// The subject under way, before the policy in force.
    let judge: Judge
    /// Whether the judge has read the facts as they are: time alone changes none of them.
    var isJudgeRead = false
    /// Where its stages and segments stand in `progress`.
    var places: PolicyPlaces
    package internal(set) var progress: Progress
    var table = SubjectTable()
    var queue = ReviewQueue()
    var turn: Turn?
    /// A copy for a checkpoint, under way.
    var copy: PartitionCopy?
    var turnCount: UInt32 = 0
    /// The turn before, which may still be lost.
    var closed: Turn?
    /// The subject under way, unpacked.
    var current = Current()
    var consents = ConsentWatch()
    /// For a look at what was said of somebody who is not under way; reused, since its lists take a while to make.
    var glance = Said()
    /// How the record under way lets actions be looked at.
    var actionLook = ActionLook()
    /// Whether the look under way has decided anything, and released it.
    var hasDecided = false
    var hasReleased = false
    /// The policy before the one that an adoption under way puts in force.
    var planBefore: PlacedPlan?
    /// Who has nothing to do but to wait for a tick, in the record that moves time.
    var waiting: [ReviewQueue.Entry] = []
    private var writer = PackedWriter()
    /// Who is due at `dueInstant`, and how many of them are met.
    var dueTogether: [Due] = []
    var dueInstant = Instant.distantPast
    var metTogether = 0
    /// The record that moves time and is not folded to its end yet.
    var timeAdvance: TimeAdvance?
    /// Whom it still has to judge anew, in the order of their bytes; found again where empty.
    var judging = Judging()
    /// Where to write which subject a record that moves time is at, for the one who asks after a trap.
    package var stepMark: UnsafeMutablePointer<Int64>?

    /// Without a life sign for so long, who has neither order, consent nor user id is forgotten. Part of the fold
    /// version.
    package static let visitorMemory = Milliseconds.days(400)

    package init(policy: Policy) {
        judge = Judge(under: policy)
        var progress = Progress(stageNames: policy.stages)
        places = progress.places(of: policy)
        self.progress = progress
    }

    /// Takes up a checkpoint: the caller adds its subjects next.
    package init(policy: Policy, progress: Progress, subjectCount: Int) {
        judge = Judge(under: policy)
        var progress = progress
        places = progress.places(of: policy)
        self.progress = progress
        table = SubjectTable(reserving: subjectCount)
    }

    /// The policy in force.
    package var policy: Policy { judge.policy }

    // MARK: Records

    /// Folds an event.
    ///
    /// The event is left as it is; what is lent is copied on its way here (Swift 6.3.1), and what is inout is not.
    package mutating func fold(
        _ event: inout StorefrontEvent, of subject: UnsafeRawBufferPointer, hash: UInt64, in record: RecordContext,
        into outcome: inout Outcome
    ) {
        outcome.beginRecord()
        let counted = record.counted(event.claimed)
        progress.newestEvent = max(progress.newestEvent, counted)
        if case .unrelated = event.kind { return }
        load(subject, hash: hash)
        let wasBehind = current.said.isBehind
        if record.isBackfill { setBehind(true) }
        if isStale { judgeAnew(at: current.said.subjectTime, in: record, into: &outcome) }
        if !record.isBackfill { passUnseenStarts() }
        let learned = record.counted(event.received)
        actionLook = ActionLook(learned: wasBehind || record.isBackfill ? nil : learned)
        actionLook.acts = actionLook.learned != nil
        actionLook.isImport = record.isBackfill
        meetReviews(before: counted, in: record, into: &outcome)
        // Only now: what fell due before a live event was still missed by the ticks. And again: a new life begins in no
        // mode.
        setBehind(record.isBackfill)
        current.isForgotten = false
        if !event.consents.isEmpty || isConsentEndDue(by: counted) { watchConsents() }
        if case .deletionRequested = event.kind, judge.facts.deletionRequest == nil {
            progress.deletionRequestCount += 1
        }
        let hasActions = !places.actions.isEmpty || !current.said.actions.isEmpty
        let hasSent = !current.said.actions.ours.isEmpty
        let before = hasActions ? judge.before(&event, hasSent: hasSent) : BeforeEvent()
        judge.facts.fold(&event, counted: counted, in: record)
        isJudgeRead = false
        actionLook = ActionLook()
        if hasActions { lookAfter(&event, before, learned: learned, counted: counted, in: record) }
        current.said.subjectTime = max(current.said.subjectTime, counted)
        judge(at: current.said.subjectTime, cause: .event(counted: counted), in: record, into: &outcome)
        if !current.said.isBehind {
            actionLook = .passing(at: learned, acts: true)
            meetReviews(until: progress.lastTick, in: record, into: &outcome)
        }
        store()
    }

    /// Folds a link: a fact of its own subject. It makes no customer and moves no time.
    package mutating func fold(
        _ link: IdentityLink, of subject: UnsafeRawBufferPointer, hash: UInt64, in record: RecordContext
    ) {
        load(subject, hash: hash)
        judge.facts.fold(link, counted: record.counted(link.claimed))
        store()
    }

    // MARK: Turns

    /// Subjects that the open turn has touched.
    package var touchedCount: Int { turn?.images.count ?? 0 }

    /// Begins anew under a log's first policy, within the turns that are under way: nothing was folded before. Actions
    /// are in force from the log's beginning, or else from its first generation of outputs.
    package mutating func begin(under policy: Policy, isActing: Bool = true) {
        var fresh = Self(policy: policy)
        fresh.progress.isActing = isActing
        fresh.stepMark = stepMark
        if closed != nil {
            fresh.beginTurn()
            fresh.closeTurn()
        }
        if turn != nil { fresh.beginTurn() }
        // Swapped: in release builds what an assignment to `self` replaces is never freed (Swift 6.3.1).
        swap(&self, &fresh)
    }

    /// Begins a turn: what changes from here on can be taken back.
    package mutating func beginTurn() {
        precondition(turn == nil, "A turn within a turn.")
        turnCount &+= 1
        turn = Turn(
            number: turnCount, progress: progress, timeAdvance: timeAdvance, policy: judge.policy,
            places: places, planBefore: planBefore, waitingCount: waiting.count)
    }

    /// Ends the open turn, and keeps what takes it back until it is known to be committed: the next one can be folded
    /// meanwhile.
    package mutating func closeTurn() {
        precondition(closed == nil, "The turn before is not known to be committed yet.")
        guard let ended = turn.take() else { preconditionFailure("No turn to close.") }
        // Should the turn be lost these subjects will be again what they were, and the images stay true.
        copy?.hold(ended.images)
        closed = ended
    }

    /// The closed turn stays; where there is none, the open one is closed and stays.
    package mutating func commitTurn() {
        if closed == nil { closeTurn() }
        closed = nil
    }

    /// Back to where the first turn began that is not committed: the open one, and before it the closed one.
    package mutating func abandonTurns() {
        precondition(turn != nil || closed != nil, "No turn to abandon.")
        if let open = turn.take() { takeBack(open) }
        if let ended = closed.take() { takeBack(ended) }
    }

    private mutating func takeBack(_ abandoned: Turn) {
        returnDue()
        for image in abandoned.images.reversed() { restore(image) }
        progress = abandoned.progress
        timeAdvance = abandoned.timeAdvance
        planBefore = abandoned.planBefore
        waiting.removeLast(waiting.count - min(abandoned.waitingCount, waiting.count))
        judge.policy = abandoned.policy
        places = abandoned.places
        judging.removeAll()
    }

    private mutating func restore(_ image: Turn.Image) {
        let present = image.withSubject { table.find($0, tag: image.tag) }
        if let present { table.remove(present, tag: image.tag) }
        image.withHead { old in
            let block = table.insert(old.subject, tag: image.tag, old.counts)
            table.head(block).restore(old.all)
            if old.queuedAt != .never { queue.push(ReviewQueue.Entry(due: old.queuedAt, tag: image.tag)) }
        }
    }

    /// Keeps what a subject was when the turn began; a second call in one turn does nothing.
    mutating func saveUndoImage(_ block: Slab.Block, tag: UInt32) {
        guard turn != nil else { return }
        let head = table.head(block)
        guard head.turn != turnCount else { return }
        turn?.images.append(Turn.Image(of: head, tag: tag))
        head.turn = turnCount
    }
}

// MARK: - The subject under way

extension Partition {
    private mutating func load(_ subject: UnsafeRawBufferPointer, hash: UInt64) {
        isJudgeRead = false
        let tag = SubjectTable.tag(hash: hash)
        guard let block = table.find(subject, tag: tag) else {
            current.begin(subject, tag: tag)
            judge.facts.removeAll()
            judge.facts.isIdentified = Subject.isUser(subject)
            return
        }
        load(block, tag: tag)
    }

    mutating func load(_ block: Slab.Block, tag: UInt32) {
        saveUndoImage(block, tag: tag)
        isJudgeRead = false
        let head = table.head(block)
        current.load(head, block: block, tag: tag)
        judge.facts.unpack(head.facts, isIdentified: Subject.isUser(head.subject))
        fillPlans()
    }

    /// Writes the subject back, or out of existence, and sees to its place in the review queue.
    mutating func store() {
        if let head = writeBack() { enqueue(head, tag: current.tag) }
    }

    /// Writes the subject back; its place in the review queue is left to the caller. Nil: out of existence.
    mutating func writeBack() -> SubjectHead? {
        guard !current.isForgotten else {
            drop()
            return nil
        }
        leavePlans()
        current.said.actions.reviewAt = current.reviewAt
        let counts = packSections()
        let block: Slab.Block
        if let known = current.block {
            block = table.resize(known, tag: current.tag, counts)
        } else {
            block = table.insert(current.subject, tag: current.tag, counts)
            turn?.images.append(Turn.Image(unknown: current.subject, tag: current.tag))
            table.head(block).turn = turnCount
        }
        let head = table.head(block)
        head.write(sections: writer.bytes)
        head.isBehind = current.said.isBehind
        head.reviewAt = min(current.reviewAt, current.said.actions.firstRipe)
        head.queuedAt = current.queuedAt
        return head
    }

    /// Packs the sections of the subject under way into `writer`.
    @inline(__always) private mutating func packSections() -> SectionCounts {
        writer.removeAll()
        var counts = SectionCounts()
        if judge.facts.isCustomer { counts.said = current.said.pack(into: &writer) }
        judge.facts.packLimited(into: &writer)
        counts.facts = writer.count - counts.said
        return counts
    }

    private mutating func drop() {
        guard let block = current.block else { return }
        table.remove(block, tag: current.tag)
    }

    /// A subject that is not behind has an entry due no later than its review.
    mutating func enqueue(_ head: SubjectHead, tag: UInt32) {
        guard !head.isBehind || timeAdvance?.freesBehind == true, head.reviewAt < head.queuedAt else { return }
        head.queuedAt = head.reviewAt
        queue.push(ReviewQueue.Entry(due: head.reviewAt, tag: tag))
        guard queue.count > table.count * 2 + 1_024 else { return }
        rebuildQueue()
    }

    /// Entries that no longer count must not outgrow the customers.
    private mutating func rebuildQueue() {
        queue.removeAll()
        var entries: [ReviewQueue.Entry] = []
        table.lendEach { block, tag in
            let due = table.head(block).queuedAt
            if due != .never { entries.append(ReviewQueue.Entry(due: due, tag: tag)) }
        }
        for entry in entries { queue.push(entry) }
    }

    mutating func setBehind(_ isBehind: Bool) {
        guard current.said.isBehind != isBehind else { return }
        current.said.isBehind = isBehind
        progress.behindCount += isBehind ? 1 : -1
    }
}
