import Brokers
import CommandLine
import CustomerLifecycle
import Glibc
import PolicyLanguage
import Processor
import Service
import Storage
import Wire

/// `policy adopt`: puts another policy in force.
enum PolicyAdoptCommand: LogCommand {
    private static let file = Parameter.argument("FILE", Format<String>.policy, help: "a policy file, or preset:NAME")
    private static let replaces = Parameter.optional(
        "replaces", Format<String>.policyHash,
        help: "adopt only where the policy of this hash is in force, or one that begins so")
    private static let yes = Parameter.flag("yes", help: "do not ask")

    static let command = Command(
        "policy adopt", "put another policy in force",
        discussion: """
            Prints what `policy diff` does, asks, and writes one record into every partition, all of them or none. \
            Everybody is judged anew at that place of the log, so that a rebuild finds the same; changes say \
            `trigger: policy`. It may be killed at any point, and given again. Of two who adopt at once one is told \
            that the other was faster.
            """,
        sharing: LogLocation.declarations, parameters: file, replaces, yes, Printing.json, run: run)

    private static let namedCount = 10
    /// Another command's writing is waited for.
    private static let patience = Duration.seconds(10)

    /// Reads, so that somebody who thinks about the answer keeps nobody from writing.
    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        let proposed = try ProposedPolicy(settings[file])
        guard try CommandFailure.translating({ () throws(ProcessorError) in try place.partitionCount() }) != nil else {
            throw CommandFailure(.notOurLog, "there is no log in \(place.name)")
        }
        let inForce = try CommandFailure.translating { () throws(ProcessorError) in
            let inForce = try LogInForce.atEnd(in: place.broker, names: place.names, checkpoints: place.checkpoints)
            try inForce.requireThisBuild(place.names)
            return inForce
        }
        let hash = PolicyHash(of: inForce.policy.text)
        // Given again by somebody who was killed, it has done what it was to do.
        let isInForce = proposed.compiled.hash == hash
        if let wanted = settings[replaces], !isInForce, !hash.hex.hasPrefix(wanted) {
            throw CommandFailure(
                .usage, "policy \(inForce.policy.number) is in force, of hash \(hash.hex), and not \(wanted)")
        }
        let adoption = try adoption(place)
        let question = try CommandFailure.translating { () throws(ProcessorError) in
            proposed.diff(now: try adoption.instant(), limit: namedCount)
        }
        let (diff, fed) = try place.answer(terminal) { view, onWork throws(ProcessorError) in
            let log = try view.folded(asOf: nil, onWork: onWork)
            return (diff: try question.answer(from: log), fed: log.fedFacts())
        }
        let report = PolicyAdoptionReport(diff: diff, number: Int(inForce.policy.number))
        let writing = Writing(
            proposed: proposed.compiled, inForce: inForce, report: report, isJSON: settings[Printing.json],
            terminal: terminal)
        guard !isInForce else { return try settle(writing, settings) }
        if !settings[Printing.json] {
            print(report.diff, proposed.compiled, proposed.compiled.notes(onAllBut: fed), to: terminal)
        }
        let isAgreed = settings[yes] ? true : try terminal.agrees(to: "Adopt it?", withoutAsking: "adopt it")
        guard isAgreed else {
            terminal.errors.write("Nothing was changed.\n")
            return .answerIsNo
        }
        return try settle(writing, settings)
    }

    /// Waits for whoever is writing into the same directory. That the policy is still the one compared with is looked
    /// at then.
    private static func settle(_ writing: Writing, _ settings: Settings) throws(CommandFailure) -> ExitCode {
        let location = try LogLocation(settings)
        let end = ContinuousClock.now + patience
        while true {
            do throws(CommandFailure) {
                return try location.perform(writing, .readWrite)
            } catch {
                guard error.code == .directoryInUse, ContinuousClock.now < end else { throw error }
                usleep(50_000)
            }
        }
    }

    /// What is done once it is agreed on.
    private struct Writing: LogWork {
        let proposed: CompiledPolicy
        let inForce: LogInForce
        var report: PolicyAdoptionReport
        let isJSON: Bool
        let terminal: Terminal

        func run(in place: LogPlace<some Broker>) throws(CommandFailure) -> ExitCode {
            // What a process that ended behind an adoption left is published first.
            try LogPublisher(place, terminal: terminal).publish()
            var report = report
            guard proposed.hash != PolicyHash(of: inForce.policy.text) else {
                terminal.answer(report, asJSON: isJSON) {
                    terminal.write("Policy \(inForce.policy.number) is this file already: nothing is to be done.")
                }
                return .done
            }
            let adoption = try adoption(place)
            let number = try CommandFailure.translating { () throws(ProcessorError) in
                try adoption.adopt(proposed, after: inForce) { attempt in
                    usleep(PolicyAdoptCommand.pause(behind: attempt))
                }
            }
            try LogPublisher(place, terminal: terminal).publish()
            report.number = Int(number)
            report.isDone = true
            terminal.answer(report, asJSON: isJSON) {
                terminal.write(
                    "Policy \(number) is adopted."
                        + (place.solo == nil ? " `lifecycle run` publishes what it changes." : ""))
            }
            return .done
        }
    }

    /// Microseconds, up to twice as many behind each attempt, and others in each process: those who fenced each other
    /// would meet again otherwise.
    private static func pause(behind attempt: Int) -> UInt32 {
        var generator = SystemRandomNumberGenerator()
        return UInt32.random(in: 0..<(200_000 << min(attempt, 6)), using: &generator)
    }

    private static func adoption<B: Broker>(
        _ place: LogPlace<B>
    ) throws(CommandFailure) -> PolicyAdoption<B, FileDisk> {
        PolicyAdoption(
            broker: place.broker, names: place.names, checkpoints: place.checkpoints,
            partitionCount: try place.view().partitionCount)
    }

    private static func print(
        _ diff: PolicyDiffReport, _ proposed: CompiledPolicy, _ unfed: [Problem], to terminal: Terminal
    ) {
        for line in diff.lines(columnCount: terminal.columnCount, style: terminal.style) { terminal.write(line) }
        for problem in proposed.problems + unfed { terminal.write(proposed.rendered(problem)) }
        if let currencies = diff.otherCurrencies {
            terminal.write(
                "note: `lifecycle run` takes orders that name no currency for \(currencies.old.letters) until it is "
                    + "started anew.")
        }
        terminal.write("")
    }
}

