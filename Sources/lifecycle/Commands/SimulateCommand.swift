import CommandLine
import PolicyLanguage
import Service
import Simulation

/// `simulate`: runs a made-up shop under a policy, with one bad day for each seed.
enum SimulateCommand {
    private static let policy = Parameter.optional(
        "policy", Format<String>.policy, help: "a policy; without it the built-in one")
    private static let seeds = Parameter.standard(
        "seeds", Format<Int>.integer(in: 1...1_000_000_000), "500", help: "how many bad days")
    private static let seed = Parameter.optional(
        "seed", Format<UInt64>.seed, help: "one of them alone, as a failure names it")
    private static let first = Parameter.standard("first-seed", Format<UInt64>.seed, "0", help: "where to begin")

    static let command = Command(
        "simulate", "try a policy in a made-up shop where everything goes wrong",
        discussion: """
            Each seed is a small shop's life of months, told to an embedded log on a simulated disk while processes \
            are killed, transactions fail, partitions change hands, disks fill up and clocks jump. After every step \
            what was published is compared with what a slow and simple reading of the log says. Nothing is written. \
            Ends with 1 if anything was published wrong, twice or not at all; then a shortest history that shows it \
            is printed.
            """,
        parameters: policy, seeds, seed, first
    ) { settings, terminal throws(CommandFailure) in
        let compiled = try compile(settings[policy])
        let count = settings[seed] == nil ? settings[seeds] : 1
        let work = LongWork("simulating", unit: "seeds", total: count, terminal: terminal)
        let campaign = Campaign.run(
            firstSeed: settings[seed] ?? settings[first], count: count, policy: compiled
        ) { work.advance(by: $0) }
        work.end()
        report(campaign, after: work.elapsed, policyPath: settings[policy], to: terminal)
        return campaign.failures.isEmpty ? .done : .answerIsNo
    }

    private static func compile(_ path: String?) throws(CommandFailure) -> CompiledPolicy {
        let compiled = try PolicyFile(path).compiled()
        guard compiled.policy != nil else { throw CommandFailure(.usage, PolicyFile.errors(of: compiled)) }
        return compiled
    }

    private static func report(
        _ campaign: Campaign, after elapsed: Duration, policyPath: String?, to terminal: Terminal
    ) {
        let tally = campaign.tally
        let seconds = max(elapsed.components.seconds, 1)
        terminal.write(
            "\(Counted(tally.runs, "bad day")) in \(seconds) s: \(Counted(tally.events, "event")), "
                + "\(Counted(tally.changes, "stage change")).")
        if campaign.failures.isEmpty {
            terminal.write("Each change was published exactly once, in order, and is the one that the policy asks for.")
        }
        var table = Table([.words(""), .number("")])
        for chapter in Survived.Chapter.allCases {
            let survived = Survived.allCases.filter { $0.chapter == chapter && tally.count(of: $0) > 0 }
            let count = survived.reduce(0) { $0 + tally.count(of: $1) }
            table.add([chapter.rawValue, "\(Grouped(count)) times"])
            for survived in survived {
                table.add(["  \(survived.rawValue)", "\(Grouped(tally.count(of: survived)))     "])
            }
        }
        terminal.write("")
        for line in table.lines(style: terminal.style, indent: 0) { terminal.write(line) }
        terminal.write("")
        guard !campaign.failures.isEmpty else { return terminal.write("Anomalies: 0.") }
        terminal.write("Anomalies: in \(campaign.failures.count) of \(Grouped(campaign.runCount)) bad days.")
        for run in campaign.failures { write(run, policyPath, to: terminal) }
    }

    private static func write(_ run: SimulatedRun, _ policyPath: String?, to terminal: Terminal) {
        guard let failure = run.failure else { return }
        terminal.write("")
        terminal.write("Seed \(run.seed): \(failure.anomaly)")
        terminal.write("Of its \(Counted(failure.originalStepCount, "step")) these are enough to show it:")
        for step in failure.steps { terminal.write("  \(step)") }
        let policy = policyPath.map { " --policy \($0)" } ?? ""
        terminal.write("Again: lifecycle simulate --seed \(run.seed)\(policy)")
    }
}
