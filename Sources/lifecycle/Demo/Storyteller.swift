import CustomerLifecycle
import Processor
import Wire

/// Finds customers whose stories are worth telling, by what was published about them.
struct Storyteller {
    /// A kind of story, and which customers have one.
    private struct Kind: Sendable {
        let title: @Sendable (String) -> String
        let fits: @Sendable (Plot) -> Bool
        /// Is called for plots that fit, since it takes an answer from the log.
        var isTrue: @Sendable (ExplainReport) -> Bool = { _ in true }
    }

    private static let storyCount = 3
    /// At most this many customers are considered for one kind.
    private static let candidateCountMax = 40

    private let shop: DemoShop
    private let plots: [Plot]

    init(of shop: DemoShop) throws(ProcessorError) {
        self.shop = shop
        var plots: [String: Plot] = [:]
        try shop.changeFeed().lendNew { output in
            plots[output.head.customer, default: Plot(customer: output.head.customer)].add(output)
        }
        self.plots = plots.values.filter(\.isStory).sorted { a, b in
            (-a.variety, -a.changes.count, a.customer) < (-b.variety, -b.changes.count, b.customer)
        }
    }

    func stories() throws(ProcessorError) -> [Story] {
        let view = try shop.view()
        var stories: [Story] = []
        for kind in Self.kinds where stories.count < Self.storyCount {
            let told = Set(stories.map(\.customer))
            let candidates = plots.lazy.filter { kind.fits($0) && !told.contains($0.customer) }
            for plot in candidates.prefix(Self.candidateCountMax) {
                guard let name = shop.firstName(of: plot.customer),
                    let report = try view.explain(plot.customer, asOf: nil), kind.isTrue(report)
                else { continue }
                stories.append(Story(title: kind.title(name), plot, report))
                break
            }
        }
        return stories
    }

    /// The best kind first. The later ones are for shops too young for the first ones.
    private static let kinds = [
        Kind(title: { "\($0) was gone, and came back" }, fits: { $0.last != "lost" && $0.passed("won_back") }),
        Kind(title: { "\($0) recommends the shop" }, fits: { $0.last == "advocate" && !$0.passed("dormant") }),
        Kind(title: { "\($0) complained, and left" }, fits: { $0.last == "lost" }, isTrue: hasComplained),
        Kind(title: { "\($0) complained, and went silent" }, fits: { $0.last == "dormant" }, isTrue: hasComplained),
        Kind(title: { "\($0) went silent" }, fits: { $0.last == "lost" || $0.last == "dormant" }),
        Kind(title: { "\($0) keeps coming" }, fits: { $0.last == "loyal" }),
        Kind(title: { "\($0) may be leaving" }, fits: { $0.last == "at_risk" }),
        Kind(title: { "\($0) bought again" }, fits: { $0.last == "active" }),
    ]

    @Sendable private static func hasComplained(_ report: ExplainReport) -> Bool {
        report.timeline.contains { $0.text.hasPrefix("complaint") }
    }
}
