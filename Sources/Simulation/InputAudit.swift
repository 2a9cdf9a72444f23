import Brokers
import CustomerLifecycle
import Processor
import Wire

/// Checks that each record of the inputs, and each row of a file, is once in the log or once among the rejected
/// records; and that time in the log never passed a record that still waited.
final class InputAudit {
    private struct Record {
        let arrived: Instant
        /// Why the record must be refused; nil if it must not.
        let poison: RejectionReason?
        let isMarker: Bool
    }

    private struct Place: Hashable {
        let origin: TopicPartition
        let offset: Int64
    }

    private let names: Names
    private let files: [String: SimulatedImport]
    /// The records of each input, indexed by offset.
    private var inputs: [TopicPartition: [Record]] = [:]
    private var logged: Set<Place> = []
    private var rejected: Set<Place> = []
    private var rejectedNext = NextOffset(0)
    /// The newest offset of each origin, by partition of the log.
    private var newest: [[TopicPartition: Int64]]
    /// The time in each partition of the log, by its ticks and adoptions.
    private var time: [Instant]
    /// When the imported history of each partition was closed.
    private var caughtUp: [Instant]
    /// Compares the links in the log with those that its events require.
    var links = LinkAudit()
    /// Whether the clock was never wrong; if it was, nothing is guaranteed about time.
    var isClockRight = true

    init(_ history: History, names: Names) {
        self.names = names
        files = Dictionary(uniqueKeysWithValues: history.files.map { ($0.origin, $0) })
        for partition in Inputs.partitions(liveCount: history.livePartitionCount) { inputs[partition] = [] }
        newest = Array(repeating: [:], count: history.partitionCount)
        time = Array(repeating: .distantPast, count: history.partitionCount)
        caughtUp = time
    }

    /// How many inputs and rows are in the log.
    var loggedCount: Int { logged.count }

    // MARK: What is read

    /// Reads what producers sent, even if readers are not shown it yet.
    func readInputs(_ broker: Cluster.Inner) throws(Anomaly) {
        for partition in inputs.keys.sorted() {
            try Self.read(partition, from: inputs[partition, default: []].count, of: broker) { record in
                let json = record.value.map { Array($0) }
                self.inputs[partition, default: []].append(
                    Record(
                        arrived: Instant(milliseconds: record.timestamp), poison: Poison.reason(of: json),
                        isMarker: Cluster.isMarker(record)))
            }
        }
    }

    func readRejected(_ broker: Cluster.Inner) throws(Anomaly) {
        var failure: Anomaly?
        try Self.read(names.rejected(0), from: Int(rejectedNext.value), of: broker) { record in
            self.rejectedNext = NextOffset(after: record.offset)
            guard failure == nil, !Cluster.isMarker(record) else { return }
            do throws(Anomaly) { try self.take(record) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    private static func read(
        _ partition: TopicPartition, from next: Int, of broker: Cluster.Inner, _ body: (LentRecord) -> Void
    ) throws(Anomaly) {
        do {
            let reader = try broker.reader(of: partition, from: NextOffset(Int64(next)))
            while try reader.read(countMax: 1_000, { records throws(Never) in for record in records { body(record) } })
                > 0
            {}
        } catch {
            throw Anomaly("\(partition) cannot be read: \(error)")
        }
    }

    private func take(_ reject: LentRecord) throws(Anomaly) {
        let headers = try PublishedChanges.headers(reject)
        guard let topic = headers["topic"], let partition = headers["partition"].flatMap({ Int($0) }),
            let offset = headers["offset"].flatMap({ Int64($0) })
        else { throw Anomaly("reject \(reject.offset) names no record of an input") }
        let place = Place(origin: TopicPartition(Topic(topic), partition), offset: offset)
        guard rejected.insert(place).inserted, !logged.contains(place) else {
            throw Anomaly("\(place.origin) \(offset) is rejected, and was dealt with already")
        }
        let reason = headers["reason"] ?? ""
        let poison = inputs[place.origin]?[Int(offset)].poison
        guard reason == poison?.rawValue || (reason == RejectionReason.tooLate.rawValue && !isClockRight) else {
            throw Anomaly("\(place.origin) \(offset) is rejected: \(reason), not \(poison?.rawValue ?? "at all")")
        }
    }

    // MARK: What the log says

    func timePassed(to instant: Instant, in partition: Int) { time[partition] = max(time[partition], instant) }

    func caughtUp(at appended: Instant, in partition: Int) { caughtUp[partition] = appended }

    func logged(_ origin: TopicPartition, _ offset: Int64, in partition: Int) throws(Anomaly) {
        let place = Place(origin: origin, offset: offset)
        guard logged.insert(place).inserted, !rejected.contains(place) else {
            throw Anomaly("\(origin) \(offset) is in the log, and was dealt with already")
        }
        if let before = newest[partition][origin], before > offset {
            throw Anomaly("\(origin) \(offset) is in partition \(partition) behind \(before)")
        }
        newest[partition][origin] = offset
        if let file = files[origin.topic.name] {
            guard Poison.reason(of: file.rows[Int(offset) - 1]) == nil else {
                throw Anomaly("row \(offset) of \(file.file.name) must not be taken")
            }
            return
        }
        guard let records = inputs[origin], offset < records.count else {
            throw Anomaly("\(origin) \(offset) is in the log and in no input")
        }
        let record = records[Int(offset)]
        guard record.poison == nil, !record.isMarker else {
            throw Anomaly("\(origin) \(offset) must not be taken")
        }
        guard origin != Inputs.archive || record.arrived >= caughtUp[partition] else {
            throw Anomaly("\(origin) \(offset) was there when its history was said to be complete")
        }
        // Time must not have passed a record that waited unread.
        guard isClockRight, origin.topic == Inputs.live, time[partition] != .distantPast else { return }
        guard record.arrived >= time[partition] + .seconds(30) else {
            throw Anomaly(
                "\(origin) \(offset) arrived at \(record.arrived.words) and waited, while in partition \(partition) "
                    + "it became \(time[partition].words)")
        }
    }

    /// Checks liveness: every record was routed or rejected.
    func inspectEnd(_ cluster: Cluster, finishedFiles: [Int], of history: History) throws(Anomaly) {
        for (origin, records) in inputs {
            for (offset, record) in records.enumerated() where !record.isMarker {
                let place = Place(origin: origin, offset: Int64(offset))
                let isAborted = cluster.isAborted(origin, Int64(offset))
                guard isAborted != (logged.contains(place) || rejected.contains(place)) else {
                    throw Anomaly("\(origin) \(offset) is \(isAborted ? "read though aborted" : "nowhere")")
                }
            }
        }
        guard isClockRight else { return }
        for file in finishedFiles.map({ history.files[$0] }) {
            let origin = TopicPartition(Topic(file.origin), 0)
            for (row, json) in file.rows.enumerated() where Poison.reason(of: json) == nil {
                guard logged.contains(Place(origin: origin, offset: Int64(row) + 1)) else {
                    throw Anomaly("row \(row + 1) of \(file.file.name) is nowhere")
                }
            }
        }
    }
}
