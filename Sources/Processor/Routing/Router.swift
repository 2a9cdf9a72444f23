package import Brokers
package import CustomerLifecycle
package import Wire

/// Reads the shop's topics and appends what they say to the log: log records, rejects and input offsets in one
/// transaction, so that each input record is routed exactly once.
///
/// With each offset of a live input it commits up to when the input was read to its end (Design.md, Time): time in the
/// log never passes an order that still waits. The group is heard of between transactions only. Owned by one thread.
package final class Router<B: Broker> {
    private let broker: B
    private let names: Names
    private let transaction: GroupTransaction<B>
    private let inputs: [InputTopic]
    private let offsets: InputOffsets<B>
    private let writer: LogWriter<B.Producer>
    private let rejects: RejectWriter
    private let limits: TurnLimits
    private var pace: TurnPace
    private var tasks: [RouterTask<B>] = []
    private var firstTask = 0
    private var thread = OwningThread()
    /// How many records committed transactions routed.
    package private(set) var routedCount = 0
    /// What committed transactions hold of each input, by its topic.
    package private(set) var counts: [String: InputCounts] = [:]

    package var rejectedCount: Int { counts.values.reduce(0) { $0 + $1.rejectedCount } }

    /// How its transactions ended.
    package var transactions: TransactionCounts { transaction.counts }

    /// What an open transaction holds.
    private struct Batch {
        var clock: Instant
        var routedCount = 0
    }

    /// How many optional fields of routed records could not be read and count as absent, by name.
    package var unreadable: [String: Int] { writer.unreadable }
    package var unknownEvents: UnknownEvents { writer.unknownEvents }

    /// How many records of mapped inputs are deliberately nothing, by why.
    package var passedOver: [PassedOver: Int] { writer.passedOver }

    /// False while the group deals out its partitions.
    package var isAssigned: Bool { transaction.isAssigned }

    /// Called with the outcome of a commit whose answer was lost, once the group's offsets have decided it.
    package var onSettled: (SettledCommit) -> Void {
        get { transaction.onSettled }
        set { transaction.onSettled = newValue }
    }

    /// Time spent in ending transactions, which includes sending what they hold.
    package var committing: Duration { transaction.committing }

    /// The next record of each input partition held.
    package var positions: [String: Int64] {
        Dictionary(uniqueKeysWithValues: tasks.map { ("\($0.partition)", $0.reader.position.value) })
    }

    /// Up to when each of them was read whole, where that is known.
    package var seen: [String: Instant] {
        var seen: [String: Instant] = [:]
        for task in tasks { seen["\(task.partition)"] = task.seen }
        return seen
    }

    /// How long before they were read live events say that they happened.
    package var lateness: Distribution { writer.lateness }

    /// How far behind its end each of them is read.
    package var lags: [String: PartitionLag] {
        var lags: [String: PartitionLag] = [:]
        for task in tasks { lags["\(task.partition)"] = task.lag }
        return lags
    }

    /// Takes up each input where the router's group left off.
    package init(
        broker: B, names: Names, producer: B.Producer, member: B.Member, inputs: [InputTopic],
        newInputs: Set<Topic> = [],
        settings: RouterSettings, limits: TurnLimits = TurnLimits(),
        clock: @escaping TurnPace.Clock = TurnPace.realClock
    ) throws(ProcessorError) {
        self.broker = broker
        self.names = names
        transaction = GroupTransaction(
            broker: broker, group: names.router, producer: producer, member: member, commits: CommitAtOnce())
        self.inputs = inputs
        offsets = InputOffsets(broker: broker, names: names, inputs: inputs, newInputs: newInputs)
        self.limits = limits
        pace = TurnPace(limits, clock: clock)
        let counts = try ProcessorError.translating { () throws(BrokerError) in
            (log: try broker.partitionCount(of: names.log), rejected: try broker.partitionCount(of: names.rejected))
        }
        guard let logCount = counts.log, let rejectedCount = counts.rejected else {
            throw ProcessorError(.notOurLog, "There is no \(names.log) with its \(names.rejected) yet.")
        }
        writer = LogWriter(names: names, partitionCount: logCount, settings: settings)
        rejects = RejectWriter(names: names, partitionCount: rejectedCount, settings: settings)
    }

    /// Routes everything that is in the inputs, and commits how far that is. Returns the number of input records.
    package func pass() throws(ProcessorError) -> Int {
        let before = readCount
        // Opens the tasks whose ends are asked for.
        while !isAssigned, try takeTurn() {}
        try requestEnds()
        while try takeTurn() {}
        return readCount - before
    }

    private var readCount: Int { counts.values.reduce(0) { $0 + $1.read } }

    /// Reads the clock, then asks the inputs held for their ends.
    package func requestEnds() throws(ProcessorError) { hear(try InputEnds.request(broker, about: partitions)) }

    /// The input partitions that are held.
    package var partitions: [TopicPartition] { tasks.map(\.partition) }

    /// Takes up what was asked about the inputs held, at least once a second: a turn that has read up to an end commits
    /// the clock that was read before it.
    package func hear(_ ends: InputEnds) {
        thread.check("A router")
        for task in tasks {
            guard let end = ends.ends[task.partition] else { continue }
            task.note(end, at: ends.clock)
        }
    }

    /// Hears of the group, then makes at most one turn. Returns whether there may be more to do at once.
    package func takeTurn() throws(ProcessorError) -> Bool {
        thread.check("A router")
        do throws(TurnLost) {
            switch try transaction.poll() {
            case .dealing: return false
            case .changed(let assignment): try adoptAssignment(assignment)
            case .unchanged: break
            }
            return try turn()
        } catch {
            transaction.lose()
            writer.turnLost()
            pace.abandon()
            try transaction.resume(after: error)
            return true
        }
    }

    // MARK: Inputs

    private func adoptAssignment(_ assignment: Assignment) throws(TurnLost) {
        do throws(ProcessorError) { try openTasks(of: assignment) } catch { throw .stop(error) }
        transaction.adopt(assignment)
    }

    /// Opens every partition that is held where the group stands: what was read under another assignment is forgotten.
    private func openTasks(of assignment: Assignment) throws(ProcessorError) {
        tasks = []
        let committed = try offsets.committed(besides: assignment.partitions)
        for partition in assignment.partitions.sorted() {
            guard let input = inputs.first(where: { $0.topic == partition.topic }) else { continue }
            tasks.append(try task(of: partition, input, committed))
        }
    }

    private func task(
        of partition: TopicPartition, _ input: InputTopic, _ committed: [TopicPartition: CommittedOffset]
    ) throws(ProcessorError) -> RouterTask<B> {
        let start = try offsets.start(of: partition, committed)
        let reader = try ProcessorError.translating { () throws(BrokerError) in
            try broker.reader(of: partition, from: start)
        }
        return RouterTask(
            partition, of: input, reader: reader,
            seen: committed[partition].flatMap { InputProgress($0.metadata) }?.seen,
            isCommitted: committed[partition] != nil)
    }
}

