import Brokers
import CustomerLifecycle
import Oracle
import Processor

/// Inspects what is committed, as subscribers and the next owner see it, and throws if something must not be there.
final class Inspector {
    private var oracle: LogOracle
    private var published = PublishedChanges()
    private let audit: InputAudit
    private let history: History
    private let names: Names
    /// How many outputs were found right so far, by partition.
    private(set) var checked: [Int]
    /// What became of steps of actions.
    private(set) var outcomes: [String: Int] = [:]
    /// The first output of each partition that was not inspected.
    private var outputNext: [NextOffset]
    private var committed: [NextOffset]
    private var ids: Set<String> = []
    /// The newest sequence of each life, in the newest generation.
    private var sequences: [String: (stretch: String, sequence: UInt64)] = [:]

    init(_ history: History, names: Names, policy: Policy) {
        self.history = history
        self.names = names
        audit = InputAudit(history, names: names)
        let count = history.partitionCount
        oracle = LogOracle(names: names, partitionCount: count, policy: policy)
        checked = Array(repeating: 0, count: count)
        outputNext = Array(repeating: NextOffset(0), count: count)
        committed = Array(repeating: NextOffset(0), count: count)
    }

    /// How many records the log has, genesis included.
    var recordCount: Int { oracle.next.reduce(0) { $0 + Int($1.value) } }
    var policyNumber: UInt32 { oracle.partitions[0].policyNumber }
    var generation: UInt32 { oracle.partitions[0].generation }
    var eventCount: Int { audit.loggedCount }
    var leftOutLinkCount: Int { audit.links.leftOutCount }

    /// Checks safety: the outputs are a prefix of the right ones, and none is missing before the committed offset.
    func inspect(_ broker: Cluster.Inner, _ cluster: Cluster, isClockRight: Bool) throws(Anomaly) {
        audit.isClockRight = isClockRight
        try audit.readInputs(broker)
        try audit.readRejected(broker)
        try oracle.read(broker, telling: audit)
        try audit.links.inspect()
        for partition in 0..<history.partitionCount {
            try inspectOutputs(partition, broker)
            try inspectOffset(partition, broker)
        }
    }

    /// Checks liveness: everything that must be published is, and no review is overdue.
    func inspectEnd(_ cluster: Cluster, finishedFiles: [Int]) throws(Anomaly) {
        let now: Instant
        do throws(BrokerError) {
            now = Instant(milliseconds: try cluster.broker().now())
        } catch {
            throw Anomaly("the broker is down: \(error.description)")
        }
        for partition in 0..<history.partitionCount {
            if let missing = expected(partition) { throw Anomaly("never published: \(missing)") }
            guard committed[partition] == oracle.next[partition] else {
                throw Anomaly("partition \(partition) stands at \(committed[partition]) of \(oracle.next[partition])")
            }
            // Ticks lag by 30 s, and come every 10 s at most.
            if let overdue = oracle.partitions[partition].overdue(at: now - .seconds(40)) {
                throw Anomaly("\(overdue) was never told that time has passed")
            }
        }
        try audit.inspectEnd(cluster, finishedFiles: finishedFiles, of: history)
    }

    /// Returns how many records of the inputs the Router's group has not committed.
    func waitingCount(_ broker: Cluster.Inner) throws(Anomaly) -> Int64 {
        var count: Int64 = 0
        do throws(BrokerError) {
            for partition in Inputs.partitions(liveCount: history.livePartitionCount) {
                let next = try broker.committed(by: names.router, on: partition)?.next.value ?? 0
                count += try broker.end(of: partition).value - next
            }
        } catch {
            throw Anomaly("the broker is down: \(error.description)")
        }
        return count
    }

    private func inspectOutputs(_ partition: Int, _ broker: some Broker) throws(Anomaly) {
        var failure: Anomaly?
        do {
            let reader = try broker.reader(of: names.changes(partition), from: outputNext[partition])
            while try reader.read(
                countMax: 1_000,
                { records throws(Never) in
                    for record in records where failure == nil && !Cluster.isMarker(record) {
                        do throws(Anomaly) { try inspect(record, partition) } catch { failure = error }
                    }
                }) > 0
            {}
            outputNext[partition] = reader.position
        } catch {
            throw Anomaly("the outputs cannot be read: \(error)")
        }
        if let failure { throw failure }
    }

    private func inspect(_ record: LentRecord, _ partition: Int) throws(Anomaly) {
        let output = try published.output(record)
        guard ids.insert(output.id).inserted else { throw Anomaly("an id is used twice: \(output)") }
        guard let expected = expected(partition) else { throw Anomaly("published without a cause: \(output)") }
        guard output == expected else { throw Anomaly("published: \(output)\n   instead of: \(expected)") }
        let stretch = "\(output.id.prefix { $0 != "-" }) of \(output.life)"
        let known = sequences[output.customer]
        let before = known?.stretch == stretch ? known?.sequence ?? 0 : 0
        guard output.sequence == before + 1 else {
            throw Anomaly("\(output.customer) jumps to sequence \(output.sequence)")
        }
        sequences[output.customer] = (stretch, output.sequence)
        checked[partition] += 1
        if case .action(_, let decision, let why) = output.content {
            outcomes[[decision, why].compactMap(\.self).joined(separator: " "), default: 0] += 1
        }
    }

    /// Returns the next output to be published in a partition; nil if there is none.
    private func expected(_ partition: Int) -> ToldOutput? {
        let outputs = oracle.partitions[partition].outputs
        return checked[partition] < outputs.count ? ToldOutput(outputs[checked[partition]], in: partition) : nil
    }

    /// Checks that exactly the outputs before the committed offset are published.
    private func inspectOffset(_ partition: Int, _ broker: some Broker) throws(Anomaly) {
        let found: CommittedOffset?
        do throws(BrokerError) {
            found = try broker.committed(by: names.projector, on: names.log(partition))
        } catch {
            throw Anomaly("the committed offset cannot be read: \(error.description)")
        }
        guard let found, let metadata = CommitMetadata(found.metadata) else {
            throw Anomaly("partition \(partition) has no committed offset that can be read")
        }
        guard found.next >= committed[partition] else {
            throw Anomaly("partition \(partition) goes back from \(committed[partition]) to \(found.next)")
        }
        committed[partition] = found.next
        let outputs = oracle.partitions[partition].outputs
        let isDue = { (place: Int) in
            (outputs[place].position.offset, outputs[place].position.ordinal) < (found.next.value, metadata.cursor ?? 0)
        }
        // The outputs are in order, so those due stand before the first one that is not.
        var due = min(checked[partition], outputs.count)
        while due > 0, !isDue(due - 1) { due -= 1 }
        while due < outputs.count, isDue(due) { due += 1 }
        let generation = due > 0 ? outputs[due - 1].position.generation : 1
        let counted = outputs[..<due].count { $0.position.generation == generation }
        // A generation that has begun and given nothing yet counts from 0.
        let mayHaveBegun = generation < oracle.partitions[partition].generation
        guard due == checked[partition],
            metadata.outputCount == UInt64(counted) || mayHaveBegun && metadata.outputCount == 0
        else {
            throw Anomaly(
                "partition \(partition) stands at \(found.next), cursor \(metadata.cursor ?? 0): \(due) outputs must be"
                    + " there, \(checked[partition]) are; \(counted) are of generation \(generation),"
                    + " \(metadata.outputCount) were counted")
        }
    }
}
