package import Brokers
package import CustomerLifecycle
package import Storage
package import Wire

/// Asks how many customers stand where, and which ways they took: the policy's stages in its order, then those that
/// only earlier policies had, as far as customers still stand there.
package struct StagesQuestion: Survey, Equatable {
    package typealias Answer = StagesReport

    /// The instant asked about; nil for the newest that the log knows.
    package var asOf: Instant?
    /// Also counts at the end of each of so many months.
    package var monthCount: Int?
    /// Also lists the events in the log whose names are not known.
    package var listsEvents: Bool

    package init(asOf: Instant? = nil, monthCount: Int? = nil, listsEvents: Bool = false) {
        self.asOf = asOf
        self.monthCount = monthCount
        self.listsEvents = listsEvents
    }

    package var isOfNow: Bool { asOf == nil && monthCount == nil && !listsEvents }

    package func answer(
        from view: LogView<some Broker, some Disk>, onWork: OnWork
    ) throws(ProcessorError) -> StagesReport {
        let folded = try view.folded(asOf: asOf, onWork: onWork)
        var report = folded.answer(self)
        if let monthCount, let instant = folded.instant {
            let advance = onWork("folding each month", try view.recordCount() * monthCount)
            report.months = try view.months(monthCount, endingAt: instant, onProgress: advance)
        }
        if listsEvents {
            let advance = onWork("looking at events", try view.recordCount())
            report.unknownEvents = try view.unknownEvents(onProgress: advance)
        }
        return report
    }

    package func part(of fold: LogFold, at moment: LogMoment) -> StagesPart {
        StagesPart(fold.withState { $0.progress })
    }

    package func report(_ parts: [StagesPart], at moment: LogMoment) -> StagesReport {
        var counts: [String: Int] = [:]
        var ways: [Way: Int] = [:]
        for part in parts { part.count(stages: &counts, ways: &ways) }
        let known = moment.policy.policy.stages
        let former = counts.keys.filter { !known.contains($0) }.sorted()
        let names = known + former
        let passed = Set(ways.keys.flatMap { [$0.from, $0.to].compactMap { $0 } })
        let places = names + passed.filter { !names.contains($0) }.sorted()
        let transitions = ([nil] + places.map { Optional($0) }).flatMap { from in
            places.compactMap { to in
                ways[Way(from: from, to: to)].map { StagesReport.Transition(from: from, to: to, count: $0) }
            }
        }
        return StagesReport(
            asOf: moment.instant, readUpTo: moment.readUpTo,
            stages: names.map { StagesReport.Stage(name: $0, count: counts[$0] ?? 0) },
            transitions: transitions, behind: parts.reduce(0) { $0 + $1.behindCount })
    }
}

extension FoldedLog {
    /// How many customers stand where, and which ways they took.
    package func stages() -> StagesReport { answer(StagesQuestion()) }
}

/// A step from one stage to another; from nil to a customer's first.
private struct Way: Hashable {
    let from: String?
    let to: String
}

/// The stages of one partition's customers.
package final class StagesPart: SurveyPart {
    package static let stepSubjectCount = 8_192

    private let progress: Progress
    private var counts: [Int]
    private var said = Said()

    init(_ progress: Progress) {
        self.progress = progress
        counts = [Int](repeating: 0, count: progress.stageNames.count)
    }

    var behindCount: Int { progress.behindCount }

    package func take(_ subject: LentSubject) {
        guard subject.isCustomer else { return }
        subject.read(into: &said)
        counts[said.stage] += 1
    }

    fileprivate func count(stages: inout [String: Int], ways: inout [Way: Int]) {
        let names = progress.stageNames
        for (name, count) in zip(names, counts) where count > 0 { stages[name, default: 0] += count }
        for from in [nil] + names.indices.map({ Optional($0) }) {
            for to in names.indices {
                let count = progress.transitionCount(from: from, to: to)
                guard count > 0 else { continue }
                ways[Way(from: from.map { names[$0] }, to: names[to]), default: 0] += Int(count)
            }
        }
    }
}
