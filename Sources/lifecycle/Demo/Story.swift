import CustomerLifecycle
import Processor
import Wire

/// What happened to one customer, told from the changes that were published: when, which stage, after what, and why.
struct Story {
    /// A line of a story.
    struct Line: Equatable {
        let at: Instant
        /// Nil where something happened that changed no stage.
        let stage: String?
        let text: String
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
        let told = report.timeline.filter { entry in
            guard entry.kind == .change else { return entry.isTelling }
            return entry.position.map(published.contains) == true
        }
        let causes = Dictionary(
            report.timeline.filter { $0.kind == .event }.compactMap { entry in
                entry.position.map { ($0.offset, entry) }
            }, uniquingKeysWith: { first, _ in first })
        lines = told.map { Self.line($0, causes) }
        outlook =
            report.forecast.map { "\($0.nextStage) on \(InstantText.writeDate($0.at)), if nothing happens" }
            ?? "stays \(report.stage), if nothing happens"
    }

    /// A change by an event of the same instant names it; one by silence has none.
    private static func line(_ entry: ExplainReport.TimelineEntry, _ causes: [Int64: ExplainReport.TimelineEntry])
        -> Line
    {
        guard let change = entry.entry else { return Line(at: entry.at, stage: nil, text: entry.text) }
        let cause = entry.position.flatMap { causes[$0.offset] }.flatMap { $0.at == entry.at ? $0.text : nil }
        let parts = [cause, change.reason].compactMap { $0 }.filter { !$0.isEmpty }
        return Line(at: entry.at, stage: change.stage, text: parts.joined(separator: ": "))
    }

    /// At most `columnCount` columns wide: date, stage, and beside them the text.
    func printed(columnCount: Int, style: Style) -> [String] {
        let stageCount = lines.compactMap(\.stage).map { TextWidth.columnCount(of: $0) }.max() ?? 0
        let indent = 4 + 10 + 2 + stageCount + 2
        var printed = ["  \(style(.strong, title))  \(style(.faint, customer))"]
        for line in lines {
            let date = style(.faint, InstantText.writeDate(line.at))
            let stage = TextWidth.padded(line.stage ?? "", to: stageCount)
            let text = Wrapped(Printable(line.text).description, columnCount: columnCount - indent).lines
            printed.append(Self.trimmed("    \(date)  \(style(.quiet, stage))  \(text.first ?? "")"))
            for rest in text.dropFirst() { printed.append(String(repeating: " ", count: indent) + rest) }
        }
        printed.append("    \(style(.faint, "next"))        \(outlook)")
        return printed
    }

    private static func trimmed(_ line: String) -> String { String(line.reversed().drop { $0 == " " }.reversed()) }
}

/// The stages a customer went through, as published.
struct Plot {
    let customer: String
    private(set) var changes: [PublishedChange] = []

    init(customer: String) { self.customer = customer }

    mutating func add(_ change: PublishedChange) { changes.append(change) }

    var last: String { changes.last?.stage ?? "" }
    func passed(_ stage: String) -> Bool { changes.contains { $0.stage == stage } }

    /// Neither too short to be one, nor longer than a reader's patience.
    var isStory: Bool { (3...9).contains(changes.count) }
    /// Many different stages make a good one.
    var variety: Int { Set(changes.map(\.stage)).count }
}
