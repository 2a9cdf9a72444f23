/// Whom a record that begins an epoch still has to judge anew.
struct Judging {
    /// The subjects, in the order of their bytes; empty where they have to be found again.
    var subjects: [Due] = []
    var next = 0

    mutating func removeAll() {
        subjects.removeAll(keepingCapacity: true)
        next = 0
    }
}

extension Partition {
    /// Judges everyone who is not behind, in the order of their bytes, each at max(its time, the record's instant), and
    /// meets what is due up to the last tick.
    mutating func judgeEveryone(_ timeAdvance: TimeAdvance, ordinalMax: Int, into outcome: inout Outcome) -> Bool {
        if judging.subjects.isEmpty { findSubjects(after: timeAdvance.judgedThrough ?? []) }
        while judging.next < judging.subjects.count, outcome.ordinal < ordinalMax {
            judge(judging.subjects[judging.next], timeAdvance, into: &outcome)
            judging.next += 1
        }
        if judging.next > 0 { self.timeAdvance?.judgedThrough = Array(current.subject) }
        return judging.next == judging.subjects.count
    }

    private mutating func judge(_ subject: Due, _ timeAdvance: TimeAdvance, into outcome: inout Outcome) {
        // Passed over or not, it is the one that was come to.
        load(subject.block, tag: subject.tag)
        guard countsStep() else { return }
        // Its entry is of the old policy, and counts no more.
        current.queuedAt = .never
        judgeAnew(at: max(current.said.subjectTime, timeAdvance.instant), in: timeAdvance.record, into: &outcome)
        actionLook = .passing(at: timeAdvance.instant, acts: true)
        meetReviews(until: progress.lastTick, in: timeAdvance.record, into: &outcome)
        store()
    }

    /// The customers that are not behind and stand after `subject`. Blocks move only when their own subject is stored,
    /// and a turn that is abandoned has them found again.
    private mutating func findSubjects(after subject: [UInt8]) {
        judging.removeAll()
        subject.withUnsafeBytes { subject in
            table.lendEach { block, tag in
                let head = table.head(block)
                guard !head.isBehind, !head.said.isEmpty else { return }
                guard subject.isEmpty || isLess(subject, head.subject) else { return }
                judging.subjects.append(Due(block: block, tag: tag))
            }
        }
        judging.subjects.sort { isLess(table.head($0.block).subject, table.head($1.block).subject) }
    }
}
