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

/// A run of `import`: reads the file, appends what is new, closes the history, and publishes what follows.
struct ImportSession<B: Broker> {
    private let place: LogPlace<B>
    private let partitionCount: Int
    private let importer: Importer<B>
    private let settings: RouterSettings
    private let skipped: [PartitionSkippedRecord]
    private let terminal: Terminal

    init(
        _ place: LogPlace<B>, _ settings: RouterSettings, batch: Int, skipped: [PartitionSkippedRecord],
        terminal: Terminal
    ) throws(CommandFailure) {
        self.place = place
        self.settings = settings
        self.skipped = skipped
        self.terminal = terminal
        let view = try place.view()
        partitionCount = view.partitionCount
        importer = try CommandFailure.translating { () throws(ProcessorError) in
            try skipped.check(partitionCount: view.partitionCount, of: place.names)
            return try Importer(
                broker: place.broker, names: place.names, partitionCount: view.partitionCount, settings: settings,
                rowCountMax: batch)
        }
    }

    func run(
        _ path: String, columns: [String], mapping: CompiledMapping?, leavesOpen: Bool
    ) throws(CommandFailure) -> ImportReport {
        let text = try CommandFailure.reading { () throws(ImportError) in
            let reading = LongWork("reading", unit: "bytes", total: nil, terminal: terminal)
            defer { reading.end() }
            return try FileText(path: path) { done, _ in reading.advance(to: done) }
        }
        if let mapping, let known = mapping.mapping {
            var source = try CommandFailure.reading { () throws(ImportError) in
                try MappedSource(text, known, identity: PolicyHash(of: mapping.text).hex, settings)
            }
            var report = try run(&source, text, leavesOpen: leavesOpen)
            report.reject(source.refused)
            report.passedOver = source.passedOverCount
            return report
        }
        switch ImportKind(text) {
        case .csv:
            var source = try CommandFailure.reading { () throws(ImportError) in
                try CSVSource(text, names: try ColumnNames(columns), zone: settings.zone)
            }
            var report = try run(&source, text, leavesOpen: leavesOpen)
            report.reject(source.refused)
            return report
        case .ndjson:
            var source = try CommandFailure.reading { () throws(ImportError) in
                try NDJSONSource(text, zone: settings.zone)
            }
            return try run(&source, text, leavesOpen: leavesOpen)
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

    private func run(
        _ source: inout some ImportSource, _ text: FileText, leavesOpen: Bool
    ) throws(CommandFailure) -> ImportReport {
        let work = LongWork("importing", unit: "rows", total: source.file.rowCount, terminal: terminal)
        defer { work.end() }
        let result = try CommandFailure.translating { () throws(ProcessorError) in
            try importer.run(&source) { work.advance(to: $0) }
        }
        guard try CommandFailure.reading({ () throws(ImportError) in try text.isUnchanged() }) else {
            throw CommandFailure(
                .usage, "\(text.name) was changed while it was read; import it again when it is complete")
        }
        let file = source.file
        if !leavesOpen {
            _ = try CommandFailure.translating { () throws(ProcessorError) in try importer.finish(file) }
        }
        work.end()
        try publish()
        return ImportReport(file, result)
    }

    /// Publishes the outputs of every partition up to its end, then takes checkpoints so that the next question is
    /// answered at once. It does nothing for a log on Kafka, which `lifecycle run` works on.
    private func publish() throws(CommandFailure) {
        guard let solo = place.solo else { return }
        try CommandFailure.translating { () throws(ProcessorError) in
            let recovery = Recovery(
                broker: place.broker, names: place.names, cache: place.cache,
                checkpoints: place.checkpoints, skipped: skipped, marks: try Self.trapMarks(solo))
            let total = try LogView(
                broker: place.broker, names: place.names, cache: place.cache,
                checkpoints: place.checkpoints
            ).recordCount()
            let work = LongWork("publishing", unit: "records", total: total, terminal: terminal)
            defer { work.end() }
            let projector = try projector(recovery.oneAfterTheOther(onNote: tell) { work.advance(by: $0) })
            var foldedCount = 0
            var moved: Set<Int> = []
            try projector.run { partition, _ in
                moved.insert(partition)
                work.advance(by: projector.foldedCount - foldedCount)
                foldedCount = projector.foldedCount
            }
            for fold in projector.folds where moved.contains(fold.index) { keep(fold) }
        }
    }

    private static func trapMarks(_ solo: LogPlace<B>.Solo) throws(ProcessorError) -> TrapMarks {
        try ProcessorError.translating { () throws(StorageError) in try TrapMarks(path: solo.trapMarksPath) }
    }

    private func projector(
        _ recover: @escaping Projector<B>.Recover
    ) throws(ProcessorError) -> Projector<B> {
        try ProcessorError.translating { () throws(BrokerError) in
            let names = place.names
            return Projector(
                broker: place.broker, names: names,
                producer: try place.broker.producer(transactionalID: "\(names.prefix)lifecycle-projector"),
                member: try place.broker.join(names.projector, reading: [names.log]), recover: recover)
        }
    }

    /// Warns of a checkpoint that was set aside. It stops nothing.
    private func tell(_ note: Recovery<B, FileDisk>.Note) {
        guard case .unusable(let checkpoint, let reason) = note else { return }
        terminal.errors.write("lifecycle: checkpoint \(checkpoint) is set aside: \(reason)\n")
    }

    private func keep(_ fold: LogFold) {
        do throws(StorageError) {
            try place.checkpoints.write(fold)
        } catch {
            // Checkpoints are a cache: without this one the next question only folds more.
            terminal.errors.write("lifecycle: no checkpoint was written: \(error.description)\n")
        }
    }
}

extension ImportReport {
    fileprivate init(_ file: ImportFile, _ result: ImportResult) {
        self.init(
            file: file.name, rows: result.rowCount, appended: result.appendedCount, alreadyThere: result.alreadyDone)
        unreadable = result.unreadable
        // Rows are read by customer and time, but a person looks them up by line.
        for refusal in result.refused.sorted(by: { $0.line < $1.line }) {
            reject(
                RejectedLine(
                    line: refusal.line, field: refusal.rejection.reason.rawValue, expected: "",
                    found: refusal.rejection.sentence))
        }
        rejectedCount = result.refusedCount
    }

    /// Adds the lines that could not be read as rows.
    fileprivate mutating func reject(_ lines: RefusedLines) {
        for line in lines.first {
            reject(RejectedLine(line: line.line, field: line.field ?? "", expected: line.expected, found: line.found))
        }
        rejectedCount += lines.count - lines.first.count
    }
}

extension CommandFailure {
    /// Turns the error of a file that cannot be read into a failure that the user can mend.
    static func reading<Result: ~Copyable>(
        _ body: () throws(ImportError) -> Result
    ) throws(CommandFailure) -> Result {
        do throws(ImportError) { return try body() } catch { throw CommandFailure(.usage, error.description) }
    }
}
