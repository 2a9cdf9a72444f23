import CustomerLifecycle
import Processor
import Service
import Wire

/// The story of one customer, told from the changes that were published: when, which stage, after what, and why.
struct Story {
    /// A line of a story.
    struct Line: Equatable {
        let at: Instant
        /// The stage entered; nil where an event changed no stage.
        let stage: String?
        /// The event that caused it; nil where it was silence.
        let cause: String?
        /// What the deciding rule asked and found.
        let reasons: [String]
    }

    let customer: String
    let title: String
    let lines: [Line]
    /// What will happen if no event comes.
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
                // The event that caused a change stands on the change's own line.
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

    /// Makes the line of a change. A record also publishes changes that fell due before it; those have an earlier
    /// instant and no event as their cause.
    private static func line(
        _ change: ExplainReport.TimelineEntry, after event: ExplainReport.TimelineEntry?
    ) -> Line {
        Line(
            at: change.at, stage: change.entry?.stage, cause: event?.at == change.at ? event?.text : nil,
            reasons: change.entry.map { $0.reason.split(separator: "; ").map(String.init) } ?? [])
    }
}

/// The stages that a customer went through, as published.
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
        case .stageChange(let change):
            changes.append(Change(stage: change.standing.stage, position: output.head.position))
        case .restatement, .segmentChange, .consentChange, .action, .forgetting: break
        }
    }

    var last: String { changes.last?.stage ?? "" }
    func passed(_ stage: String) -> Bool { changes.contains { $0.stage == stage } }

    /// Whether it has enough changes for a story, and not too many to read.
    var isStory: Bool { (3...9).contains(changes.count) }
    /// How many different stages it has; more make a better story.
    var variety: Int { Set(changes.map(\.stage)).count }
}
