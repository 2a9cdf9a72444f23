/// A stage change as the fold publishes it: small, so that a rebuild with output off stays cheap. What a reader wants
/// besides is in its `ChangeDescription`, made only where something is published.
package struct StageChange: Equatable, Sendable {
    package enum Trigger: UInt8, Sendable {
        case event = 0
        /// Time alone: a review that fell due.
        case silence
        /// An event that counts earlier than the change before it.
        case correction
        case policy
    }

    /// Whether the stage changed, or was only said again at the head of a new generation.
    package let isRestated: Bool
    /// The subject's bytes in `Outcome.subjects`.
    package let subject: Range<Int>
    /// Gap-free from 1 per customer, life and generation.
    package let sequence: UInt64
    /// Indices into the partition's stage names; nil for a customer's first stage.
    package let from: Int?
    package let to: Int
    /// Index of the deciding rule in the policy in force.
    package let rule: Int
    /// The instant it was judged at: the review's due instant, else the subject's time.
    package let time: Instant
    /// When the stage before was entered; nil for the first.
    package let previousSince: Instant?
    /// The change before, which a correction names.
    package let previous: ChangePosition?
    package let position: ChangePosition
    /// The n-th time in this stage.
    package let entryCount: UInt32
    package let trigger: Trigger
    /// How much earlier than the previous change the triggering event counts; only in a correction.
    package let lateBy: Milliseconds?
    /// Published while the subject was behind: `replaymode: backfill`.
    package let isBackfill: Bool
}

/// What the folding of one record, or of several, gave: changes in the order they were published.
package struct Outcome: Sendable {
    package private(set) var changes: [StageChange] = []
    /// Of `changes`, one each, where they are asked for. What follows them is left over: its memory is filled again.
    private var descriptions: [ChangeDescription] = []
    /// Bytes of the changed subjects, one after the other; the first `subjectsCount`, what follows them is left over.
    package private(set) var subjects: [UInt8] = []
    private var subjectsCount = 0
    package let describes: Bool
    /// The ordinal that the next output of the record under way gets.
    private(set) var ordinal = 0

    package init(describes: Bool) { self.describes = describes }

    package mutating func removeAll() {
        // Mostly one or two.
        while !changes.isEmpty { changes.removeLast() }
        subjectsCount = 0
    }

    mutating func beginRecord(ordinal: Int = 0) { self.ordinal = ordinal }

    mutating func append(subject: UnsafeRawBufferPointer) -> Range<Int> {
        let place = subjectsCount..<subjectsCount + subject.count
        if subjects.count < place.upperBound {
            subjects.append(contentsOf: repeatElement(0, count: place.upperBound * 2 - subjects.count))
        }
        subjects.withUnsafeMutableBytes { $0[place].copyBytes(from: subject) }
        subjectsCount = place.upperBound
        return place
    }

    mutating func append(_ change: StageChange) {
        changes.append(change)
        ordinal += 1
    }

    /// Has the change that was appended last described.
    mutating func describe(_ body: (inout ChangeDescription) -> Void) {
        if descriptions.count < changes.count { descriptions.append(ChangeDescription()) }
        body(&descriptions[changes.count - 1])
    }

    /// Lends each change in turn, with what describes it and with the bytes of its subject; nothing where descriptions
    /// were not asked for.
    package func lendEachDescribed<Failure: Error>(
        _ body: (StageChange, ChangeDescription, _ subject: UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        guard describes else { return }
        try subjects.withUnsafeBufferPointer { subjects throws(Failure) in
            for place in changes.indices {
                let subject = UnsafeBufferPointer(rebasing: subjects[changes[place].subject])
                try body(changes[place], descriptions[place], UnsafeRawBufferPointer(subject))
            }
        }
    }
}
