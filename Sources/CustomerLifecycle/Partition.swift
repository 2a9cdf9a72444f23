/// One partition of the log, folded: every subject's facts and what was said of it, and the rules of time (DESIGN, The pure core).
///
/// What it publishes is a function of the records it was given, in their order, and of nothing else: where a batch or a
/// transaction ends does not matter. All of a turn can be taken back until the next one begins.
package struct Partition: ~Copyable {
    package let policy: Policy
    package private(set) var progress: Progress
    var table = SubjectTable()
    var queue = ReviewQueue()
    var turn: Turn?
    private var turnCount: UInt32 = 0
    /// The subject under way, unpacked.
    private var current = Current()
    private var writer = PackedWriter()
    private var dueTogether: [Due] = []
    /// Who is behind has an entry in the queue too: only while a caught-up record is folded.
    private var isCatchingUp = false

    /// Without a life sign for so long, who has neither order, consent nor user id is forgotten. Part of the fold version.
    package static let visitorMemory = Milliseconds.days(400)

    package init(policy: Policy) {
        self.policy = policy
        progress = Progress(stageNames: policy.stages)
    }

    /// Takes up a checkpoint: the caller adds its subjects next.
    package init(policy: Policy, progress: Progress) {
        self.policy = policy
        self.progress = progress
    }

    // MARK: Records

    /// Folds an event. `offset` is the record's, `appended` its append time: nothing counts as later than that.
    package mutating func fold(
        _ event: StorefrontEvent, of subject: UnsafeRawBufferPointer, hash: UInt64, offset: Int64, appended: Instant,
        isBackfill: Bool, into outcome: inout Outcome
    ) {
        outcome.beginRecord()
        let counted = min(event.claimed, appended).limited
        progress.newestEvent = max(progress.newestEvent, counted)
        if case .unrelated = event.kind { return }
        load(subject, hash: hash)
        if isBackfill { setBehind(true) }
        meetReviews(before: counted, offset: offset, into: &outcome)
        // Only now: what fell due before a live event was still missed by the ticks.
        if !isBackfill { setBehind(false) }
        current.isForgotten = false
        current.facts.fold(
            event, counted: counted, received: min(event.received, appended).limited, isBackfill: isBackfill)
        current.said.subjectTime = max(current.said.subjectTime, counted)
        judge(at: current.said.subjectTime, cause: .event(counted: counted), offset: offset, into: &outcome)
        if !current.said.isBehind { meetReviews(until: progress.lastTick, offset: offset, into: &outcome) }
        store()
    }

    /// Folds a link: a fact of its own subject. It makes no customer and moves no time.
    package mutating func fold(
        _ link: IdentityLink, of subject: UnsafeRawBufferPointer, hash: UInt64, appended: Instant
    ) {
        load(subject, hash: hash)
        current.facts.fold(link, counted: min(link.claimed, appended).limited)
        store()
    }

    /// Time passes: meets every review due up to `instant`, each at its own due instant, in the order of (due, subject).
    /// Who is behind is passed over.
    package mutating func tick(at instant: Instant, offset: Int64, into outcome: inout Outcome) {
        outcome.beginRecord()
        meetQueue(until: instant, offset: offset, into: &outcome)
        progress.lastTick = max(progress.lastTick, instant)
    }

    /// Imported history is complete up to `instant`: who is behind meets what fell due until then, still as backfill, and is
    /// free; for the others it is a tick.
    package mutating func caughtUp(at instant: Instant, offset: Int64, into outcome: inout Outcome) {
        outcome.beginRecord()
        isCatchingUp = true
        queueBehind()
        meetQueue(until: instant, offset: offset, into: &outcome)
        freeBehind()
        isCatchingUp = false
        progress.lastTick = max(progress.lastTick, instant)
    }

    // MARK: Turns

    /// From here on what changes can be taken back.
    package mutating func beginTurn() {
        precondition(turn == nil, "A turn within a turn.")
        turnCount &+= 1
        turn = Turn(number: turnCount, progress: progress)
    }

    package mutating func commitTurn() {
        precondition(turn != nil, "No turn to commit.")
        turn = nil
    }

    /// Back to where the turn began.
    package mutating func abandonTurn() {
        guard let abandoned = turn.take() else { preconditionFailure("No turn to abandon.") }
        for image in abandoned.images.reversed() { restore(image) }
        progress = abandoned.progress
    }

    private mutating func restore(_ image: Turn.Image) {
        let present = image.subject.withUnsafeBytes { table.find($0, tag: image.tag) }
        if let present { table.remove(present, tag: image.tag) }
        guard let bytes = image.bytes else { return }
        bytes.withUnsafeBytes { bytes in
            let old = SubjectHead(image: bytes)
            let block = table.insert(
                old.subject, tag: image.tag, saidCount: old.said.count, factsCount: old.facts.count)
            table.head(block).restore(bytes)
            if old.queuedAt != .never { queue.push(ReviewQueue.Entry(due: old.queuedAt, tag: image.tag)) }
        }
    }

    /// Puts aside what a subject was when the turn began, once.
    private mutating func putAside(_ block: Slab.Block, tag: UInt32) {
        guard turn != nil else { return }
        let head = table.head(block)
        guard head.turn != turnCount else { return }
        turn?.images.append(Turn.Image(tag: tag, subject: Array(head.subject), bytes: Array(head.all)))
        head.turn = turnCount
    }
}

