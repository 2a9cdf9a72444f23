/// A record that moves time: it can meet any number of reviews, so it is folded in slices.
struct TimeAdvance {
    enum Kind {
        case tick
        /// Who is behind meets reviews too, and is free at its end.
        case caughtUp
        /// After the tick, everyone who is not behind is judged anew: under another policy, or for a new generation.
        case epoch(Epoch, Policy)
    }

    let kind: Kind
    let instant: Instant
    let record: RecordContext
    /// The ordinal of its next output.
    var ordinal = 0
    /// Subjects met so far; those of `skipped` are passed over.
    var step = 0
    var skipped: [Int] = []
    /// The last subject judged anew, none of them yet if empty; nil before the epoch has begun.
    var judgedThrough: [UInt8]?

    init(_ kind: Kind, at instant: Instant, in record: RecordContext) {
        self.kind = kind
        self.instant = record.counted(instant)
        self.record = record
    }

    var freesBehind: Bool { if case .caughtUp = kind { true } else { false } }
    /// Whether it decides steps: a live owner of the partition says that nothing older is missing.
    var decides: Bool { if case .tick = kind { true } else { false } }
}

extension Partition {
    /// Time passes: `proceed` will meet every review due up to `instant`, each at its own due instant, in the order of
    /// (due, subject). Who is behind is passed over.
    package mutating func beginTick(at instant: Instant, in record: RecordContext) {
        begin(TimeAdvance(.tick, at: instant, in: record))
    }

    /// Imported history is complete up to `instant`: who is behind meets what fell due until then, still as backfill,
    /// and is free; for the others it is a tick.
    package mutating func beginCaughtUp(at instant: Instant, in record: RecordContext) {
        begin(TimeAdvance(.caughtUp, at: instant, in: record))
        queueBehind()
    }

    /// Another policy comes into force at `instant`: a tick first, under the old one; then everyone who is not behind
    /// is judged under the new one, in the order of their bytes, which moves their time to `instant`.
    package mutating func beginAdoption(
        of policy: Policy, number: UInt32, at instant: Instant, in record: RecordContext
    ) {
        precondition(number > progress.epoch.policyNumber, "The fold ignores a policy not above the one in force.")
        let epoch = Epoch(policyNumber: number, generation: progress.epoch.generation)
        begin(TimeAdvance(.epoch(epoch, policy), at: instant, in: record))
    }

    /// A new generation of outputs: as an adoption of the same policy, but everyone's standing is said again.
    package mutating func beginGeneration(number: UInt32, at instant: Instant, in record: RecordContext) {
        precondition(
            number > progress.epoch.generation, "The fold ignores a generation not above the one in force.")
        let epoch = Epoch(policyNumber: progress.epoch.policyNumber, generation: number)
        begin(TimeAdvance(.epoch(epoch, policy), at: instant, in: record))
    }

    /// Goes on with the record that moves time, until it is done or has given `outputCountMax` outputs; says whether it
    /// is done. Where it is cut does not matter. It always stops where a new epoch begins, so that the outputs of one
    /// call are all of one policy.
    package mutating func proceed(outputCountMax: Int, into outcome: inout Outcome) -> Bool {
        guard let timeAdvance else { preconditionFailure("No record moves time.") }
        outcome.beginRecord(ordinal: timeAdvance.ordinal)
        let ordinalMax = timeAdvance.ordinal.addingClamped(outputCountMax)
        if timeAdvance.judgedThrough != nil { beginEra(of: timeAdvance) }
        let isDone =
            timeAdvance.judgedThrough == nil
            ? meet(timeAdvance, ordinalMax: ordinalMax, into: &outcome)
            : judgeEveryone(timeAdvance, ordinalMax: ordinalMax, into: &outcome)
        self.timeAdvance?.ordinal = outcome.ordinal
        // A caller that has had enough does not learn that there is no more: whether anything is left in the queue
        // depends on where the fold was taken up, and "so many outputs, not done" is committed.
        guard isDone, outcome.ordinal < ordinalMax else { return false }
        self.timeAdvance = nil
        planBefore = nil
        for entry in waiting { queue.push(entry) }
        waiting.removeAll(keepingCapacity: true)
        judging.removeAll()
        stepMark?.pointee = -1
        return true
    }

    private mutating func meet(_ timeAdvance: TimeAdvance, ordinalMax: Int, into outcome: inout Outcome) -> Bool {
        guard meetQueue(timeAdvance, ordinalMax: ordinalMax, into: &outcome) else { return false }
        if timeAdvance.freesBehind { freeBehind() }
        progress.lastTick = max(progress.lastTick, timeAdvance.instant)
        if timeAdvance.decides { progress.liveTick = max(progress.liveTick, timeAdvance.instant) }
        guard case .epoch = timeAdvance.kind else { return true }
        // It begins with the next call: what this one gave is of the old policy and generation, in its words too.
        self.timeAdvance?.judgedThrough = []
        return false
    }

