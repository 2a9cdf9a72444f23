package import Brokers
import CustomerLifecycle
package import Wire

/// Brings a file's rows into the log: each through the Router's code, in transactions that also commit how many rows
/// are done, so that a killed import goes on where it stood and a second one appends nothing.
package final class Importer<B: Broker> {
    private let broker: B
    private let names: Names
    private let partitionCount: Int
    private let producer: B.Producer
    private let writer: LogWriter<B.Producer>
    /// Rows in one transaction, at most.
    private let rowCountMax: Int
    /// A transaction ends behind the row with which its rows, as events in JSON, have so many bytes together.
    private let byteCountMax: Int

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
        self.rowCountMax = rowCountMax
        self.byteCountMax = byteCountMax
        producer = try ProcessorError.translating { () throws(BrokerError) in
            try broker.producer(transactionalID: "\(names.prefix)lifecycle-import")
        }
        writer = LogWriter(names: names, partitionCount: partitionCount, settings: settings)
    }

    /// Appends what is left of the file. `onProgress` is told the rows done after each transaction.
    package func run(
        _ source: inout some ImportSource, onProgress: (_ done: Int) -> Void
    ) throws(ProcessorError) -> ImportResult {
        let group = names.importGroup(file: source.file.hash)
        var done = try progress(of: group)?.done ?? 0
        guard done <= source.file.rowCount else {
            throw ProcessorError(
                .usage, "\(done) rows of \(source.file.name) are in the log, but the file has \(source.file.rowCount).")
        }
        var result = ImportResult(rowCount: source.file.rowCount, alreadyDone: done)
        while done < source.file.rowCount {
            done = try append(&source, from: done, into: &result)
            onProgress(done)
        }
        result.unreadable = writer.unreadable
        return result
    }

    /// The file that stands half imported, if one does.
    package func unfinished() throws(ProcessorError) -> String? {
        try committed(names.imports).flatMap { ImportUnderway($0.metadata)?.name }
    }

    /// Says in every partition, in one transaction, that the imported history is complete.
    ///
    /// Who was behind then meets what fell due since, as backfill, and is free. Does nothing for a file that was
    /// finished. Where events come in live, time has come as far as ticks are, no further: 30 s before the watermark.
    package func finish(_ file: ImportFile?) throws(ProcessorError) -> Bool {
        if let file, try progress(of: names.importGroup(file: file.hash))?.isFinished == true { return false }
        let instant = try caughtUpInstant()
        var value = ByteWriter()
        value.append(instant.map { LogHeader(own: .caughtUp, claimed: $0) } ?? LogHeader(own: .caughtUp), .caughtUp)
        try transaction { () throws(BrokerError) in
            for partition in 0..<partitionCount { try producer.produce(value, to: names.log(partition)) }
            if let file {
                let progress = ImportProgress(done: file.rowCount, total: file.rowCount, isFinished: true)
                try commit(progress, for: names.importGroup(file: file.hash))
            }
            try commit(.none)
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

    /// Appends the next rows in one transaction. Returns the row to go on with.
    private func append(
        _ source: inout some ImportSource, from start: Int, into result: inout ImportResult
    ) throws(ProcessorError) -> Int {
        let clock = try ProcessorError.translating { () throws(BrokerError) in
            Instant(milliseconds: try broker.now())
        }
        let topic = Array("import:\(source.file.hash)".utf8)
        let (name, hash) = (source.file.name, source.file.hash)
        let total = source.file.rowCount
        var (row, byteCount) = (start, 0)
        try transaction { () throws(BrokerError) in
            while row < min(start + rowCountMax, total), byteCount < byteCountMax {
                let line = try append(&source, row, topic: topic, clock: clock)
                row += 1
                byteCount += line.byteCount
                switch line.outcome {
                case .success(let count): result.appendedCount += count
                case .failure(let rejection): result.refuse(line.number, rejection)
                }
            }
            try commit(
                ImportProgress(done: row, total: total, isFinished: false), for: names.importGroup(file: hash))
            try commit(row == total ? .none : ImportUnderway(name: name))
        }
        return row
    }

    private struct Line {
        let number: Int
        let byteCount: Int
        let outcome: Result<Int, Rejection>
    }

    private func append(
        _ source: inout some ImportSource, _ row: Int, topic: [UInt8], clock: Instant
    ) throws(BrokerError) -> Line {
        let appended: Result<Line, BrokerError> = source.withRow(row) { line, json in
            topic.withUnsafeBytes { topic in
                let input = RouterInput(value: json, kafkaTime: nil, clock: clock, mode: .backfill)
                let origin = LogOrigin(topic: topic, partition: 0, offset: Int64(line))
                do throws(BrokerError) {
                    let outcome = try writer.append(input, from: origin, to: producer)
                    return .success(Line(number: line, byteCount: json.count, outcome: outcome))
                } catch {
                    return .failure(error)
                }
            }
        }
        return try appended.get()
    }

    // MARK: Transactions

    private func transaction(_ body: () throws(BrokerError) -> Void) throws(ProcessorError) {
        let advice = "Run the same command again: it goes on where the log stands."
        let outcome: CommitOutcome
        do throws(BrokerError) { outcome = try ended(body) } catch {
            writer.turnLost()
            let error = ProcessorError(error)
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

    private func ended(_ body: () throws(BrokerError) -> Void) throws(BrokerError) -> CommitOutcome {
        try producer.begin()
        do throws(BrokerError) {
            try body()
            return try producer.end()
        } catch {
            // What came first says why.
            _ = producer.abortFailure()
            throw error
        }
    }

    private func commit(_ progress: ImportProgress, for group: Group) throws(BrokerError) {
        let offset = CommittedOffset(next: NextOffset(Int64(progress.done)), metadata: "\(progress)")
        try producer.commit(offset, of: names.log(0), for: group, as: nil)
    }

    private func commit(_ underway: ImportUnderway) throws(BrokerError) {
        let offset = CommittedOffset(next: NextOffset(0), metadata: "\(underway)")
        try producer.commit(offset, of: names.log(0), for: names.imports, as: nil)
    }

    private func progress(of group: Group) throws(ProcessorError) -> ImportProgress? {
        try committed(group).flatMap { ImportProgress($0.metadata) }
    }

    private func committed(_ group: Group) throws(ProcessorError) -> CommittedOffset? {
        try ProcessorError.translating { () throws(BrokerError) in try broker.committed(by: group, on: names.log(0)) }
    }
}
