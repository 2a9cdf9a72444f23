package import CustomerLifecycle

/// What must be published of a subject, whatever it is.
package struct NaiveOutput: Equatable, Sendable {
    package enum Content: Equatable, Sendable {
        case stage(NaiveChange)
        case segment(NaiveSegmentChange)
        case consent(NaiveStanding)
        case action(NaiveOutcome)
        case forgotten(stage: String, since: Instant, lastEvent: Instant)
    }

    /// The place of an output: the generation, the record's offset, and its number among the record's outputs.
    package struct Position: Hashable, Sendable {
        package let generation: UInt32
        package let offset: Int64
        package let ordinal: Int
    }

    package let subject: String
    package let sequence: UInt64
    /// The offset of the record that began the subject's life.
    package let life: Int64
    package let time: Instant
    package let position: Position
    package let isBackfill: Bool
    /// The append time of the record that caused it.
    package let recorded: Instant
    package let content: Content
}

/// A customer enters or leaves a segment.
package struct NaiveSegmentChange: Equatable, Sendable {
    package let name: String
    package let isEntered: Bool
    /// In the policy's file; nil of a segment that it has not any more.
    package let line: Int?
    package let previousSince: Instant?
    package let entryCount: Int
    package let trigger: StageChange.Trigger
    package let lateBy: Milliseconds?
    package let stage: String
}

/// Whether a consent stands, and why.
package struct NaiveStanding: Equatable, Sendable {
    package enum Why: String, Sendable {
        case granted, withdrawn, expired, never
    }

    package let channel: Channel
    package let purpose: String
    package let why: Why
}