    private mutating func beginEra(of timeAdvance: TimeAdvance) {
        guard case .epoch(let epoch, let policy) = timeAdvance.kind, progress.epoch != epoch else { return }
        begin(epoch, policy, at: timeAdvance.instant)
    }

    /// Puts the new policy in force. The review dates of the old one are not met any more.
    private mutating func begin(_ epoch: Epoch, _ policy: Policy, at instant: Instant) {
        if progress.epoch.policyNumber != epoch.policyNumber { progress.policySince = instant }
        if progress.epoch.generation != epoch.generation { progress.isActing = true }
        planBefore = placedPlan
        judge.policy = policy
        isJudgeRead = false
        progress.epoch = epoch
        places = progress.places(of: policy)
        judging.removeAll()
    }

    /// Leaves one subject's share out of the record that moves time: the subject at this place in the order in which it
    /// meets them stays as it is until its own next record.
    package mutating func skip(step: Int) { timeAdvance?.skipped.append(step) }

    /// Counts a subject that the record meets; says whether it is to be passed over.
    mutating func countsStep() -> Bool {
        guard let timeAdvance else { return true }
        stepMark?.pointee = Int64(timeAdvance.step)
        self.timeAdvance?.step += 1
        return !timeAdvance.skipped.contains(timeAdvance.step)
    }

    /// The ordinal of the next output of the record that moves time; nil between such records.
    package var nextOrdinal: Int? { timeAdvance?.ordinal }

    package mutating func tick(at instant: Instant, in record: RecordContext, into outcome: inout Outcome) {
        beginTick(at: instant, in: record)
        _ = proceed(outputCountMax: .max, into: &outcome)
    }

    package mutating func caughtUp(at instant: Instant, in record: RecordContext, into outcome: inout Outcome) {
        beginCaughtUp(at: instant, in: record)
        _ = proceed(outputCountMax: .max, into: &outcome)
    }

    private mutating func begin(_ timeAdvance: TimeAdvance) {
        precondition(self.timeAdvance == nil, "One record at a time.")
        self.timeAdvance = timeAdvance
    }
}

// MARK: - The review queue

extension Partition {
    /// Whether a tick for `instant` would meet a review. Entries that no longer count are put right on the way, so that
    /// each is looked at once.
    package mutating func isReviewDue(until instant: Instant) -> Bool {
        precondition(timeAdvance == nil, "A record that moves time is under way.")
        while let due = queue.firstDue, due <= instant {
            takeDue(at: due)
            var isDue = false
            for subject in dueTogether {
                let head = table.head(subject.block)
                if !head.isBehind, head.reviewAt <= due {
                    isDue = true
                    queue.push(ReviewQueue.Entry(due: due, tag: subject.tag))
                } else {
                    requeue(subject)
                }
            }
            forgetDue()
            if isDue { return true }
        }
        return false
    }

    /// Where its review is now; who is behind is queued when it is freed.
    private mutating func requeue(_ subject: Due) {
        saveUndoImage(subject.block, tag: subject.tag)
        let head = table.head(subject.block)
        head.queuedAt = .never
        enqueue(head, tag: subject.tag)
    }
}

/// A subject whose review is due together with others.
struct Due: Equatable {
    let block: Slab.Block
    let tag: UInt32
}

extension Partition {
    /// Reviews due at one instant are met in the order of their subjects' bytes; the instants in order.
    private mutating func meetQueue(_ timeAdvance: TimeAdvance, ordinalMax: Int, into outcome: inout Outcome) -> Bool {
        while true {
            if dueTogether.isEmpty {
                guard let due = queue.firstDue, due <= timeAdvance.instant else { return true }
                takeDue(at: due)
            }
            // A million may be due at one instant: those whom this slice does not come to stay where they are.
            while metTogether < dueTogether.count {
                guard outcome.ordinal < ordinalMax,
                    meet(dueTogether[metTogether], in: timeAdvance, ordinalMax: ordinalMax, into: &outcome)
                else { return false }
                metTogether += 1
            }
            forgetDue()
        }
    }

    private mutating func forgetDue() {
        dueTogether.removeAll(keepingCapacity: true)
        metTogether = 0
    }

    /// Puts those who were taken out of the queue together, and not met yet, back into it.
    mutating func returnDue() {
        for left in dueTogether[metTogether...] { queue.push(ReviewQueue.Entry(due: dueInstant, tag: left.tag)) }
        forgetDue()
    }

