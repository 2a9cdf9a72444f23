import Brokers
import CommandLine
import CustomerLifecycle
import PolicyLanguage
import Processor
import Service
import Storage
import Wire

/// `import FILE`: imports a shop's history into a log, and publishes what follows.
enum ImportCommand: LogCommand {
    private static let file = Parameter.optionalArgument(
        "FILE", Format<String>.file, help: "FILE.csv of orders or FILE.ndjson of events, plain or .gz")
    private static let policy = Parameter.optional(
        "policy", Format<String>.file, help: "the policy of a new log; without it the built-in one")
    private static let partitions = Parameter.optional(
        "partitions", Format<Int>.integer(in: 1...LogBootstrap.partitionCountMax), help: "of a new log; 4 if not said")
    private static let columns = Parameter.repeated(
        "columns", Format<String>.text.named("OURS=THEIRS,…"),
        help: "what the CSV file calls its columns: customer=user,…")
    private static let refused = Parameter.optional(
        "refused", Format<String>.file,
        help: "write all refused lines to this file, as CSV: line, column, found, expected, and the row as it stands")
    private static let mapping = Parameter.optional(
        "mapping", Format<String>.mapping,
        help: "what the file's records are, where they have a shape of their own: a mapping's file, or a built-in name")
    private static let more = Parameter.flag("more", help: "leave the history open: another file follows")
    private static let finish = Parameter.flag("finish", help: "only say that the history is complete; no FILE")
    private static let force = Parameter.flag("force", help: "with --finish: although a file stands half imported")
    private static let skipped = Parameter.repeated(
        "annulled", Format<PartitionSkippedRecord>.skippedRecord,
        help: "leave out a record that stops the fold, as the message that named it says")
    private static let batch = Parameter.standard(
        "batch", Format<Int>.integer(in: 1...100_000), "5000",
        help: "rows in one transaction, at most; 16 MiB end one too")

    static let command = Command(
        "import", "bring orders (CSV) or events (NDJSON) into a log, and publish what follows",
        discussion: """
            A CSV file has the columns order_id, customer_id, ordered_at, and if it can total, currency, coupon, \
            discount, cost_of_goods, category, cancelled_at, refunded_at, refunded_total. The first import makes the \
            log. A killed import goes on where it stood when the same command is given again; a second import of the \
            same file appends nothing. Ends with 3 if some lines were refused. With --brokers the log has to be there \
            (`lifecycle topics create`), and `lifecycle run` publishes what follows.
            """,
        sharing: LogLocation.declarations + ShopParameters.ofImports,
        parameters: file, policy, partitions, columns, mapping, refused, more, finish, force, batch, skipped,
        Printing.json
    ) { settings, terminal throws(CommandFailure) in
        try check(settings)
        return try run(settings, terminal)
    }

