/// A point in time: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted. The core never asks for the
/// present one.
package struct Instant: Hashable, Comparable, Sendable {
    package let milliseconds: Int64

    @inlinable package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Later than every instant that can be claimed: "time alone changes nothing any more".
    package static let never = Instant(milliseconds: 1 << 62)
    /// Earlier than every instant that can be claimed.
    package static let distantPast = Instant(milliseconds: -(1 << 62))

    @inlinable package static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }

    /// Saturates at `never` and `distantPast`, so that no sum of hostile times can trap.
    @inlinable package static func + (instant: Self, duration: Milliseconds) -> Self {
        let (sum, overflow) = instant.milliseconds.addingReportingOverflow(duration.count)
        guard !overflow else { return duration.count > 0 ? never : distantPast }
        return Self(milliseconds: Swift.min(Swift.max(sum, distantPast.milliseconds), never.milliseconds))
    }

    @inlinable package static func - (instant: Self, duration: Milliseconds) -> Self {
        // There is no opposite of the least duration; the next best saturates likewise.
        instant + Milliseconds(duration.count == .min ? .max : -duration.count)
    }

    /// The time from `earlier` to `later`; saturates.
    @inlinable package static func - (later: Self, earlier: Self) -> Milliseconds {
        let (difference, overflow) = later.milliseconds.subtractingReportingOverflow(earlier.milliseconds)
        guard !overflow else { return Milliseconds(later > earlier ? .max : .min) }
        return Milliseconds(difference)
    }
}

/// A length of time in whole milliseconds. A day is 24 hours exactly.
package struct Milliseconds: Hashable, Comparable, Sendable {
    package let count: Int64

    @inlinable package init(_ count: Int64) { self.count = count }

    @inlinable package static func seconds(_ count: Int64) -> Self { Self(count * 1_000) }
    @inlinable package static func minutes(_ count: Int64) -> Self { Self(count * 60_000) }
    @inlinable package static func hours(_ count: Int64) -> Self { Self(count * 3_600_000) }
    @inlinable package static func days(_ count: Int64) -> Self { Self(count * 86_400_000) }

    @inlinable package static func < (a: Self, b: Self) -> Bool { a.count < b.count }
}

extension Int {
    /// The sum, or the largest number there is.
    func addingClamped(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
