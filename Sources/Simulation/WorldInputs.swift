import Brokers
import CustomerLifecycle
import PolicyLanguage
import Processor
import Storage
import Wire

/// The topics that the shop's own producers write to.
enum Inputs {
    static let live = Topic("shop.events")
    static let archive = TopicPartition(Topic("shop.archive"), 0)
    static let topics = [
        InputTopic(live, .live, isOfOperator: true), InputTopic(archive.topic, .backfill, isOfOperator: true),
    ]

    static func partitions(liveCount: Int) -> [TopicPartition] {
        (0..<liveCount).map { TopicPartition(live, $0) } + [archive]
    }
}

extension World {
    private func partition(ofInput place: Int) -> TopicPartition {
        let partitions = Inputs.partitions(liveCount: history.livePartitionCount)
        return partitions[place % partitions.count]
    }

    // MARK: Topics

    func arrive(_ input: Input) throws(Anomaly) {
        clock.pass(to: input.arrival)
        let partition = input.livePartition.map { TopicPartition(Inputs.live, $0) } ?? Inputs.archive
        do throws(BrokerError) {
            try produce([input.json], to: partition)
        } catch {
            guard isDiskLimited else { throw Anomaly("an input cannot arrive: \(error.description)") }
            // The shop sends the record again when there is room.
            healDisk()
            return try arrive(input)
        }
        if let mishap = input.mishap { tally.count(mishap) }
    }

    private func produce(_ values: [[UInt8]?], to partition: TopicPartition) throws(BrokerError) {
        let producer = try cluster.broker().producer(transactionalID: "shop")
        try producer.begin()
        do throws(BrokerError) {
            for value in values { try producer.produce(value, to: partition) }
            _ = try producer.end()
        } catch {
            try producer.abort()
            throw error
        }
    }

    func hold(_ place: Int) throws(Anomaly) {
        do throws(BrokerError) {
            try cluster.hold(partition(ofInput: place))
        } catch {
            throw Anomaly("the broker is down: \(error.description)")
        }
    }

    func release(_ place: Int, isAborted: Bool) throws(Anomaly) {
        do throws(BrokerError) {
            try release(partition(ofInput: place), isAborted: isAborted)
        } catch {
            throw Anomaly("the broker is down: \(error.description)")
        }
    }

    /// Ends another producer's transaction. Its control record takes an offset too.
    func release(_ partition: TopicPartition, isAborted: Bool) throws(BrokerError) {
        guard try cluster.release(partition, isAborted: isAborted) else { return }
        tally.count(isAborted ? .inputAborted : .inputHeld)
        if history.leavesMarkers { try produce([Cluster.marker], to: partition) }
    }

    func releaseAll() throws(Anomaly) {
        for partition in cluster.heldPartitions {
            do throws(BrokerError) {
                try release(partition, isAborted: false)
            } catch {
                throw Anomaly("the broker is down: \(error.description)")
            }
        }
    }

    func passTime(_ length: Milliseconds) throws(Anomaly) {
        let waiting = try inspector.waitingCount(openBroker())
        if waiting > 0 { tally.count(.inputsWaited) }
        clock.pass(to: clock.truth + length)
    }

    // MARK: Files

    /// Imports the file in a new process, from where the last one was killed.
    func bringIn(_ place: Int, isFinished: Bool, _ fault: Fault?) throws(Anomaly) {
        guard history.files.indices.contains(place) else { return }
        if importsUnderWay[place] == false { tally.count(.importResumed) }
        importsUnderWay[place] = importsUnderWay[place] ?? false
        importedFile = place
        let client = Client(name: "importer")
        client.arm(fault)
        var file = history.files[place]
        do throws(ProcessorError) {
            let importer = try importer(client)
            _ = try importer.run(&file) { _ in }
            importsUnderWay[place] = true
            if isFinished { _ = try importer.finish(file.file) }
        } catch {
            try settleImport(client, after: error)
        }
    }

    func finishImports() throws(Anomaly) {
        let client = Client(name: "importer")
        do throws(ProcessorError) {
            _ = try importer(client).finish(nil)
        } catch {
            try settleImport(client, after: error)
        }
    }

    private func importer(_ client: Client) throws(ProcessorError) -> Importer<FaultyBroker> {
        try Importer(
            broker: FaultyBroker(cluster, client), names: names, partitionCount: history.partitionCount,
            settings: routerSettings, rowCountMax: history.routedMax)
    }

    /// Checks that an import stopped for a good reason; a person would start it again.
    private func settleImport(_ client: Client, after error: ProcessorError) throws(Anomaly) {
        guard client.isAlive else { return tally.count(.importKilled) }
        switch error.cause {
        case .fenced: tally.count(.importFenced)
        // An input is not read to its end, so the history cannot be closed yet.
        case .usage: tally.count(.finishRefused)
        case .local(.noSpace) where isDiskLimited: healDisk()
        // The outcome is unknown, or the transaction was aborted: the message asks for the same command again.
        case .brokerUnreachable where client.struckAt == .beforeCommit: break
        default: throw Anomaly("an import stopped: \(error.description)")
        }
    }

    var routerSettings: RouterSettings {
        var settings = RouterSettings(currency: history.policy.policy?.currency ?? Currency(code: 0))
        // Of files; topics say it themselves.
        settings.isOfOperator = true
        return settings
    }
}

extension TransactionalProducer {
    /// Produces a record without key; nil is a tombstone.
    fileprivate func produce(_ value: [UInt8]?, to partition: TopicPartition) throws(BrokerError) {
        guard let value else {
            return try produce(OutgoingRecord(partition: partition, key: nil, value: nil))
        }
        var failure: BrokerError?
        (value + [UInt8](repeating: 0, count: 64)).withUnsafeBytes { bytes in
            let value = UnsafeRawBufferPointer(rebasing: bytes[..<value.count])
            do throws(BrokerError) {
                try produce(OutgoingRecord(partition: partition, key: nil, value: value))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}
