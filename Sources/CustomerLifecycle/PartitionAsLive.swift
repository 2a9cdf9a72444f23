/// History as if each event had been told when it happened, live, and ticks had met each instant of a customer exactly.
/// Each customer has a time of their own, as histories that were imported one after the other overlap.
extension Partition {
    /// Folds an event as one that the log took at its counted time. Returns whether it came before newer ones of its
    /// customer, or together with them.
    package mutating func foldAsLive(
        _ event: inout StorefrontEvent, of subject: UnsafeRawBufferPointer, hash: UInt64, counted: Instant,
        offset: Int64, into outcome: inout Outcome
    ) -> Bool {
        let record = RecordContext(offset: offset, appended: counted)
        let reached = pass(subject, hash: hash, before: counted, in: record, into: &outcome)
        progress.liveTick = counted
        fold(&event, of: subject, hash: hash, in: record, into: &outcome)
        return reached - counted <= Self.lateness
    }

    /// Lets time pass for everybody, up to `instant` and with it. Nothing can be folded behind it.
    package mutating func passAsLive(until instant: Instant, into outcome: inout Outcome) {
        let record = RecordContext(offset: 0, appended: instant)
        var due: [Due] = []
        table.lendEach { block, tag in
            if table.head(block).reviewAt <= instant { due.append(Due(block: block, tag: tag)) }
        }
        for subject in due {
            load(subject.block, tag: subject.tag)
            pass(before: instant + Milliseconds(1), in: record, into: &outcome)
        }
    }

    /// Returns the subject's time as it was before.
    private mutating func pass(
        _ subject: UnsafeRawBufferPointer, hash: UInt64, before instant: Instant, in record: RecordContext,
        into outcome: inout Outcome
    ) -> Instant {
        let tag = SubjectTable.tag(hash: hash)
        guard let block = table.find(subject, tag: tag), !table.head(block).said.isEmpty else { return .distantPast }
        guard table.head(block).reviewAt < instant else {
            glance.unpack(table.head(block).said)
            return glance.subjectTime
        }
        load(block, tag: tag)
        let reached = current.said.subjectTime
        pass(before: instant, in: record, into: &outcome)
        store()
        return reached
    }

    /// Meets what the subject under way has due, one thing after the other.
    private mutating func pass(before instant: Instant, in record: RecordContext, into outcome: inout Outcome) {
        outcome.beginRecord()
        while !current.isForgotten {
            // No tick is behind what the log had taken before it.
            let tick = max(current.said.actions.firstRipe, current.said.subjectTime)
            let decision = tick == .never ? .never : firstDecision(by: tick)
            let next = min(current.reviewAt, decision)
            guard next < instant else { return }
            current.queuedAt = .never
            if current.reviewAt <= decision {
                actionLook = .passing(at: next, acts: true)
                meetReview(in: record, into: &outcome)
            } else {
                decide(at: decision, by: tick, in: record, into: &outcome)
            }
        }
    }
}
