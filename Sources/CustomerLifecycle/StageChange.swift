/// A change of a customer's stage.
package struct StageChange: Equatable, Sendable {
    package enum Trigger: UInt8, CaseIterable, Sendable {
        case event = 0
        /// Time alone: a review that fell due.
        case silence
        /// An event that counts earlier than the change before it.
        case correction
        case policy
        /// The shop set the stage, or what it had set has ended.
        case override
    }

    /// Indices into the partition's stage names; nil for a customer's first stage.
    package let from: Int?
    package let to: Int
    /// Index of the deciding rule in the policy in force.
    package let rule: Int
    /// When the stage before was entered; nil for the first.
    package let previousSince: Instant?
    /// The change before, which a correction names.
    package let previous: OutputPosition?
    /// The n-th time in this stage.
    package let entryCount: UInt32
    package let trigger: Trigger
    /// How much earlier than the previous change the triggering event counts; only in a correction.
    package let lateBy: Milliseconds?
}

/// Where a customer stands, said again: the first output of each customer in a new generation, whatever the older ones
/// said.
package struct Restatement: Equatable, Sendable {
    /// Index into the partition's stage names.
    package let stage: Int
    /// Index of the rule that says so in the policy in force.
    package let rule: Int
    /// When the stage was entered.
    package let since: Instant
    /// The n-th time in this stage.
    package let entryCount: UInt32
}

/// A customer enters or leaves a segment.
package struct SegmentChange: Equatable, Sendable {
    /// Index into the partition's segments.
    package let segment: Int
    /// Index into the segments of the policy in force; nil of one that it has not any more.
    package let place: Int?
    package let isEntered: Bool
    /// The customer's stage: index into the partition's stage names.
    package let stage: Int
    /// When it was entered or left before; nil the first time.
    package let previousSince: Instant?
    /// The n-th time in this segment.
    package let entryCount: UInt32
    package let trigger: StageChange.Trigger
    /// How much earlier than the previous change of this segment the triggering event counts; only in a correction.
    package let lateBy: Milliseconds?
}

/// A consent that is mentioned for the first time, or stands where it did not, or the other way round. Its purpose and
/// what allows it are in the description beside it.
package struct PublishedConsent: Equatable, Sendable {
    package let channel: Channel
    /// The digest of its id.
    let purpose: UInt64
    package let state: ConsentStanding.State
}

/// A visitor of whom nothing is known any more: who comes back begins a new life.
package struct Forgetting: Equatable, Sendable {
    /// Index into the partition's stage names.
    package let stage: Int
    /// When the stage was entered.
    package let since: Instant
    package let lastEvent: Instant
}
