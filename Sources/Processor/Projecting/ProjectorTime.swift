package import Brokers
import CustomerLifecycle
import Wire

/// Time in the log: ticks, which the projector appends and reads back like any other record.
extension Projector {
    /// Lets time pass: appends a tick for 30 s before the watermark wherever that would meet a review, and folds it.
    /// Returns the number of ticks.
    package func tick(_ watermark: InputWatermark<B>, onTurn: OnTurn = { _, _ in }) throws(ProcessorError) -> Int {
        try requestEnds(watermark)
        try run(onTurn: onTurn)
        let count = try appendTicks(onTurn: onTurn)
        // They act only now that they are read back, at their place among the other records.
        if count > 0 { try run(onTurn: onTurn) }
        return count
    }

    /// Asks how far time has come, and then where the partitions held end.
    @discardableResult
    package func requestEnds(_ watermark: InputWatermark<B>) throws(ProcessorError) -> InputWatermark<B>.Reading {
        let ends = try LogEnds.request(broker, watermark, about: partitions)
        hear(ends)
        return ends.reading
    }

    /// The partitions of the log that are held.
    package var partitions: [TopicPartition] { tasks.map { names.log($0.index) } }

    /// How far behind its end each partition held is read.
    package var lags: [String: PartitionLag] {
        var lags: [String: PartitionLag] = [:]
        for task in tasks { lags["\(names.log(task.index))"] = task.lag }
        return lags
    }

    /// Takes up what was asked about the partitions held: once they are folded up to there, a tick may be appended.
    package func hear(_ ends: LogEnds<B>) {
        var reached: Instant?
        if case .at(let instant, _) = ends.reading { reached = instant }
        for task in tasks {
            guard let end = ends.ends[names.log(task.index)] else { continue }
            task.note(end, watermark: reached, at: ends.clock)
        }
    }

    /// Appends the ticks that wait for nothing more, in a transaction of their own, and returns how many.
    package func appendTicks(onTurn: OnTurn = { _, _ in }) throws(ProcessorError) -> Int {
        var ticks: [(partition: Int, instant: Instant)] = []
        for task in tasks {
            guard let watermark = task.takeWatermark(), let instant = Ticks.next(in: task.fold, watermark: watermark)
            else { continue }
            ticks.append((task.index, instant))
        }
        // Where a turn is lost these were decided by what was taken back; the next answer decides anew.
        guard !ticks.isEmpty, try settle(onTurn: onTurn) else { return 0 }
        return try append(ticks) ? ticks.count : 0
    }

    /// Returns whether they were appended. Whether those of an unknown outcome are there shows when the log is read on;
    /// where they are not nothing is lost: a subject that is due stays due for the next tick.
    private func append(_ ticks: [(partition: Int, instant: Instant)]) throws(ProcessorError) -> Bool {
        try transaction.append { producer throws(BrokerError) in
            for tick in ticks {
                var value = ByteWriter()
                value.append(LogHeader(own: .tick, claimed: tick.instant), .tick)
                try producer.produce(value, to: names.log(tick.partition))
            }
        }
    }
}
