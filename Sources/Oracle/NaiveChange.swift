package import CustomerLifecycle

/// A stage change, or a customer's standing said again, that must be published.
package struct NaiveChange: Equatable, Sendable {
    package let subject: String
    /// Whether the standing is said again, as the first output of a generation.
    package let isRestated: Bool
    package let sequence: UInt64
    package let from: String?
    package let to: String
    /// The index of the deciding rule, and its line in the policy's file; nil of an override.
    package let rule: Int
    package let line: Int?
    package let time: Instant
    package let since: Instant
    package let previousSince: Instant?
    package let previous: Position?
    package let position: Position
    package let entryCount: Int
    package let trigger: StageChange.Trigger
    /// In a correction, how much earlier the event counts than the previous change; else nil.
    package let lateBy: Milliseconds?
    package let isBackfill: Bool
    /// The append time of the record that caused it.
    package let recorded: Instant
    package let cycle: Int64
    package let orders: Int64
    package let revenue: Int64

    /// The place of an output: the generation, the record's offset, and its number among the record's outputs.
    package struct Position: Hashable, Sendable {
        package let generation: UInt32
        package let offset: Int64
        package let ordinal: Int
    }
}