// MARK: - The subject under way

extension Partition {
    private mutating func load(_ subject: UnsafeRawBufferPointer, hash: UInt64) {
        let tag = SubjectTable.tag(hash: hash)
        guard let block = table.find(subject, tag: tag) else {
            current.begin(subject, tag: tag)
            return
        }
        load(block, tag: tag)
    }

    private mutating func load(_ block: Slab.Block, tag: UInt32) {
        putAside(block, tag: tag)
        current.load(table.head(block), block: block, tag: tag)
    }

    /// Writes the subject back, or out of existence, and sees to its place in the review queue.
    private mutating func store() {
        guard !current.isForgotten else { return drop() }
        writer.removeAll()
        var saidCount = 0
        if current.facts.isCustomer { saidCount = current.said.pack(into: &writer) }
        current.facts.packLimited(into: &writer)
        let factsCount = writer.count - saidCount
        let block: Slab.Block
        if let known = current.block {
            block = table.resize(known, tag: current.tag, saidCount: saidCount, factsCount: factsCount)
        } else {
            block = current.subject.withUnsafeBytes {
                table.insert($0, tag: current.tag, saidCount: saidCount, factsCount: factsCount)
            }
            turn?.images.append(Turn.Image(tag: current.tag, subject: current.subject, bytes: nil))
            table.head(block).turn = turnCount
        }
        let head = table.head(block)
        head.write(saidAndFacts: writer.bytes)
        head.isBehind = current.said.isBehind
        head.reviewAt = current.reviewAt
        head.queuedAt = current.queuedAt
        enqueue(head, tag: current.tag)
    }

    private mutating func drop() {
        guard let block = current.block else { return }
        table.remove(block, tag: current.tag)
    }

    /// A subject that is not behind has an entry due no later than its review.
    mutating func enqueue(_ head: SubjectHead, tag: UInt32) {
        guard !head.isBehind || isCatchingUp, head.reviewAt < head.queuedAt else { return }
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

    private mutating func setBehind(_ isBehind: Bool) {
        guard current.said.isBehind != isBehind else { return }
        current.said.isBehind = isBehind
        progress.behindCount += isBehind ? 1 : -1
    }
}

// MARK: - Judging

extension Partition {
    private enum Cause {
        case event(counted: Instant)
        case review
    }

    private mutating func meetReviews(before instant: Instant, offset: Int64, into outcome: inout Outcome) {
        while current.reviewAt < instant { meetReview(offset: offset, into: &outcome) }
    }

    private mutating func meetReviews(until instant: Instant, offset: Int64, into outcome: inout Outcome) {
        while current.reviewAt <= instant { meetReview(offset: offset, into: &outcome) }
    }

    private mutating func meetReview(offset: Int64, into outcome: inout Outcome) {
        let due = current.reviewAt
        if current.facts.isVisitor, current.facts.forgottenAt <= due {
            forget()
            return
        }
        current.said.subjectTime = max(current.said.subjectTime, due)
        judge(at: due, cause: .review, offset: offset, into: &outcome)
    }

    /// The one exception to "any order, any duplication": what comes later begins a new life.
    private mutating func forget() {
        setBehind(false)
        if !current.said.isSilent { progress.customerCount -= 1 }
        current.forget()
    }

    private mutating func judge(at instant: Instant, cause: Cause, offset: Int64, into outcome: inout Outcome) {
        let values = FactValues(current.facts, under: policy)
        let standing = policy.evaluate(current.facts, values, at: instant)
        current.reviewAt = standing.reviewAt
        if current.facts.isVisitor {
            current.reviewAt = min(current.reviewAt, max(current.facts.forgottenAt, instant + Milliseconds(1)))
        }
        let stage = policy.rules[standing.rule].stage
        guard current.said.isSilent || stage != current.said.stage else { return }
        publish(stage, standing, at: instant, cause: cause, offset: offset, values, into: &outcome)
    }

