import Brokers
import CommandLine
import CustomerLifecycle
import Processor
import Service
import Storage
import Wire

/// `upgrade`: puts this build's version of the fold in force in a log that an older one is in force for.
enum UpgradeCommand: LogCommand {
    private static let yes = Parameter.flag("yes", help: "do not ask")

    static let command = Command(
        "upgrade", "bring a log that an older build folded to this one",
        discussion: """
            Says what changes, asks, and begins a new generation: one record in every partition, all of them or none. \
            Everybody's standing is then said again (profile.restated.v1), with ids and sequences of their own. \
            With --brokers, builds that are too old end with 7 when they come to that record; start this one's \
            `lifecycle run` instead. It may be killed at any point, and given again.
            """,
        sharing: LogLocation.declarations, parameters: yes, Printing.json, run: run)

    static let access = LogAccess.readWrite

    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        guard try CommandFailure.translating({ () throws(ProcessorError) in try place.partitionCount() }) != nil else {
            throw CommandFailure(.notOurLog, "there is no log in \(place.name)")
        }
        let view = try place.view()
        let inForce = try CommandFailure.translating { () throws(ProcessorError) in
            try LogInForce.atEnd(in: place.broker, names: place.names, checkpoints: place.checkpoints)
        }
        var report = UpgradeReport(
            fromVersion: Int(inForce.foldVersion), toVersion: Int(LogFold.version),
            generation: Int(inForce.generation))
        guard try isOld(inForce, place) else {
            // A process that ended behind the record leaves the rest to be published.
            let publishedCount = try LogPublisher(place, terminal: terminal).publish()
            terminal.answer(report, asJSON: settings[Printing.json]) {
                terminal.write(
                    "Version \(inForce.foldVersion) of the fold is in force already, as this build has it."
                        + (publishedCount > 0
                            ? " What was left is published: \(Counted(publishedCount, "output"))." : ""))
            }
            return .done
        }
        let preview = try preview(view, place, terminal)
        report.generation += 1
        report.customers = preview.customerCount
        report.unpublished = preview.unpublishedCount
        report.forgotten = place.solo == nil ? preview.strayRows.count : 0
        report.moves = preview.moves.map { UpgradeReport.Move(from: $0.key.from, to: $0.key.to, count: $0.value) }
        if !settings[Printing.json] { print(report, since: inForce.foldVersion, place, to: terminal) }
        let isAgreed =
            settings[yes]
            ? true : try terminal.agrees(to: "Begin the new generation?", withoutAsking: "begin the new generation")
        guard isAgreed else {
            terminal.errors.write("Nothing was changed.\n")
            return .answerIsNo
        }
        try begin(inForce, place, view, preview)
        try LogPublisher(place, terminal: terminal).publish()
        report.isDone = true
        terminal.answer(report, asJSON: settings[Printing.json]) {
            terminal.write(
                place.solo == nil
                    ? "Generation \(report.generation) has begun. `lifecycle run` of this build publishes it."
                    : "Generation \(report.generation) is published.")
        }
        return .done
    }

    /// Returns whether an older version is in force. Throws where this build is the older one.
    private static func isOld(_ inForce: LogInForce, _ place: LogPlace<some Broker>) throws(CommandFailure) -> Bool {
        guard inForce.foldVersion >= LogFold.version else { return true }
        try CommandFailure.translating { () throws(ProcessorError) in try inForce.requireThisBuild(place.names) }
        return false
    }

    private static func preview<B: Broker>(
        _ view: LogView<B, FileDisk>, _ place: LogPlace<B>, _ terminal: Terminal
    ) throws(CommandFailure) -> UpgradePreview {
        try CommandFailure.translating { () throws(ProcessorError) in
            let work = LongWork(
                "folding", unit: "records", total: try view.recordCount(), terminal: terminal)
            defer { work.end() }
            return try view.upgradePreview(against: place.solo == nil ? place.names.customers : place.names.changes) {
                work.advance(by: $0)
            }
        }
    }

    private static func begin<B: Broker>(
        _ known: LogInForce, _ place: LogPlace<B>, _ view: LogView<B, FileDisk>, _ preview: UpgradePreview
    ) throws(CommandFailure) {
        try CommandFailure.translating { () throws(ProcessorError) in
            let writer = try EpochWriter(
                broker: place.broker, names: place.names, partitionCount: view.partitionCount)
            // Another upgrade may have been faster.
            let inForce = try writer.inForce(place.checkpoints)
            guard inForce.generation == known.generation else {
                throw ProcessorError(
                    .usage, "generation \(inForce.generation) of the log has begun meanwhile: give the command again")
            }
            let record = GenerationRecord(number: inForce.generation + 1, foldVersion: LogFold.version)
            // Rows of visitors whom this version has forgotten: it will never write to them again.
            try writer.append(.generation(record), without: place.solo == nil ? preview.strayRows : [])
        }
    }

    // MARK: Words

    private static func print(
        _ report: UpgradeReport, since version: UInt32, _ place: LogPlace<some Broker>, to terminal: Terminal
    ) {
        terminal.write(
            "\(Printable(place.name)): version \(report.fromVersion) of the fold is in force, "
                + "this build has \(report.toVersion).")
        terminal.write("What it folds otherwise:")
        for change in FoldChanges.since(version) { terminal.write("  * \(change)") }
        terminal.write("")
        terminal.write(
            "\(Counted(report.customers, "customer")) will be said again, as generation \(report.generation).")
        let moved = report.moves.reduce(0) { $0 + $1.count }
        terminal.write(
            moved == 0
                ? "Those who are published stand where they are published now."
                : "\(Grouped(moved)) of them stand in another stage than they are published in:")
        for move in report.moves.sorted(by: { ($1.count, $0.from, $0.to) < ($0.count, $1.from, $1.to) }) {
            terminal.write("  \(Grouped(move.count)) × \(Printable(move.from)) → \(Printable(move.to))")
        }
        if report.unpublished > 0 {
            terminal.write("Of \(Grouped(report.unpublished)) nothing is published yet.")
        }
        if report.forgotten > 0 {
            terminal.write("\(Counted(report.forgotten, "visitor")) will be forgotten: their rows are taken away.")
        }
        guard place.solo == nil else { return }
        terminal.write(
            "`lifecycle run` of older builds ends with 7 then: have this build started in its place.")
    }
}