    /// Fills `dueTogether` with the subjects queued for exactly `due`, in the order of their bytes.
    private mutating func takeDue(at due: Instant) {
        dueTogether.removeAll(keepingCapacity: true)
        metTogether = 0
        dueInstant = due
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

    /// Meets what a subject has due, one thing after the other, as long as it is due at the same instant. False: the
    /// slice ends in the midst of it, and the next one goes on with it.
    private mutating func meet(
        _ subject: Due, in timeAdvance: TimeAdvance, ordinalMax: Int, into outcome: inout Outcome
    ) -> Bool {
        let due = dueInstant
        let head = table.head(subject.block)
        if head.isBehind, !timeAdvance.freesBehind {
            // It is queued again when it is freed.
            saveUndoImage(subject.block, tag: subject.tag)
            head.queuedAt = .never
            return true
        }
        // An entry that no longer counts is no step: how many of them there are depends on where the fold was taken up.
        guard head.reviewAt <= due || isStale(head) else {
            requeue(subject)
            return true
        }
        load(subject.block, tag: subject.tag)
        if !current.said.isBehind { passUnseenStarts() }
        var isFirst = true
        while true {
            // Late decisions are of the tick's own instant: what time alone changes until then comes first.
            let decision = timeAdvance.decides ? firstDecision(by: timeAdvance.instant) : .never
            let next = isStale ? due : min(current.reviewAt, decision)
            guard next <= due else {
                if isFirst {
                    wait(table.head(subject.block), subject.tag, from: due, until: next, in: timeAdvance)
                } else {
                    store(from: due, until: next, in: timeAdvance)
                }
                return true
            }
            guard isFirst || outcome.ordinal < ordinalMax else {
                storeInTheMidst(from: due)
                return false
            }
            guard countsStep() else {
                if isFirst {
                    leave(subject)
                } else {
                    current.reviewAt = .never
                    store()
                }
                return true
            }
            isFirst = false
            current.queuedAt = .never
            meetNext(decision, in: timeAdvance, into: &outcome)
            guard !current.isForgotten else {
                store()
                return true
            }
        }
    }

    /// Writes the subject back; it stays the next of those who are due together.
    private mutating func storeInTheMidst(from due: Instant) {
        guard let head = writeBack() else { return }
        head.queuedAt = due
        let block = table.find(current.subject, tag: current.tag)
        if let block { dueTogether[metTogether] = Due(block: block, tag: current.tag) }
    }

    private mutating func meetNext(_ decision: Instant, in timeAdvance: TimeAdvance, into outcome: inout Outcome) {
        if isStale {
            judgeAnew(at: current.said.subjectTime, in: timeAdvance.record, into: &outcome)
        } else if current.reviewAt <= decision {
            actionLook = .passing(at: timeAdvance.instant, acts: !current.said.isBehind)
            actionLook.isImport = current.said.isBehind
            meetReview(in: timeAdvance.record, into: &outcome)
        } else {
            decide(at: decision, by: timeAdvance.instant, in: timeAdvance.record, into: &outcome)
        }
    }

    /// Writes the subject back. If a step of it waits for a tick, it is come to when that is decided, without being
    /// taken up in between.
    private mutating func store(from due: Instant, until instant: Instant, in timeAdvance: TimeAdvance) {
        guard let head = writeBack() else { return }
        guard head.reviewAt <= due else { return enqueue(head, tag: current.tag) }
        wait(head, current.tag, from: due, until: instant, in: timeAdvance)
    }

    /// Comes back to a subject within the record that moves time, or has it wait for the next tick.
    private mutating func wait(
        _ head: SubjectHead, _ tag: UInt32, from due: Instant, until instant: Instant, in timeAdvance: TimeAdvance
    ) {
        if instant <= timeAdvance.instant {
            head.queuedAt = instant
            queue.push(ReviewQueue.Entry(due: instant, tag: tag))
        } else {
            head.queuedAt = due
            waiting.append(ReviewQueue.Entry(due: due, tag: tag))
        }
    }

    /// As it is, and without a review: its own next record judges it again.
    private mutating func leave(_ subject: Due) {
        saveUndoImage(subject.block, tag: subject.tag)
        let head = table.head(subject.block)
        head.queuedAt = .never
        head.reviewAt = .never
    }

    private mutating func queueBehind() {
        forEachBehind { partition, subject in
            partition.saveUndoImage(subject.block, tag: subject.tag)
            let head = partition.table.head(subject.block)
            // Who was passed over by an adoption is judged under it before anything falls due.
            if partition.isStale(head) { head.reviewAt = .distantPast }
            partition.enqueue(head, tag: subject.tag)
        }
    }

    private mutating func isStale(_ head: SubjectHead) -> Bool {
        guard progress.epoch != Epoch() else { return false }
        glance.unpack(head.said)
        return !glance.isSilent && glance.epoch != progress.epoch
    }

    private mutating func freeBehind() {
        forEachBehind { partition, subject in
            partition.saveUndoImage(subject.block, tag: subject.tag)
            partition.free(subject)
        }
        progress.behindCount = 0
    }

    /// What passed while it was behind is looked at by the next tick.
    private mutating func free(_ subject: Due) {
        let head = table.head(subject.block)
        head.isBehind = false
        guard let timeAdvance, !head.said.isEmpty else { return }
        glance.unpack(head.said)
        guard !glance.actions.live.isEmpty, head.reviewAt > timeAdvance.instant else { return }
        head.reviewAt = timeAdvance.instant
        waiting.append(ReviewQueue.Entry(due: timeAdvance.instant, tag: subject.tag))
        head.queuedAt = timeAdvance.instant
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
