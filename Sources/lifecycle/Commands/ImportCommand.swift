import Brokers
import CommandLine
import CustomerLifecycle
import Files
import MappingLanguage
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
        "policy", Format<String>.policy, help: "the policy of a new log; without it the built-in one")
    private static let partitions = Parameter.optional(
        "partitions", Format<Int>.integer(in: 1...LogBootstrap.partitionCountMax), help: "of a new log; 4 if not said")
    private static let columns = Parameter.repeated(
        "columns", Format<String>.text.named("OURS=THEIRS,…"),
        help: "what the CSV file calls its columns: customer=user,…")
    private static let format = Parameter.optional(
        "format", Format<String>.export,
        help: "whose export a CSV file is; without it the header says it (`lifecycle mapping show` lists them)")
    private static let amounts = Parameter.optional(
        "amount", Format<AmountBasis>.choice,
        help: "what an amount of a row is: the order's, the row's, a piece's price")
    private static let decimalMark = Parameter.optional(
        "decimal", Format<DecimalMark>.choice, help: "the decimal mark of amounts, where the file leaves it open")
    private static let dateOrder = Parameter.optional(
        "date-order", Format<DateOrder>.choice, help: "what stands first in dates such as 05/04/2025")
    private static let dateFormat = Parameter.optional(
        "date-format", Format<String>.text.named("FORM"), help: "how dates are written, such as DD.MM.YYYY HH:mm")
    private static let statuses = Parameter.repeated(
        "status", Format<NamedStatus>.pair,
        help: "what a word for an order's status means: kept, cancelled, pending, ignored, refunded or partly_refunded")
    private static let encoding = Parameter.optional(
        "encoding", Format<String>.text.named("NAME"),
        help: "the file's encoding as iconv calls it, such as cp1252; UTF-8, or UTF-16 by its mark, if not said")
    private static let dryRun = Parameter.flag(
        "dry-run", help: "read the whole file and say what would come of it; append nothing, make no log")
    private static let refused = Parameter.optional(
        "refused", Format<String>.file,
        help: "write all refused lines to this file, as CSV: line, column, found, expected, and the row as it stands")
    private static let mapping = Parameter.optional(
        "mapping", Format<String>.mapping,
        help: "what the file's records are, where they have a shape of their own: a mapping's file, or a built-in name")
    private static let again = Parameter.flag(
        "again", help: "import a file of orders once more, as the newest: what it says counts over all other files")
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
            A CSV file is the export of a shop, known by its header (`lifecycle mapping show` lists them), or has the \
            columns order_id, customer_id and ordered_at, or those that --columns names for them. --dry-run says what \
            would come of a file. The first import makes the log. A killed import goes on where it stood when the same \
            command is given again; a second import of the same file appends nothing. Ends with 2 if the file cannot \
            be read, with 3 if some lines were refused. With --brokers the log has to be there \
            (`lifecycle topics create`), and `lifecycle run` publishes what follows.
            """,
        sharing: LogLocation.declarations + ShopParameters.ofImports,
        parameters: file, policy, partitions, format, columns, amounts, decimalMark, dateOrder, dateFormat, statuses,
        encoding, mapping, dryRun, refused, again, more, finish, force, batch, skipped, Printing.json
    ) { settings, terminal throws(CommandFailure) in
        try check(settings)
        return try run(settings, terminal)
    }

    static let access = LogAccess.readWrite

    /// Reads the file before a log is made for it.
    private static func run(_ settings: Settings, _ terminal: Terminal) throws(CommandFailure) -> ExitCode {
        let location = try LogLocation(settings)
        guard case .directory(let data) = location, settings[file] != nil else {
            return try answer(at: location, settings, terminal)
        }
        guard DataDirectory.stands(in: data) else { return try begin(in: data, nil, settings, terminal) }
        let place = try DataDirectory(data, settings[dryRun] ? .readOnly : .readWrite)
        let count = try CommandFailure.translating { () throws(ProcessorError) in try place.partitionCount() }
        // A process that was killed while it made the log left the beginning of one.
        guard count == nil else { return try answer(from: place, settings, terminal) }
        return try begin(in: data, place, settings, terminal)
    }

    /// Imports a file into a log that it makes. `place` is where the log was begun to be made.
    private static func begin(
        in data: String, _ place: DataDirectory?, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        guard let path = settings[file] else { preconditionFailure("A log is made for a file.") }
        let first = try FirstPolicy(settings[policy])
        var router = try router(settings) { () throws(ProcessorError) in first.currency }
        let reading = try reading(
            settings, router, spillDirectory: DataDirectory.nearestDirectory(of: data),
            clock: { _ in Instant(milliseconds: SystemClock().nowMilliseconds()) }, terminal)
        let read = try reading.read(path)
        try reading.requireSomething(in: read)
        let (compiled, notes) = try first.inUse(for: read, reading)
        if let currency = compiled.policy?.currency, settings.origin(of: ShopParameters.currency) == nil {
            router.currency = currency
        }
        if settings[dryRun] {
            return try say(
                reading.trial(of: read, router, in: nil), read, compiled.policy?.currency ?? first.currency, notes,
                settings,
                terminal)
        }
        let opened = if let place { place } else { try DataDirectory(data, .readWrite) }
        let count = settings[partitions] ?? LogBootstrap.embeddedPartitionCount
        let bootstrap = try PolicyCommands.bootstrap(opened.names, compiled, partitionCount: count)
        try CommandFailure.translating { () throws(ProcessorError) in try opened.solo?.found(bootstrap) }
        return try bringIn(read, reading, to: opened, router, notes, settings, terminal)
    }

    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        guard place.solo != nil || settings[skipped].isEmpty else {
            throw CommandFailure(
                .usage, "--annulled does not go with --brokers: say it to `lifecycle run`, which folds the log")
        }
        try requireLog(place, settings)
        let view = try place.view()
        let router = try router(settings) { () throws(ProcessorError) in try view.policy().policy.currency }
        guard let path = settings[file] else {
            try ImportSession(
                place, router, batch: settings[batch], skipped: settings[skipped], terminal: terminal
            ).finishOnly(force: settings[force])
            terminal.answer(ImportReport(file: nil), asJSON: settings[Printing.json]) {
                terminal.write("The imported history is closed.")
                sayWhoPublishes(place, terminal)
            }
            return .done
        }
        let files = ImportedFiles(place.broker, place.names)
        let reading = try reading(
            settings, router, spillDirectory: place.spillDirectory,
            clock: { content throws(ProcessorError) in try files.clock(of: content, again: settings[again]) }, terminal)
        let read = try reading.read(path)
        guard !settings[dryRun] else {
            let policy = try CommandFailure.translating { () throws(ProcessorError) in try view.policy().policy }
            let log = try trialLog(of: place, read.file, router, settings, terminal)
            return try say(
                reading.trial(of: read, router, in: log), read, policy.currency, [], settings, terminal)
        }
        return try bringIn(read, reading, to: place, router, [], settings, terminal)
    }

    /// What the log would make of a file.
    private static func trialLog<B: Broker>(
        of place: LogPlace<B>, _ file: ImportFile, _ router: RouterSettings, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ImportReading.TrialLog {
        let view = try place.view()
        return try CommandFailure.translating { () throws(ProcessorError) in
            let files = ImportedFiles(place.broker, place.names)
            let plan = try files.plan(for: file, router, again: settings[again])
            let isPassedOver = plan.passesOver(file, leavesOpen: settings[more])
            let census =
                isPassedOver || plan.number == 0
                ? nil
                : try ImportSession<B>.census(
                    of: view, without: plan.number, isResumed: plan.isResumed, terminal)
            return ImportReading.TrialLog(plan: plan, isPassedOver: isPassedOver, census: census)
        }
    }

    private static func bringIn(
        _ read: consuming ReadFile, _ reading: ImportReading, to place: LogPlace<some Broker>, _ router: RouterSettings,
        _ notes: [String], _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        let view = try place.view()
        let policy = try CommandFailure.translating { () throws(ProcessorError) in try view.policy().policy.currency }
        let session = try ImportSession(
            place, router, batch: settings[batch], skipped: settings[skipped], terminal: terminal)
        let orders = read.orders(countingIn: policy, router.currency)
        // What the file took is given back before the log is folded.
        var report = try session.append(
            consume read, reading.refusals, leavesOpen: settings[more], again: settings[again])
        report.orders = orders
        report.notes = notes
        let code: ExitCode = report.rejectedCount > 0 ? .someInputRefused : .done
        try session.publish()
        // On a Kafka nobody has folded the file yet.
        if report.creditCount > 0, place.solo != nil {
            report.unmatchedCredits = try CommandFailure.translating { () throws(ProcessorError) in
                try view.unmatchedCredits()
            }
        }
        terminal.answer(report, asJSON: settings[Printing.json]) {
            ImportText(report, settings).print(to: terminal)
            sayWhoPublishes(place, terminal)
        }
        return code
    }

    /// Says what would come of a file.
    private static func say(
        _ report: ImportReport, _ read: ReadFile, _ currency: Currency, _ notes: [String], _ settings: Settings,
        _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        var report = report
        report.isTrial = true
        report.orders = read.orders(countingIn: currency, settings[ShopParameters.currency] ?? currency)
        report.notes = notes
        terminal.answer(report, asJSON: settings[Printing.json]) {
            ImportText(report, settings).print(to: terminal)
        }
        return report.rejectedCount > 0 ? .someInputRefused : .done
    }

    private static func router(
        _ settings: Settings, _ policyCurrency: () throws(ProcessorError) -> Currency
    ) throws(CommandFailure) -> RouterSettings {
        try CommandFailure.translating { () throws(ProcessorError) in
            try ShopParameters.routerSettings(settings, policyCurrency: policyCurrency)
        }
    }

    private static func reading(
        _ settings: Settings, _ router: RouterSettings, spillDirectory: String, clock: @escaping ImportReading.Clock,
        _ terminal: Terminal
    ) throws(CommandFailure) -> ImportReading {
        let mapping = try settings[mapping].map { name throws(CommandFailure) in try MappingFile.sound(name) }
        if let mapping, mapping.mapping != nil, let option = optionOfOrders(settings) {
            throw CommandFailure(.usage, "\(option) goes with a CSV of orders, not with a mapping of records")
        }
        var request = OrdersRequest()
        request.names = try CommandFailure.reading { () throws(ImportError) in try ColumnNames(settings[columns]) }
        request.export = settings[format].flatMap { $0 == "auto" ? nil : $0 } ?? mapping?.export?.name
        request.document = mapping?.export == nil ? nil : mapping.map { PolicyHash(of: $0.text).hex }
        request.amounts = settings[amounts]
        request.decimalMark = settings[decimalMark]
        request.dateOrder = settings[dateOrder]
        request.dateFormat = settings[dateFormat]
        for status in settings[statuses] {
            let word = OrderStatus.folded(status.word)
            guard request.statuses.updateValue(status.meaning, forKey: word) ?? status.meaning == status.meaning else {
                throw CommandFailure(.usage, "--status: \(Printable(status.word)) is given two meanings")
            }
        }
        return ImportReading(
            request: request, mapping: mapping, encoding: settings[encoding], router: router,
            spillDirectory: spillDirectory, refused: settings[refused], clock: clock, terminal: terminal)
    }

    /// Returns the option that is said and means only orders.
    private static func optionOfOrders(_ settings: Settings) -> String? {
        let said: [(String, Bool)] = [
            ("--format", settings[format] != nil), ("--columns", !settings[columns].isEmpty),
            ("--amount", settings[amounts] != nil), ("--decimal", settings[decimalMark] != nil),
            ("--date-order", settings[dateOrder] != nil), ("--date-format", settings[dateFormat] != nil),
            ("--status", !settings[statuses].isEmpty),
        ]
        return said.first { $0.1 }?.0
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
        guard settings[mapping] == nil || settings[format] == nil else {
            throw CommandFailure(.usage, "--mapping and --format exclude each other: both say what the file is")
        }
        guard !settings[dryRun] || !settings[finish] else {
            throw CommandFailure(.usage, "--dry-run goes with a FILE")
        }
        guard !settings[again] || !settings[finish] else { throw CommandFailure(.usage, "--again goes with a FILE") }
        guard !(settings[more] && settings[finish]) else {
            throw CommandFailure(.usage, "--more and --finish exclude each other")
        }
    }

    /// Checks that there is a log, and the settings that it cannot change.
    private static func requireLog(_ place: LogPlace<some Broker>, _ settings: Settings) throws(CommandFailure) {
        let known = try CommandFailure.translating { () throws(ProcessorError) in try place.partitionCount() }
        guard let known else {
            throw CommandFailure(
                .notOurLog,
                place.solo == nil
                    ? "there is no log on \(place.name) yet. `lifecycle topics create` makes one."
                    : "there is no log in \(place.name) whose history could be closed")
        }
        if let wanted = settings[partitions], wanted != known {
            throw CommandFailure(
                .usage, "--partitions \(wanted): \(place.name) has \(known), and that cannot change")
        }
        guard let name = settings[policy] else { return }
        let view = try place.view()
        let inForce = try CommandFailure.translating { () throws(ProcessorError) in try view.policy() }
        // A preset was founded in the currency of its orders.
        let wanted = try PolicyFile(name).compiled(in: inForce.policy.currency)
        guard inForce.compiled.hash == wanted.hash else {
            throw CommandFailure(
                .usage,
                "--policy \(wanted.fileName) is not the policy of \(place.name), which is \(inForce.policy.name) "
                    + "(\(inForce.compiled.hash.hex.prefix(12))). A log keeps its policy: leave out --policy, "
                    + "or import into a new log.")
        }
    }
}

extension Format<PartitionSkippedRecord> {
    static let skippedRecord = Self(
        "PARTITION:OFFSET", expected: "a partition and an offset, such as 2:4711 or 2:4711@3"
    ) {
        PartitionSkippedRecord($0)
    }
}
