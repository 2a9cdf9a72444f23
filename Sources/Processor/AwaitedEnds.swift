import Brokers

/// Ends of one partition that were asked for, each with what was known before it was asked for: once everything up to
/// the end was read, that holds of the partition as it was read.
///
/// Two are kept, the newest and one before: a worker that is behind reaches the older one at last, however often the
/// end is asked for meanwhile.
struct AwaitedEnds<Mark> {
    private var older: (mark: Mark, end: NextOffset)?
    private var newer: (mark: Mark, end: NextOffset)?
    mutating func hear(_ mark: Mark, end: NextOffset) {
        if older == nil { older = (mark, end) } else { newer = (mark, end) }
    }

    /// What holds at `position`; nil where no awaited end is reached.
    func reached(at position: NextOffset) -> Mark? {
        if let newer, position >= newer.end { return newer.mark }
        if let older, position >= older.end { return older.mark }
        return nil
    }

    /// Lets go of what is reached at `position`.
    mutating func take(at position: NextOffset) {
        if let known = newer, position >= known.end { newer = nil }
        guard let known = older, position >= known.end else { return }
        older = newer
        newer = nil
    }
}