// MARK: - One turn

extension Router {
    /// Read from one partition before the next one has its turn, and routed before the clock is looked at again.
    private static var batchCountMax: Int { 128 }
    /// What a record of the log has beside its body, about.
    private static var headByteCount: Int { 200 }

    /// Returns whether there was anything to commit.
    private func turn() throws(TurnLost) -> Bool {
        guard !tasks.isEmpty else { return false }
        var batch = Batch(clock: try readClock())
        let isAtLimit = try fill(&batch)
        let moved = tasks.filter(\.hasMoved)
        if !moved.isEmpty {
            transaction.submit(moved.map { TurnCommit.Offset(partition: $0.partition, value: $0.offset) })
            _ = try transaction.finish()
            for task in moved {
                counts[task.partition.topic.name, default: InputCounts()].add(task.counts)
                task.committed()
            }
            writer.turnCommitted()
            routedCount += batch.routedCount
        }
        transaction.rest()
        pace.end(atLimit: isAtLimit)
        return !moved.isEmpty
    }

    private func readClock() throws(TurnLost) -> Instant {
        do throws(BrokerError) { return Instant(milliseconds: try broker.now()) } catch { throw .broken(error) }
    }

    /// Routes what has arrived, a batch of each partition after the other. Returns whether the turn ended at a limit;
    /// else nothing waits.
    private func fill(_ batch: inout Batch) throws(TurnLost) -> Bool {
        firstTask = (firstTask + 1) % tasks.count
        let order = tasks[firstTask...] + tasks[..<firstTask]
        var isAnythingRead = true
        while isAnythingRead {
            isAnythingRead = false
            for task in order where try read(task, into: &batch) > 0 {
                if pace.isOver { return true }
                isAnythingRead = true
            }
        }
        return false
    }

    private func read(_ task: RouterTask<B>, into batch: inout Batch) throws(TurnLost) -> Int {
        let countMax = min(Self.batchCountMax, limits.recordCountMax, pace.recordsLeft)
        do throws(ReadError<BrokerError>) {
            return try task.reader.read(countMax: countMax, waits: false) { records throws(BrokerError) in
                let producer = try begin()
                task.isInTurn = true
                for record in records { try route(record, of: task, to: producer, into: &batch) }
            }
        } catch {
            switch error {
            case .broker(let error), .body(let error): throw .broken(error)
            }
        }
    }

    /// Begins the transaction only when there is something to put into it.
    private func begin() throws(BrokerError) -> B.Producer {
        if !transaction.isOpen { pace.begin() }
        return try transaction.open()
    }

    private func route(
        _ record: LentRecord, of task: RouterTask<B>, to producer: B.Producer, into batch: inout Batch
    ) throws(BrokerError) {
        var outcome = try append(record, of: task, to: producer, clock: batch.clock)
        pace.count(records: 1, outputBytes: (record.value?.count ?? 0) + Self.headByteCount)
        // A process that was stopped for a day since the clock was read must not blame the record.
        if case .failure(let rejection) = outcome, rejection.reason == .tooLate {
            batch.clock = Instant(milliseconds: try broker.now())
            outcome = try append(record, of: task, to: producer, clock: batch.clock)
        }
        task.counts.read += 1
        switch outcome {
        case .success(0): break
        case .success: batch.routedCount += 1
        case .failure(let rejection):
            try rejects.reject(
                record, of: task.partition, isMapped: task.mapping != nil, because: rejection, hash: writer.original,
                to: producer)
            task.counts.rejected[rejection.reason, default: 0] += 1
        }
    }

    private func append(
        _ record: LentRecord, of task: RouterTask<B>, to producer: B.Producer, clock: Instant
    ) throws(BrokerError) -> Result<Int, Rejection> {
        let input = RouterInput(
            value: record.value,
            kafkaTime: record.timestamp >= 0 ? Instant(milliseconds: record.timestamp) : nil, clock: clock,
            mode: task.mode, isOfOperator: task.isOfOperator)
        return try task.topicName.withUnsafeBufferPointer { name throws(BrokerError) in
            let origin = LogOrigin(
                topic: UnsafeRawBufferPointer(name), partition: Int32(task.partition.partition), offset: record.offset)
            guard let mapping = task.mapping else { return try writer.append(input, from: origin, to: producer) }
            let shopRecord = ShopRecord(record, topic: origin.topic, mapping)
            return try writer.append(shopRecord, mapping: mapping, input, from: origin, to: producer)
        }
    }
}
