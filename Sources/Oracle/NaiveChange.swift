package import CustomerLifecycle

/// A stage change, or a customer's standing said again, that must be published.
package struct NaiveChange: Equatable, Sendable {
    /// Whether the standing is said again, as the first output of a generation.
    package let isRestated: Bool
    package let from: String?
    package let to: String
    /// The index of the deciding rule, and its line in the policy's file; nil of an override.
    package let rule: Int
    package let line: Int?
    package let since: Instant
    package let previousSince: Instant?
    package let previous: NaiveOutput.Position?
    package let entryCount: Int
    package let trigger: StageChange.Trigger
    /// In a correction, how much earlier the event counts than the previous change; else nil.
    package let lateBy: Milliseconds?
    /// Of a standing that is said again: the segments, in the order in which policies brought them in.
    package let segments: [String]
    package let cycle: Int64
    package let orders: Int64
    package let revenue: Int64
}
