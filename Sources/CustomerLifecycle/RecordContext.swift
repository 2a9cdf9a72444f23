/// What the fold knows of a record of the log beside its contents.
package struct RecordContext: Sendable {
    /// The record's offset in its partition; what is published because of it is named by that.
    package let offset: Int64
    /// When the log took it: nothing that the record says counts as later.
    package let appended: Instant
    /// Whether it is part of an imported history that is still coming.
    package let isBackfill: Bool

    package init(offset: Int64, appended: Instant, isBackfill: Bool = false) {
        self.offset = offset
        self.appended = appended
        self.isBackfill = isBackfill
    }

    /// The instant at which a claim of the record counts.
    @inline(__always) package func counted(_ claimed: Instant) -> Instant { min(claimed, appended).limited }
}