    private mutating func publish(
        _ stage: Int, _ standing: Standing, at instant: Instant, cause: Cause, offset: Int64,
        _ values: borrowing FactValues, into outcome: inout Outcome
    ) {
        let before = current.said
        let position = ChangePosition(offset: offset, ordinal: outcome.ordinal)
        current.said.publish(stage: stage, rule: standing.rule, at: instant, position: position)
        let lateBy = lateness(of: cause, against: before)
        let trigger: StageChange.Trigger =
            switch cause {
            case .review: .silence
            case .event: lateBy == nil ? .event : .correction
            }
        let subject = current.subject.withUnsafeBytes { outcome.append(subject: $0) }
        let change = StageChange(
            subject: subject, sequence: current.said.sequence, from: before.isSilent ? nil : before.stage, to: stage,
            rule: standing.rule, time: instant, previousSince: before.isSilent ? nil : before.since,
            previous: before.isSilent ? nil : before.lastChange, position: position,
            entryCount: current.said.entryCount(of: stage), trigger: trigger, lateBy: lateBy,
            isBackfill: before.isBehind)
        progress.count(from: change.from, to: stage)
        outcome.append(change)
        guard outcome.describes else { return }
        outcome.describe(policy.describe(current.facts, values, standing, at: instant))
    }

    private func lateness(of cause: Cause, against before: Said) -> Milliseconds? {
        guard case .event(let counted) = cause, !before.isSilent, counted < before.since else { return nil }
        return before.since - counted
    }
}

// MARK: - The review queue

/// A subject whose review is due together with others.
private struct Due: Equatable {
    let block: Slab.Block
    let tag: UInt32
}

extension Partition {
    /// Reviews due at one instant are met in the order of their subjects' bytes; the instants in order.
    private mutating func meetQueue(until instant: Instant, offset: Int64, into outcome: inout Outcome) {
        while let due = queue.firstDue, due <= instant {
            takeDue(at: due)
            for place in dueTogether.indices { meet(dueTogether[place], due: due, offset: offset, into: &outcome) }
        }
    }

    /// Fills `dueTogether` with the subjects queued for exactly `due`, in the order of their bytes.
    private mutating func takeDue(at due: Instant) {
        dueTogether.removeAll(keepingCapacity: true)
        while queue.firstDue == due {
            let tag = queue.pop().tag
            table.lendEach(tag: tag) { block in
                guard table.head(block).queuedAt == due else { return }
                dueTogether.append(Due(block: block, tag: tag))
            }
        }
        guard dueTogether.count > 1 else { return }
        // Two entries of one subject, or two subjects of one tag, bring a block in twice: once is enough.
        let sorted = dueTogether.sorted { isLess(table.head($0.block).subject, table.head($1.block).subject) }
        dueTogether.removeAll(keepingCapacity: true)
        for due in sorted where dueTogether.last != due { dueTogether.append(due) }
    }

    private mutating func meet(_ subject: Due, due: Instant, offset: Int64, into outcome: inout Outcome) {
        let head = table.head(subject.block)
        if head.isBehind, !isCatchingUp {
            // It is queued again when it is freed.
            putAside(subject.block, tag: subject.tag)
            head.queuedAt = .never
            return
        }
        load(subject.block, tag: subject.tag)
        current.queuedAt = .never
        if current.reviewAt <= due { meetReview(offset: offset, into: &outcome) }
        store()
    }

    private mutating func queueBehind() {
        forEachBehind { partition, subject in
            partition.putAside(subject.block, tag: subject.tag)
            partition.enqueue(partition.table.head(subject.block), tag: subject.tag)
        }
    }

    private mutating func freeBehind() {
        forEachBehind { partition, subject in
            partition.putAside(subject.block, tag: subject.tag)
            partition.table.head(subject.block).isBehind = false
        }
        progress.behindCount = 0
    }

    private mutating func forEachBehind(_ body: (inout Partition, Due) -> Void) {
        guard progress.behindCount > 0 else { return }
        var behind: [Due] = []
        behind.reserveCapacity(progress.behindCount)
        table.lendEach { block, tag in
            if table.head(block).isBehind { behind.append(Due(block: block, tag: tag)) }
        }
        for subject in behind { body(&self, subject) }
    }
}
