package import Brokers
import CustomerLifecycle
package import Wire

/// Brings a file's rows into the log: each through the Router's code, in transactions that also commit how many rows
/// are done, so that a killed import goes on where it stood and a second one appends nothing.
package final class Importer<B: Broker> {
    /// Is told a row that was refused, and its text as it stands in the file.
    package typealias OnRefused = (ImportResult.Refusal, _ row: UnsafeRawBufferPointer) throws(ProcessorError) -> Void

    private let broker: B
    private let names: Names
    private let partitionCount: Int
    private let files: ImportedFiles<B>
    private let producer: B.Producer
    private let settings: RouterSettings
    private let writer: LogWriter<B.Producer>
    /// Rows in one transaction, at most.
    private let rowCountMax: Int
    /// A transaction ends behind the row with which its rows, as events in JSON, have so many bytes together.
    private let byteCountMax: Int
    /// The highest number that an import has.
    private var highest: UInt32 = 0
    /// Up to when the history was last said to be complete.
    private var closedAt: Instant?
    /// Whether the row under way says only that an order does not count.
    private var isWithdrawal = false

    /// Far below what one transaction of an embedded log can hold, and soon sent to a Kafka.
    package static var byteCountMax: Int { 16 << 20 }

    /// Fences every other import into this log.
    package init(
        broker: B, names: Names, partitionCount: Int, settings: RouterSettings, rowCountMax: Int = 5_000,
        byteCountMax: Int = Importer.byteCountMax
    ) throws(ProcessorError) {
        self.broker = broker
        self.names = names
        files = ImportedFiles(broker, names)
        self.partitionCount = partitionCount
        self.settings = settings
        self.rowCountMax = rowCountMax
        self.byteCountMax = byteCountMax
        producer = try ProcessorError.translating { () throws(BrokerError) in
            try broker.producer(transactionalID: "\(names.prefix)lifecycle-import")
        }
        writer = LogWriter(names: names, partitionCount: partitionCount, settings: settings)
    }

    /// What the log knew before an import of that number, to compare its orders with; nil where nobody asks.
    /// `isResumed`: some of the import's rows are in the log already.
    package typealias Census = (_ number: UInt32, _ isResumed: Bool) throws(ProcessorError) -> OrderCensus?

    /// Appends what is left of the file, and checks again what earlier runs have done: so what is refused is the same
    /// however often an import was killed. A file of orders that was imported before is imported anew where `again`
    /// says so, or where something else was said of it. `onProgress` is told how many rows were checked or are done.
    package func run(
        _ source: inout some ImportSource, again: Bool = false, leavesOpen: Bool = false,
        census: Census = { _, _ in nil }, onRefused: @escaping OnRefused = { _, _ in },
        onProgress: (_ done: Int) -> Void
    ) throws(ProcessorError) -> ImportResult {
        let file = source.file
        let plan = try files.plan(for: file, settings, again: again)
        let run = Run(file: file, plan, onRefused: onRefused)
        var result = ImportResult(rowCount: file.rowCount)
        let isPassedOver = plan.passesOver(file, leavesOpen: leavesOpen)
        result.take(plan, isPassedOver: isPassedOver)
        let underway = try files.underway()
        highest = max(underway?.highest ?? 0, plan.number)
        closedAt = underway?.state.closedAt
        let comparison = plan.number > 0 && !isPassedOver ? try census(plan.number, plan.isResumed) : nil
        var oldest = Instant.never
        if let comparison {
            writer.onEvent = { [self] subject, event in
                event.statement = run.statement
                comparison.take(&event, of: subject, isWithdrawal: isWithdrawal)
            }
        } else if closedAt != nil, !isPassedOver {
            writer.onEvent = { oldest = min(oldest, $1.claimed) }
        }
        defer { writer.onEvent = nil }
        for row in 0..<plan.done {
            try take(row, of: &source, run, isDone: true, into: &result)
            if (row + 1) % rowCountMax == 0 { onProgress(row + 1) }
        }
        writer.turnCommitted()
        var row = plan.done
        while row < file.rowCount {
            row = try append(&source, from: row, run, into: &result)
            onProgress(row)
        }
        result.unreadable = writer.unreadable
        result.unknownEvents = writer.unknownEvents
        result.creditCount = writer.creditCount
        if let comparison { result.take(comparison) }
        oldest = min(oldest, comparison?.oldestChange ?? .never)
        result.followsClosedHistory = closedAt.map { oldest < $0 } ?? false
        return result
    }

    /// The file that stands half imported, if one does.
    package func unfinished() throws(ProcessorError) -> String? {
        try files.underway()?.state.name
    }

    /// Says in every partition, in one transaction, that the imported history is complete.
    ///
    /// Who was behind then meets what fell due since, as backfill, and is free. Does nothing for a file that was
    /// finished. Where events come in live, time has come as far as ticks are, no further: 30 s before the watermark.
    package func finish(_ file: ImportFile?) throws(ProcessorError) -> Bool {
        let progress = if let file { try files.progress(of: file) } else { ImportProgress?.none }
        if progress?.isFinished == true { return false }
        var beginning = progress?.beginning
        if let file, beginning == nil { beginning = .init(clock: try files.now(), settings: .init(settings, of: file)) }
        highest = try files.underway()?.highest ?? 0
        let instant = try caughtUpInstant()
        let closed = if let instant { instant } else { try files.now() }
        var value = ByteWriter()
        value.append(instant.map { LogHeader(own: .caughtUp, claimed: $0) } ?? LogHeader(own: .caughtUp), .caughtUp)
        try transaction { () throws(ProcessorError) in
            try ProcessorError.translating { () throws(BrokerError) in
                for partition in 0..<partitionCount { try producer.produce(value, to: names.log(partition)) }
            }
            if let file {
                try commit(
                    ImportProgress(
                        done: file.rowCount, total: file.rowCount, isFinished: true, beginning: beginning), of: file)
            }
            try commit(ImportUnderway(closedAt: closed))
        }
        return true
    }

    /// Returns up to when the history is complete; nil for the append time, where no event comes in live.
    private func caughtUpInstant() throws(ProcessorError) -> Instant? {
        let watermark = InputWatermark(broker: broker, names: names)
        if let partition = try watermark.unreadBackfill() {
            throw ProcessorError(
                .usage,
                "\(partition) brings history, and `lifecycle run` has not read it to its end: "
                    + "say `lifecycle import --finish` once it has.")
        }
        switch try watermark.read() {
        case .at(_, limitedBy: nil): return nil
        case .at(let reached, _): return reached - Ticks.lag
        case .heldBack(let partition):
            throw ProcessorError(
                .usage,
                "\(partition) was never read to its end, so nobody knows how far time has come: start `lifecycle run`, "
                    + "and say `lifecycle import --finish` then.")
        }
    }

    // MARK: Rows

    /// What all rows of a run have in common.
    private struct Run {
        let file: ImportFile
        let beginning: ImportProgress.Beginning
        let onRefused: OnRefused
        /// The origin of the file's records in the log.
        let topic: [UInt8]
        let statement: Statement

        init(file: ImportFile, _ plan: ImportPlan, onRefused: @escaping OnRefused) {
            self.file = file
            beginning = plan.beginning
            self.onRefused = onRefused
            topic = Array("import:\(file.hash)".utf8)
            statement = plan.statement(of: file)
        }
    }

    /// Appends the next rows in one transaction. Returns the row to go on with.
    private func append(
        _ source: inout some ImportSource, from start: Int, _ run: Run, into result: inout ImportResult
    ) throws(ProcessorError) -> Int {
        let total = run.file.rowCount
        var (row, byteCount) = (start, 0)
        try transaction { () throws(ProcessorError) in
            while row < min(start + rowCountMax, total), byteCount < byteCountMax {
                byteCount += try take(row, of: &source, run, isDone: false, into: &result)
                row += 1
            }
            try commit(
                ImportProgress(done: row, total: total, isFinished: false, beginning: run.beginning), of: run.file)
            try commit(ImportUnderway(name: row == total ? nil : run.file.name, closedAt: closedAt))
        }
        return row
    }

    /// Appends a row, or only checks one that is done, and counts what became of it. Returns how many bytes it has.
    @discardableResult
    private func take(
        _ index: Int, of source: inout some ImportSource, _ run: Run, isDone: Bool, into result: inout ImportResult
    ) throws(ProcessorError) -> Int {
        let taken: Result<Int, ProcessorError> = try source.withRow(index) { row in
            Result { () throws(ProcessorError) in
                // No earlier file has the order.
                guard !row.isWithdrawal || run.statement.number > 1 else {
                    result.rowCount -= 1
                    return 0
                }
                isWithdrawal = row.isWithdrawal
                let outcome = try isDone ? check(row, run) : append(row, run)
                switch outcome {
                case .success where isDone: result.alreadyDone += 1
                case .success(let recordCount): result.appendedCount += recordCount
                case .failure(let rejection):
                    let refusal = ImportResult.Refusal(line: row.line, rejection: rejection)
                    result.refuse(refusal)
                    try run.onRefused(refusal, row.original)
                }
                return row.byteCount
            }
        }
        return try taken.get()
    }

    private func check(_ row: ImportRow, _ run: Run) -> Result<Int, Rejection> {
        if let rejection = tooLarge(row) ?? writer.rejection(of: input(row, run)) { return .failure(rejection) }
        return .success(0)
    }

    private func append(_ row: ImportRow, _ run: Run) throws(ProcessorError) -> Result<Int, Rejection> {
        if let rejection = tooLarge(row) { return .failure(rejection) }
        let appended: Result<Result<Int, Rejection>, BrokerError> = run.topic.withUnsafeBytes { topic in
            let origin = LogOrigin(topic: topic, partition: 0, offset: Int64(row.line))
            return Result { () throws(BrokerError) in
                try writer.append(input(row, run), from: origin, to: producer)
            }
        }
        return try ProcessorError.translating { () throws(BrokerError) in try appended.get() }
    }

    private func tooLarge(_ row: ImportRow) -> Rejection? {
        guard row.byteCount > settings.inputByteCountMax else { return nil }
        return .tooLarge(byteCount: row.byteCount, byteCountMax: settings.inputByteCountMax)
    }

    private func input(_ row: ImportRow, _ run: Run) -> RouterInput {
        RouterInput(
            value: row.json, kafkaTime: nil, clock: run.beginning.clock, mode: .backfill, statement: run.statement,
            isOfOperator: settings.isOfOperator)
    }

    // MARK: Transactions

    private func transaction(_ body: () throws(ProcessorError) -> Void) throws(ProcessorError) {
        let advice = "Run the same command again: it goes on where the log stands."
        let outcome: CommitOutcome
        do throws(ProcessorError) { outcome = try producer.transaction(body) } catch {
            writer.turnLost()
            guard error.cause == .brokerUnreachable else { throw error }
            throw ProcessorError(error.cause, "\(error.description) \(advice)")
        }
        guard outcome == .committed else {
            writer.turnLost()
            throw ProcessorError(
                .brokerUnreachable, "The import's transaction was not committed, or nobody knows. \(advice)")
        }
        writer.turnCommitted()
    }

    // MARK: Progress

    private func commit(_ progress: ImportProgress, of file: ImportFile) throws(ProcessorError) {
        let offset = CommittedOffset(next: NextOffset(Int64(progress.done)), metadata: "\(progress)")
        try commit(offset, for: names.importGroup(file: file.content))
    }

    private func commit(_ underway: ImportUnderway) throws(ProcessorError) {
        try commit(
            CommittedOffset(next: NextOffset(Int64(highest)), metadata: "\(underway)"), for: names.imports)
    }

    private func commit(_ offset: CommittedOffset, for group: Group) throws(ProcessorError) {
        try ProcessorError.translating { () throws(BrokerError) in
            try producer.commit(offset, of: names.log(0), for: group, as: nil)
        }
    }
}
