import CommandLine
import CustomerLifecycle
import Processor
import Service
import Wire

/// A run of the demo.
struct Demo {
    /// How many days of the shop pass in a second once the stories are told.
    private static let paceDaysPerSecond = 1
    private static let framesPerSecond = 4
    private static let newsCount = 5
    private static let weekMilliseconds = 60

    private let shop: DemoShop
    private let seed: UInt64
    private let monthCount: Int
    private let terminal: Terminal
    private var funnel: Funnel
    private var news: [PublishedOutput] = []
    private var nextMonth: CivilDate
    private var pace = Pace()
    private var isStopped = false

    init(_ shop: DemoShop, seed: UInt64, monthCount: Int = 18, terminal: Terminal) throws(ProcessorError) {
        self.shop = shop
        self.seed = seed
        self.monthCount = monthCount
        self.terminal = terminal
        funnel = Funnel(try shop.stages().stages, terminal: terminal)
        nextMonth = CivilDate.split(shop.now).date.startOfNextMonth
    }

    mutating func run(once: Bool) throws(ProcessorError) {
        try fill()
        if !isStopped { try tell() }
        if !isStopped, !once { try goOn() }
        terminal.flush()
    }

    // MARK: The months

    private mutating func fill() throws(ProcessorError) {
        let opening = InstantText.writeDate(shop.now)
        terminal.write("A made-up shop opens on \(opening) (seed \(seed)), on a clock that runs fast.")
        terminal.write("Its log is in \(shop.directory).")
        terminal.write("")
        terminal.write("Customers by stage, at the end of each month:")
        terminal.write("")
        funnel.begin()
        for _ in 0..<monthCount {
            while !isStopped, try !liveStep() { try drawAtWeekEnds() }
        }
        guard !isStopped else { return sayStopped() }
        let stages = try shop.stages()
        funnel.draw(stages, at: shop.now)
        terminal.write("")
        let text = "\(summary) There are \(stages.headcount) now."
        for line in Wrapped(text, columnCount: terminal.columnCount).lines { terminal.write(line) }
        terminal.write("")
        for line in StagesReport.visitorLines(columnCount: terminal.columnCount) { terminal.write(line) }
    }

    private var summary: String {
        "\(monthCount) months: \(Grouped(shop.eventCount)) events came in and \(Grouped(shop.changeCount)) changes of "
            + "stage, segment and consent, and outcomes of actions, went out, each with its reason. "
            + "\(Grouped(shop.tickCount)) ticks let silence count."
    }

    /// Lives one step of the shop. Returns whether a month ended with it.
    private mutating func liveStep() throws(ProcessorError) -> Bool {
        try shop.live(until: nextMonth.midnight)
        guard shop.now == nextMonth.midnight else { return false }
        let ended = InstantText.writeDate(shop.now + .days(-1)).dropLast(3)
        try funnel.endMonth(shop.stages(), label: String(ended))
        nextMonth = nextMonth.startOfNextMonth
        return true
    }

    private mutating func drawAtWeekEnds() throws(ProcessorError) {
        let (date, time) = CivilDate.split(shop.now)
        guard date.weekday == 0, time.count == 0 else { return }
        try funnel.draw(shop.stages(), at: shop.now)
        // A terminal gets time to watch; a file is written as fast as possible.
        isStopped = pace.isStopped(withinMilliseconds: terminal.isOutputInteractive ? Self.weekMilliseconds : 0)
    }

    // MARK: The stories

    private func tell() throws(ProcessorError) {
        let stories = try Storyteller(of: shop).stories()
        terminal.write("")
        terminal.write(terminal.style(.strong, "What happened to some of them, and why"))
        for story in stories {
            terminal.write("")
            for line in story.printed(columnCount: min(terminal.columnCount, 100), style: terminal.style) {
                terminal.write(line)
            }
        }
        terminal.write("")
        terminal.write(terminal.style(.strong, "What was sent to them, and what was held back"))
        terminal.write("")
        let chapter = try ContactChapter(of: shop)
        for line in chapter.printed(columnCount: min(terminal.columnCount, 100), style: terminal.style) {
            terminal.write(line)
        }
        tellWhatToTry(stories)
        terminal.flush()
    }

    private func tellWhatToTry(_ stories: [Story]) {
        let data = "--data \(shop.directory)"
        let halfway = InstantText.writeDate(DemoShop.opening + .days(181))
        var commands = [
            "lifecycle stages \(data)",
            "lifecycle stages \(data) --months \(monthCount)",
            "lifecycle stages \(data) --at \(halfway)",
            "lifecycle customers \(data) --stage at_risk --limit 5",
            "lifecycle actions \(data)",
        ]
        if let customer = stories.first?.customer { commands.append("lifecycle explain \(customer) \(data)") }
        terminal.write("")
        terminal.write(terminal.style(.strong, "Try next"))
        terminal.write("")
        for command in commands { terminal.write("  \(command)") }
    }

    // MARK: Going on

    private mutating func goOn() throws(ProcessorError) {
        terminal.write("")
        terminal.write(
            "The shop goes on, \(Self.paceDaysPerSecond) day a second. Ctrl-C stops it; what it did is in the log.")
        terminal.write("")
        funnel = Funnel(try shop.stages().stages, terminal: terminal)
        funnel.begin()
        let feed = try shop.changeFeed()
        try feed.lendNew { _ in }
        let frame = Milliseconds(Milliseconds.days(Int64(Self.paceDaysPerSecond)).count / Int64(Self.framesPerSecond))
        repeat {
            let end = shop.now + frame
            while shop.now < end { _ = try liveStep() }
            try gatherNews(from: feed)
            try funnel.draw(shop.stages(), at: shop.now, below: [""] + news.map(newsLine))
            terminal.flush()
        } while !terminal.output.isClosed && !pace.isStopped(withinMilliseconds: 1_000 / Self.framesPerSecond)
        sayStopped()
    }

    /// Keeps the newest changes of all partitions, in the order of time.
    private mutating func gatherNews(from feed: ChangeFeed<DemoShop.Broker>) throws(ProcessorError) {
        var new: [PublishedOutput] = []
        try feed.lendNew { new.append($0) }
        let sorted = new.enumerated().sorted { ($0.element.head.time, $0.offset) < ($1.element.head.time, $1.offset) }
        news = Array((news + sorted.map(\.element)).suffix(Self.newsCount))
    }

    private func sayStopped() {
        terminal.write("")
        terminal.write("Stopped on \(InstantText.writeDate(shop.now)); the log in \(shop.directory) is whole.")
    }

    private func newsLine(_ output: PublishedOutput) -> String {
        let name = shop.firstName(of: output.head.customer) ?? "a visitor"
        let date = terminal.style(.faint, InstantText.writeDate(output.head.time))
        let text =
            switch output.content {
            case .stageChange(let change): "\(name): \(change.previousStage ?? "new") → \(change.standing.stage)"
            case .restatement(let standing): "\(name): \(standing.stage)"
            case .segmentChange(let change):
                "\(name): \(change.isEntered ? "enters" : "leaves") \(change.segment)"
            case .consentChange(let consent):
                "\(name): \(consent.channel) \(consent.purpose) \(consent.isAllowed ? "allowed" : "not allowed")"
            case .action(let action): "\(name): \(action.action)/\(action.step) \(action.decision.word)"
            case .forgetting(let forgetting): "\(name): \(forgetting.previousStage) → forgotten"
            }
        return "  \(date)  \(TextWidth.cut(text, to: terminal.columnCount - 15))"
    }
}
