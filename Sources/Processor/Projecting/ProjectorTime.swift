package import Brokers
import CustomerLifecycle
import Wire

/// Time in the log: ticks, which the projector appends and reads back like any other record.
extension Projector {
    /// Lets time pass: appends a tick for 30 s before the horizon wherever that would meet a review, and folds it.
    /// Returns the number of ticks.
    package func tick(_ horizon: Horizon<B>, onTurn: OnTurn = { _, _ in }) throws(ProcessorError) -> Int {
        try ask(horizon)
        try run(onTurn: onTurn)
        let count = try appendTicks(onTurn: onTurn)
        // They act only now that they are read back, at their place among the other records.
        if count > 0 { try run(onTurn: onTurn) }
        return count
    }

    /// Asks how far time has come, and then where the partitions held end.
    @discardableResult
    package func ask(_ horizon: Horizon<B>) throws(ProcessorError) -> Horizon<B>.Reading {
        let ends = try LogEnds.ask(broker, horizon, about: partitions)
        hear(ends)
        return ends.reading
    }

    /// The partitions of the log that are held.
    package var partitions: [TopicPartition] { lanes.map { names.log($0.index) } }

    /// How far behind its end each partition held is read.
    package var lags: [String: PartitionLag] {
        var lags: [String: PartitionLag] = [:]
        for lane in lanes { lags["\(names.log(lane.index))"] = lane.lag }
        return lags
    }

    /// Takes up what was asked about the partitions held: once they are folded up to there, a tick may be appended.
    package func hear(_ ends: LogEnds<B>) {
        var reached: Instant?
        if case .at(let instant, _) = ends.reading { reached = instant }
        for lane in lanes {
            guard let end = ends.ends[names.log(lane.index)] else { continue }
            lane.note(end, horizon: reached, at: ends.clock)
        }
    }

    /// Appends the ticks that wait for nothing more, in a transaction of their own, and returns how many.
    package func appendTicks(onTurn: OnTurn = { _, _ in }) throws(ProcessorError) -> Int {
        var ticks: [(partition: Int, instant: Instant)] = []
        for lane in lanes {
            guard let horizon = lane.takeHorizon(), let instant = Ticks.next(in: lane.fold, horizon: horizon)
            else { continue }
            ticks.append((lane.index, instant))
        }
        // Where a turn is lost these were decided by what was taken back; the next answer decides anew.
        guard !ticks.isEmpty, try settle(onTurn: onTurn) else { return 0 }
        return try append(ticks) ? ticks.count : 0
    }

    /// Says whether they were appended. Whether those of an unknown outcome are there shows when the log is read on;
    /// where they are not nothing is lost: whoever is due stays due for the next tick.
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
