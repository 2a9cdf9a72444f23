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

/// A run of `import`: appends what is new of a file that was read, closes the history, and publishes what follows.
struct ImportSession<B: Broker> {
    private let place: LogPlace<B>
    private let view: LogView<B, FileDisk>
    private let importer: Importer<B>
    private let skipped: [PartitionSkippedRecord]
    private let terminal: Terminal

    init(
        _ place: LogPlace<B>, _ settings: RouterSettings, batch: Int, skipped: [PartitionSkippedRecord],
        terminal: Terminal
    ) throws(CommandFailure) {
        self.place = place
        self.skipped = skipped
        self.terminal = terminal
        let view = try place.view()
        self.view = view
        importer = try CommandFailure.translating { () throws(ProcessorError) in
            try skipped.check(partitionCount: view.partitionCount, of: place.names)
            return try Importer(
                broker: place.broker, names: place.names, partitionCount: view.partitionCount, settings: settings,
                rowCountMax: batch)
        }
    }

    /// Appends what is new of a file, and closes the history unless another file follows.
    func append(
        _ read: ReadFile, _ refusals: RefusedFile?, leavesOpen: Bool, again: Bool
    ) throws(CommandFailure) -> ImportReport {
        switch read {
        case .orders(var source):
            var report = try append(&source, refusals, leavesOpen, again)
            report.reject(source.refused)
            return report
        case .events(var source): return try append(&source, refusals, leavesOpen, again)
        case .mapped(var source):
            var report = try append(&source, refusals, leavesOpen, again)
            report.reject(source.refused)
            report.passedOver = source.passedOverCount
            return report
        }
    }

    /// Closes the imported history without reading a file, after a crash or after input topics were read.
    func finishOnly(force: Bool) throws(CommandFailure) {
        try CommandFailure.translating { () throws(ProcessorError) in
            if !force, let name = try importer.unfinished() {
                throw ProcessorError(
                    .usage,
                    "\(name) stands half imported. Import it again to go on where it stood, "
                        + "or say --force to leave it so."
                )
            }
            _ = try importer.finish(nil)
        }
        try publish()
    }

    private func append(
        _ source: inout some ImportSource, _ refusals: RefusedFile?, _ leavesOpen: Bool, _ again: Bool
    ) throws(CommandFailure) -> ImportReport {
        let work = LongWork("importing", unit: "rows", total: source.file.rowCount, terminal: terminal)
        defer { work.end() }
        let onRefused: Importer<B>.OnRefused = { refusal, row in
            try refusals?.append(ImportReport.RejectedLine(refusal), row: row)
        }
        let result = try CommandFailure.translating { () throws(ProcessorError) in
            try importer.run(
                &source, again: again, leavesOpen: leavesOpen,
                census: { number, isResumed throws(ProcessorError) in
                    try Self.census(of: view, without: number, isResumed: isResumed, terminal)
                },
                onRefused: onRefused
            ) { work.advance(to: $0) }
        }
        try CommandFailure.reading { () throws(ImportError) in try refusals?.write() }
        let file = source.file
        if !leavesOpen {
            _ = try CommandFailure.translating { () throws(ProcessorError) in try importer.finish(file) }
        }
        return ImportReport(file, result)
    }

    /// What the log knows of orders without the import of that number, of which some rows may be there.
    static func census(
        of view: LogView<B, FileDisk>, without number: UInt32, isResumed: Bool, _ terminal: Terminal
    ) throws(ProcessorError) -> OrderCensus {
        let count = try view.recordCount()
        // Each partition begins with a record of ours.
        guard count > view.partitionCount else { return OrderCensus(of: nil) }
        let work = LongWork("comparing", unit: "records", total: count, terminal: terminal)
        defer { work.end() }
        let known =
            isResumed
            ? try view.current(without: number) { work.advance(by: $0) } : try view.current { work.advance(by: $0) }
        return OrderCensus(of: known)
    }

    func publish() throws(CommandFailure) {
        try LogPublisher(place, skipped: skipped, terminal: terminal).publish()
    }
}

extension RefusedFile {
    func append(
        _ line: ImportReport.RejectedLine, row: UnsafeRawBufferPointer
    ) throws(ProcessorError) {
        do throws(ImportError) {
            try append(line: line.line, column: line.field, found: line.found, expected: line.expected, row: row)
        } catch {
            throw ProcessorError(error)
        }
    }
}

extension ImportReport.RejectedLine {
    /// A row that could be read, and is no event for the log.
    init(_ refusal: ImportResult.Refusal) {
        self.init(
            line: refusal.line, field: refusal.rejection.reason.rawValue, expected: "",
            found: refusal.rejection.sentence)
    }
}

extension ImportReport {
    init(_ file: ImportFile, _ result: ImportResult) {
        self.init(
            file: file.name, rows: result.rowCount, appended: result.appendedCount, alreadyThere: result.alreadyDone)
        unreadable = result.unreadable
        // A file of orders has no products: a refund of unknown amount is one of a product without a price.
        if file.orders != nil { unreadable[EventField.productPrice.description] = nil }
        followsClosedHistory = result.followsClosedHistory
        unknownEvents = result.unknownEvents
        creditCount = result.creditCount
        number = Int(result.number)
        isImportedBefore = result.isPassedOver
        laterImports = Int(result.laterCount)
        changedSettings = result.changedSettings
        changes = result.orders
        logWasEmpty = result.logWasEmpty
        for refusal in result.refused { reject(RejectedLine(refusal)) }
        rejectedCount = result.refusedCount
    }

    /// Adds the lines that could not be read as rows.
    mutating func reject(_ lines: RefusedLines) {
        for line in lines.first {
            reject(RejectedLine(line: line.line, field: line.field ?? "", expected: line.expected, found: line.found))
        }
        rejectedCount += lines.count - lines.first.count
    }
}

extension ProcessorError {
    /// A file that cannot be read is for the user to mend, unless this machine is in the way.
    fileprivate init(_ error: ImportError) {
        if case .log(let error) = error {
            self = error
            return
        }
        self.init(error.local.map { .local($0) } ?? .usage, error.description)
    }
}

extension CommandFailure {
    /// Turns the error of a file that cannot be read into a failure.
    static func reading<Result: ~Copyable>(
        _ body: () throws(ImportError) -> Result
    ) throws(CommandFailure) -> Result {
        do throws(ImportError) { return try body() } catch { throw CommandFailure(ProcessorError(error)) }
    }
}