/// `policy history`: the policies that were in force.
enum PolicyHistoryCommand: LogCommand {
    static let command = Command(
        "policy history", "list the policies that a log adopted, and since when each is in force",
        sharing: LogLocation.declarations, parameters: Printing.json, run: run)

    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        let report = try place.answer(terminal) { view, onWork throws(ProcessorError) in
            try view.policyHistory(onProgress: onWork("looking for policies", nil))
        }
        terminal.answer(report, asJSON: settings[Printing.json]) {
            var table = Table([
                .number("policy"), .words("in force since"), .words("name"), .number("stages"), .number("segments"),
                .words("hash", columnCountMax: 64),
            ])
            for adoption in report.adoptions {
                table.add([
                    "\(adoption.policy.version)", InstantText.write(adoption.at), adoption.policy.name,
                    "\(adoption.stageCount)", "\(adoption.segmentCount)", adoption.policy.hash,
                ])
            }
            for line in table.lines(style: terminal.style) { terminal.write(line) }
        }
        return .done
    }
}

extension Format<String> {
    /// The beginning of a SHA-256 in hex.
    fileprivate static let policyHash = Self(
        "HASH", expected: "the hash of a policy, or how it begins: 8 to 64 hex digits"
    ) { text in
        let digits = text.lowercased()
        return (8...64).contains(digits.utf8.count) && digits.allSatisfy(\.isHexDigit) ? digits : nil
    }
}
