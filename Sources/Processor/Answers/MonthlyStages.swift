package import CustomerLifecycle
package import Wire

extension LogView {
    /// Who stood where at the end of each of the last `count` months, the last one ending at `instant`; what came
    /// before the first customer is left out.
    ///
    /// Each is a fold of its own, exactly what `--at` says. One fold could not say it for all: an event that came late
    /// changes the stage of an earlier month, which is over when the event is folded.
    package func months(
        _ count: Int, endingAt instant: Instant, onProgress: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws(ProcessorError) -> [StagesReport.Month] {
        var months: [StagesReport.Month] = []
        for end in Self.monthEnds(count, endingAt: instant) {
            let stages = try asOf(end, onProgress: onProgress).stages().stages
            guard !months.isEmpty || stages.contains(where: { $0.count > 0 }) else { continue }
            months.append(StagesReport.Month(asOf: end, stages: stages))
        }
        return months
    }

    /// The last milliseconds of months, UTC, and last the instant itself.
    static func monthEnds(_ count: Int, endingAt instant: Instant) -> [Instant] {
        var ends = [instant]
        var day = CivilDate.split(instant).date
        while ends.count < count {
            ends.append(day.startOfMonth.midnight - Milliseconds(1))
            day = CivilDate(dayNumber: day.startOfMonth.dayNumber - 1)
        }
        return ends.reversed()
    }
}