    static let access = LogAccess.readWrite

    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        guard place.solo != nil || settings[skipped].isEmpty else {
            throw CommandFailure(
                .usage, "--annulled does not go with --brokers: say it to `lifecycle run`, which folds the log")
        }
        let mapping = try settings[mapping].map { name throws(CommandFailure) in
            _ = try MappingFile.mapping(name)
            return try MappingFile.compiled(name)
        }
        try found(place, settings)
        let view = try place.view()
        let router = try CommandFailure.translating { () throws(ProcessorError) in
            try ShopParameters.routerSettings(settings) { () throws(ProcessorError) in
                try view.policy().policy.currency
            }
        }
        let session = try ImportSession(
            place, router, batch: settings[batch], skipped: settings[skipped], terminal: terminal)
        guard let path = settings[file] else {
            try session.finishOnly(force: settings[force])
            terminal.answer(ImportReport(file: nil), asJSON: settings[Printing.json]) {
                terminal.write("The imported history is closed.")
                sayWhoPublishes(place, terminal)
            }
            return .done
        }
        let report = try session.run(
            path, columns: settings[columns], mapping: mapping, refused: settings[refused],
            leavesOpen: settings[more])
        terminal.answer(report, asJSON: settings[Printing.json]) {
            print(report, to: terminal)
            sayWhoPublishes(place, terminal)
        }
        return report.rejectedCount > 0 ? .someInputRefused : .done
    }

    private static func sayWhoPublishes(_ place: LogPlace<some Broker>, _ terminal: Terminal) {
        guard place.solo == nil else { return }
        terminal.write("It is in \(place.names.log); `lifecycle run` publishes what follows from it.")
    }

    private static func check(_ settings: Settings) throws(CommandFailure) {
        guard (settings[file] == nil) == settings[finish] else {
            throw CommandFailure(
                .usage,
                settings[finish] ? "--finish takes no FILE" : "FILE is missing; say --finish to only close the history")
        }
        guard settings[refused] == nil || !settings[finish] else {
            throw CommandFailure(.usage, "--refused goes with a FILE")
        }
        guard !settings[force] || settings[finish] else {
            throw CommandFailure(.usage, "--force goes only with --finish")
        }
        guard settings[mapping] == nil || settings[columns].isEmpty else {
            throw CommandFailure(.usage, "--mapping and --columns exclude each other: a mapping names the columns")
        }
        guard !(settings[more] && settings[finish]) else {
            throw CommandFailure(.usage, "--more and --finish exclude each other")
        }
    }

    /// Makes the log if there is none; else checks the settings that a log cannot change.
    private static func found(_ place: LogPlace<some Broker>, _ settings: Settings) throws(CommandFailure) {
        let known = try CommandFailure.translating { () throws(ProcessorError) in try place.partitionCount() }
        guard let known else {
            guard let solo = place.solo else {
                throw CommandFailure(
                    .notOurLog, "there is no log on \(place.name) yet. `lifecycle topics create` makes one.")
            }
            guard settings[file] != nil else {
                throw CommandFailure(.notOurLog, "there is no log in \(place.name) whose history could be closed")
            }
            let compiled = try PolicyCommands.wanted(settings[policy]) ?? .standard
            let count = settings[partitions] ?? LogBootstrap.embeddedPartitionCount
            let bootstrap = try PolicyCommands.bootstrap(place.names, compiled, partitionCount: count)
            return try CommandFailure.translating { () throws(ProcessorError) in try solo.found(bootstrap) }
        }
        if let wanted = settings[partitions], wanted != known {
            throw CommandFailure(
                .usage, "--partitions \(wanted): \(place.name) has \(known), and that cannot change")
        }
        guard let wanted = try PolicyCommands.wanted(settings[policy]) else { return }
        let view = try place.view()
        let inForce = try CommandFailure.translating { () throws(ProcessorError) in try view.policy() }
        guard inForce.compiled.hash == wanted.hash else {
            throw CommandFailure(
                .usage,
                "--policy \(wanted.fileName) is not the policy of \(place.name), which is \(inForce.policy.name) "
                    + "(\(inForce.compiled.hash.hex.prefix(12))). A log keeps its policy: leave out --policy, "
                    + "or import into a new log.")
        }
    }

    private static func print(_ report: ImportReport, to terminal: Terminal) {
        let wasThere = "\(Grouped(report.alreadyThere)) \(report.alreadyThere == 1 ? "was" : "were") there already"
        terminal.write(
            "\(report.file ?? ""): \(Counted(report.rows, "row")), \(Counted(report.appended, "record")) appended"
                + (report.alreadyThere > 0 ? "; \(wasThere)" : "")
        )
        if report.passedOver > 0 {
            terminal.write("  \(Counted(report.passedOver, "record")) gave no event: none of the mapping's")
        }
        for (field, count) in report.unreadable.sorted(by: { $0.key < $1.key }) {
            terminal.write("  \(Grouped(count)) × \(field) could not be read, and counts as absent")
        }
        for line in report.rejectedLines {
            let field = line.field.isEmpty ? "" : "\(line.field): "
            let expected = line.expected.isEmpty ? "" : ", expected \(line.expected)"
            terminal.write("  line \(line.line): \(Printable(field))\(Printable(line.found))\(expected)")
        }
        guard report.rejectedCount > 0 else { return }
        let more = report.rejectedCount - report.rejectedLines.count
        terminal.write(
            "  \(Counted(report.rejectedCount, "line")) refused\(more > 0 ? ", \(Grouped(more)) not shown" : "")")
    }
}

extension Format<PartitionSkippedRecord> {
    static let skippedRecord = Self(
        "PARTITION:OFFSET", expected: "a partition and an offset, such as 2:4711 or 2:4711@3"
    ) {
        PartitionSkippedRecord($0)
    }
}
