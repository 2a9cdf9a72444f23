internal import CustomerLifecycle

/// What a clock on the wall shows, in milliseconds as if it were UTC.
struct LocalTime: Equatable {
    let milliseconds: Int64

    /// A time that stands twice on that clock is the earlier one; one that is skipped is the first after the gap.
    func instant(in zone: ZoneTable?) -> Instant {
        guard let zone, !zone.transitions.isEmpty else { return Instant(milliseconds: milliseconds) }
        let transitions = zone.transitions
        var low = 0
        var high = transitions.count - 1
        while low < high {
            let middle = (low + high) / 2
            let end = transitions[middle + 1].at + transitions[middle].offset
            if milliseconds < end.milliseconds { high = middle } else { low = middle + 1 }
        }
        let instant = Instant(milliseconds: milliseconds) - transitions[low].offset
        return low == 0 ? instant : max(instant, transitions[low].at)
    }
}
