import CustomerLifecycle
import Processor
import Service
import Wire

/// What happened to one customer, told from the changes that were published: when, which stage, after what, and why.
struct Story {
    /// A line of a story.
    struct Line: Equatable {
        let at: Instant
        /// Nil where something happened that changed no stage.
        let stage: String?
        /// What happened; nil where it was silence.
        let cause: String?
        /// What the deciding rule asked and found.
        let reasons: [String]
    }

    let customer: String
    let title: String
    let lines: [Line]
    /// What comes next if nothing happens.
    let outlook: String

    init(title: String, _ plot: Plot, _ report: ExplainReport) {
        customer = plot.customer
        self.title = title
        let published = Set(plot.changes.map(\.position))
        let causing = Set(plot.changes.map(\.position.offset))
        var events: [Int64: ExplainReport.TimelineEntry] = [:]
        lines = report.timeline.compactMap { entry in
            guard let position = entry.position else { return nil }
            guard entry.kind == .change else {
                events[position.offset] = entry
                // What caused a change is told with it.
                return entry.isTelling && !causing.contains(position.offset) ? Self.line(entry) : nil
            }
            return published.contains(position) ? Self.line(entry, after: events[position.offset]) : nil
        }
        outlook =
            report.forecast.map { "\($0.nextStage) on \(InstantText.writeDate($0.at)), if nothing happens" }
            ?? "stays \(report.stage), if nothing happens"
    }

    private static func line(_ event: ExplainReport.TimelineEntry) -> Line {
        Line(at: event.at, stage: nil, cause: event.text, reasons: [])
    }

    /// A record also brings the changes that fell due before it: those are of an earlier instant, and no event's.
    private static func line(
        _ change: ExplainReport.TimelineEntry, after event: ExplainReport.TimelineEntry?
    ) -> Line {
        Line(
            at: change.at, stage: change.entry?.stage, cause: event?.at == change.at ? event?.text : nil,
            reasons: change.entry.map { $0.reason.split(separator: "; ").map(String.init) } ?? [])
    }
}

/// The stages a customer went through, as published.
struct Plot {
    struct Change {
        let stage: String
        let position: LogPosition
    }

    let customer: String
    private(set) var changes: [Change] = []

    init(customer: String) { self.customer = customer }

    mutating func add(_ output: PublishedOutput) {
        switch output.content {
        case .stageChange(let change): changes.append(Change(stage: change.stage, position: output.head.position))
        }
    }

    var last: String { changes.last?.stage ?? "" }
    func passed(_ stage: String) -> Bool { changes.contains { $0.stage == stage } }

    /// Neither too short to be one, nor longer than a reader's patience.
    var isStory: Bool { (3...9).contains(changes.count) }
    /// Many different stages make a good one.
    var variety: Int { Set(changes.map(\.stage)).count }
}
