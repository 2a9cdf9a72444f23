import CustomerLifecycle
import Processor
import Shop
import Wire

/// `demo`: a made-up shop fills up, three of its customers are told of, and it goes on at a pace one can follow.
enum DemoCommand {
    private static let seed = Parameter.standard(
        "seed", Format<UInt64>.seed, "1", help: "which shop: another number gives other customers")
    private static let once = Parameter.flag("once", help: "end after the stories instead of going on")
    private static let data = Parameter.optional(
        "data", Format<String>.folder, help: "where to keep the shop's log; without it a new temporary directory")

    static let command = Command(
        "demo", "show a made-up shop's lifecycle: the funnel filling, and three customers' stories",
        discussion: """
            Nothing is needed: no server, no file. The shop's events go the way of any shop's, through a live input \
            topic and the router to the log and on to the published changes, on a clock that runs as fast as it can. \
            The same seed gives the same shop. The log is kept, so that every other command can be tried on it.
            """,
        parameters: seed, once, data
    ) { settings, terminal throws(CommandFailure) in
        let directory = try DemoDirectory.make(settings[data])
        try CommandFailure.translating { () throws(ProcessorError) in
            let shop = try DemoShop(directory: directory, seed: settings[seed])
            var demo = try Demo(shop, seed: settings[seed], terminal: terminal)
            try demo.fill()
            try demo.tell()
            guard !settings[once] else { return }
            try demo.goOn()
        }
        return .done
    }
}

/// One showing of the demo.
struct Demo {
    /// Virtual time that passes in a second once the stories are told.
    private static let paceDaysPerSecond = 1
    private static let framesPerSecond = 4
    private static let newsCount = 5

    private let shop: DemoShop
    private let seed: UInt64
    private let monthCount: Int
    private let terminal: Terminal
    private var funnel: Funnel
    private var news: [PublishedChange] = []
    private var nextMonth: CivilDate

    init(_ shop: DemoShop, seed: UInt64, monthCount: Int = 18, terminal: Terminal) throws(ProcessorError) {
        self.shop = shop
        self.seed = seed
        self.monthCount = monthCount
        self.terminal = terminal
        funnel = Funnel(try shop.stages().stages, terminal: terminal)
        nextMonth = CivilDate.split(shop.now).date.startOfNextMonth
    }

    // MARK: The months

    mutating func fill() throws(ProcessorError) {
        let opening = InstantText.writeDate(shop.now)
        terminal.write("A made-up shop opens on \(opening) (seed \(seed)), on a clock that runs fast.")
        terminal.write("Its log is in \(shop.directory).")
        terminal.write("")
        funnel.begin()
        for _ in 0..<monthCount {
            while try !liveStep() { try drawAtWeekEnds() }
        }
        try funnel.draw(shop.stages(), at: shop.now)
        terminal.write("")
        for line in Wrapped(summary, columnCount: terminal.columnCount).lines { terminal.write(line) }
    }

    private var summary: String {
        "\(monthCount) months: \(Grouped(shop.eventCount)) events came in and \(Grouped(shop.changeCount)) changes of "
            + "stage went out, each with its reason. \(Grouped(shop.tickCount)) ticks let silence count."
    }

    /// Lives one step; says whether a month ended with it.
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
        guard terminal.isOutputInteractive, date.weekday == 0, time.count == 0 else { return }
        try funnel.draw(shop.stages(), at: shop.now)
    }

    // MARK: The stories

    func tell() throws(ProcessorError) {
        let stories = try Storyteller(of: shop).stories()
        terminal.write("")
        terminal.write(terminal.style(.strong, "What happened to some of them, and why"))
        for story in stories {
            terminal.write("")
            for line in story.printed(columnCount: min(terminal.columnCount, 100), style: terminal.style) {
                terminal.write(line)
            }
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
            "lifecycle customers \(data) --stage at_risk --sort revenue --descending",
        ]
        if let customer = stories.first?.customer { commands.append("lifecycle explain \(customer) \(data)") }
        terminal.write("")
        terminal.write(terminal.style(.strong, "Try next"))
        terminal.write("")
        for command in commands { terminal.write("  \(command)") }
    }

    // MARK: Going on

    mutating func goOn() throws(ProcessorError) {
        terminal.write("")
        terminal.write(
            "The shop goes on, \(Self.paceDaysPerSecond) day a second. Ctrl-C stops it; what it did is in the log.")
        terminal.write("")
        funnel = Funnel(try shop.stages().stages, terminal: terminal)
        funnel.begin()
        let feed = try shop.changeFeed()
        try feed.lendNew { _ in }
        var pace = Pace()
        let frame = Milliseconds(Milliseconds.days(Int64(Self.paceDaysPerSecond)).count / Int64(Self.framesPerSecond))
        repeat {
            let end = shop.now + frame
            while shop.now < end { _ = try liveStep() }
            try feed.lendNew { news.append($0) }
            news = Array(news.suffix(Self.newsCount))
            try funnel.draw(shop.stages(), at: shop.now, below: [""] + news.map(newsLine))
            terminal.flush()
        } while !terminal.output.isClosed && !pace.waits(milliseconds: 1_000 / Self.framesPerSecond)
        terminal.write("")
        terminal.write("Stopped on \(InstantText.writeDate(shop.now)); the log is whole.")
    }

    private func newsLine(_ change: PublishedChange) -> String {
        let name = shop.firstName(of: change.customer) ?? "a visitor"
        let line =
            "  \(InstantText.writeDate(change.enteredAt))  \(name): \(change.previousStage ?? "new") → \(change.stage)"
        return terminal.style(.faint, TextWidth.cut(line, to: terminal.columnCount - 1))
    }
}

extension CivilDate {
    fileprivate var startOfNextMonth: CivilDate {
        // 31 days after its first day a month is over, and the next one is not.
        let within = CivilDate(dayNumber: dayNumber - Int64(day) + 1 + 31)
        return CivilDate(dayNumber: within.dayNumber - Int64(within.day) + 1)
    }
}
