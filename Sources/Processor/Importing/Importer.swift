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

    /// Far below what one transaction of an embedded log can hold, and soon sent to a Kafka.
    package static var byteCountMax: Int { 16 << 20 }

    /// Fences every other import into this log.
    package init(
        broker: B, names: Names, partitionCount: Int, settings: RouterSettings, rowCountMax: Int = 5_000,
        byteCountMax: Int = Importer.byteCountMax
    ) throws(ProcessorError) {
        self.broker = broker
        self.names = names
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
        _ source: inout some ImportSource, again: Bool = false, census: Census = { _, _ in nil },
        onRefused: @escaping OnRefused = { _, _ in }, onProgress: (_ done: Int) -> Void
    ) throws(ProcessorError) -> ImportResult {
        let file = source.file
        let plan = try plan(for: file, again: again)
        let run = Run(file: file, beginning: plan.beginning, onRefused: onRefused)
        var result = ImportResult(rowCount: file.rowCount)
        result.number = plan.beginning.number
        result.changedSettings = plan.changedSettings
        let underway = try underway()
        highest = max(highestNumber(underway), plan.beginning.number)
        if plan.beginning.number > 0 { result.laterCount = highest - plan.beginning.number }
        // One that was only not finished may have been killed behind its last row.
        result.isPassedOver =
            plan.done == file.rowCount && plan.done > 0 && (plan.isFinished || result.laterCount > 0)
        closedAt = underway?.state.closedAt
        let isCounted = plan.beginning.number > 0 && !result.isPassedOver
        let comparison = isCounted ? try census(plan.beginning.number, plan.done > 0) : nil
        var oldest = Instant.never
        if let comparison {
            writer.onEvent = { subject, event in
                event.statement = run.statement
                comparison.take(&event, of: subject)
            }
        } else if closedAt != nil, !result.isPassedOver {
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
        comparison?.finish()
        result.orders = comparison?.changes
        oldest = min(oldest, comparison?.oldestChange ?? .never)
        result.followsClosedHistory = closedAt.map { oldest < $0 } ?? false
        return result
    }

    /// The file that stands half imported, if one does.
    package func unfinished() throws(ProcessorError) -> String? {
        try underway()?.state.name
    }

    private func underway() throws(ProcessorError) -> (state: ImportUnderway, highest: UInt32)? {
        guard let offset = try committed(names.imports), let state = ImportUnderway(offset.metadata) else { return nil }
        return (state, UInt32(clamping: offset.next.value))
    }

    /// Says in every partition, in one transaction, that the imported history is complete.
    ///
    /// Who was behind then meets what fell due since, as backfill, and is free. Does nothing for a file that was
    /// finished. Where events come in live, time has come as far as ticks are, no further: 30 s before the watermark.
    package func finish(_ file: ImportFile?) throws(ProcessorError) -> Bool {
        let progress = if let file { try progress(of: file) } else { ImportProgress?.none }
        if progress?.isFinished == true { return false }
        var beginning = progress?.beginning
        if let file, beginning == nil { beginning = .init(clock: try now(), settings: .init(settings, of: file)) }
        highest = highestNumber(try underway())
        let instant = try caughtUpInstant()
        let closed = if let instant { instant } else { try now() }
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

        init(file: ImportFile, beginning: ImportProgress.Beginning, onRefused: @escaping OnRefused) {
            self.file = file
            self.beginning = beginning
            self.onRefused = onRefused
            topic = Array("import:\(file.hash)".utf8)
            // A date from the future would stand for what is still to come.
            statement =
                file.orders.map { orders in
                    Statement(
                        number: beginning.number, newest: min(orders.newest, beginning.clock), covers: orders.covers)
                } ?? .none
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

    /// Where an import of a file begins, and what judges its rows.
    private struct Plan {
        var beginning: ImportProgress.Beginning
        var done = 0
        /// Nothing is left to be done.
        var isFinished = false
        var changedSettings: [String] = []
    }

    /// Goes on with what is half done, under the clock and the settings of the first run that did any; throws where the
    /// settings are others now. What was done is passed over, unless it is a file of orders and counts anew.
    private func plan(for file: ImportFile, again: Bool) throws(ProcessorError) -> Plan {
        let settings = ImportSettings(settings, of: file)
        guard let progress = try progress(of: file) else { return try newPlan(for: file, settings) }
        let isDone = progress.done == progress.total
        guard let earlier = progress.beginning else {
            if isDone, again { return try newPlan(for: file, settings) }
            try require(progress, fits: file)
            return try Plan(
                beginning: .init(clock: now(), settings: settings), done: progress.done,
                isFinished: progress.isFinished)
        }
        guard isDone, file.orders != nil else {
            if isDone, again {
                throw ProcessorError(
                    .usage, "--again: the events of \(file.name) are in the log, and are the same a second time.")
            }
            try refuse(settings.differences(from: earlier.settings), in: file, isDone: isDone)
            try require(progress, fits: file)
            return Plan(beginning: earlier, done: progress.done, isFinished: progress.isFinished)
        }
        try refuse(settings.differencesOfIDs(from: earlier.settings), in: file, isDone: true)
        let changed = settings.differencesInWords(from: earlier.settings)
        guard again || !changed.isEmpty else {
            try require(progress, fits: file)
            return Plan(beginning: earlier, done: progress.done, isFinished: progress.isFinished)
        }
        var plan = try newPlan(for: file, settings)
        plan.changedSettings = changed.map(\.description)
        return plan
    }

    private func newPlan(for file: ImportFile, _ settings: ImportSettings) throws(ProcessorError) -> Plan {
        let number = file.orders == nil ? 0 : highestNumber(try underway()) + 1
        return try Plan(beginning: .init(clock: now(), settings: settings, number: number))
    }

    private func refuse(
        _ differences: [ImportSettings.Difference], in file: ImportFile, isDone: Bool
    ) throws(ProcessorError) {
        guard !differences.isEmpty else { return }
        throw ProcessorError(
            .usage,
            "\(file.name) \(isDone ? "was" : "stands half") imported under other settings: "
                + differences.map(\.description).joined(separator: "; ")
                + ". Say the same as then, or import it into a new log.")
    }

    private func require(_ progress: ImportProgress, fits file: ImportFile) throws(ProcessorError) {
        guard progress.done <= file.rowCount else {
            throw ProcessorError(
                .usage, "\(progress.done) rows of \(file.name) are in the log, but the file has \(file.rowCount).")
        }
    }

    private func now() throws(ProcessorError) -> Instant {
        Instant(
            milliseconds: try ProcessorError.translating { () throws(BrokerError) in try broker.now() })
    }

    private func highestNumber(_ underway: (state: ImportUnderway, highest: UInt32)?) -> UInt32 {
        underway?.highest ?? 0
    }

    /// Returns how far the file's import is; nil where none of its rows is done.
    private func progress(of file: ImportFile) throws(ProcessorError) -> ImportProgress? {
        if let progress = try progress(of: names.importGroup(file: file.content)) { return progress }
        // Where an earlier version kept it, which knew no other name of a file.
        return try progress(of: names.importGroup(file: file.hash))
    }

    private func progress(of group: Group) throws(ProcessorError) -> ImportProgress? {
        guard let offset = try committed(group) else { return nil }
        guard let progress = ImportProgress(offset.metadata) else {
            throw ProcessorError(
                .otherFoldVersion,
                "How far the file's import is, `\(offset.metadata)`, was written by another version of lifecycle: "
                    + "import it with that one.")
        }
        return progress
    }

    private func committed(_ group: Group) throws(ProcessorError) -> CommittedOffset? {
        try ProcessorError.translating { () throws(BrokerError) in try broker.committed(by: group, on: names.log(0)) }
    }
}
