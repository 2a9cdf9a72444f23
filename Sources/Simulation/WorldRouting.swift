import Brokers
import CustomerLifecycle
import PolicyLanguage
import Processor
import Wire

/// A process that reads the input topic and appends to the log through the Router's code.
final class RouterProcess {
    private(set) var client = Client(name: "router")
    private let cluster: Cluster
    private var producer: FaultyProducer?
    private var writer: LogWriter<FaultyProducer>?
    /// Inputs that were in the log when it was last looked.
    var knownPosition = 0

    init(_ cluster: Cluster) { self.cluster = cluster }

    func die() {
        client.die()
        producer = nil
        writer = nil
    }

    /// The producer and the writer that go with it; a new process if the old one is dead.
    func begin(
        _ broker: FaultyBroker, partitionCount: Int, currency: Currency
    ) throws(BrokerError) -> (FaultyProducer, LogWriter<FaultyProducer>) {
        if let producer, let writer { return (producer, writer) }
        let fresh = try broker.producer(transactionalID: "router")
        let writer = LogWriter<FaultyProducer>(
            names: cluster.names, partitionCount: partitionCount, settings: RouterSettings(currency: currency))
        producer = fresh
        self.writer = writer
        return (fresh, writer)
    }

    func revive() {
        if !client.isAlive { client = Client(name: "router") }
    }
}

extension World {
    /// One transaction of the Router: the next inputs, and how far it has read.
    func route(_ fault: Fault?) throws(Anomaly) {
        router.revive()
        router.client.arm(fault)
        defer { router.client.arm(nil) }
        do throws(BrokerError) {
            try appendInputs()
        } catch {
            return try settleRouter(after: error)
        }
        for (index, rejection) in refusals where rejection.reason != .tooLate {
            throw Anomaly("the Router refused \(inputs[index].words): \(rejection)")
        }
    }

    private func appendInputs() throws(BrokerError) {
        let broker = FaultyBroker(cluster, router.client)
        let currency = history.policy.policy?.currency ?? Currency(code: 0)
        let (producer, writer) = try router.begin(
            broker, partitionCount: history.partitionCount, currency: currency)
        // What was committed, not what is remembered: the last outcome may not be known.
        let position = Int(try broker.committed(by: names.router, on: names.log(0))?.next.value ?? 0)
        router.knownPosition = position
        let end = min(position + history.routedMax, inputs.count)
        guard position < end else { return }
        let now = Instant(milliseconds: try broker.now())
        try producer.begin()
        for index in position..<end {
            refusals[index] = try append(inputs[index], index, now, writer, producer)
        }
        try producer.commit(
            CommittedOffset(next: NextOffset(Int64(end)), metadata: "live"), of: names.log(0), for: names.router)
        if try producer.end() == .committed { router.knownPosition = end }
    }

    private func append(
        _ input: Input, _ index: Int, _ now: Instant, _ writer: LogWriter<FaultyProducer>, _ producer: FaultyProducer
    ) throws(BrokerError) -> Rejection? {
        let outcome: Result<Result<Int, Rejection>, BrokerError> = (input.json + [UInt8](repeating: 0, count: 64))
            .withUnsafeBytes { bytes in
                let record = RouterInput(
                    value: UnsafeRawBufferPointer(rebasing: bytes[..<input.json.count]), kafkaTime: input.arrival,
                    clock: now, mode: input.isBackfill ? .backfill : .live)
                return Array("shop".utf8).withUnsafeBytes { topic in
                    let origin = LogOrigin(topic: topic, partition: 0, offset: Int64(index))
                    do throws(BrokerError) {
                        return .success(try writer.append(record, from: origin, to: producer))
                    } catch {
                        return .failure(error)
                    }
                }
            }
        guard case .failure(let rejection) = try outcome.get() else { return nil }
        return rejection
    }

    private func settleRouter(after error: BrokerError) throws(Anomaly) {
        let wasAlive = router.client.isAlive
        // Crash-only: whatever it was, a new process reads on from what was committed.
        router.die()
        if isDiskLimited { return healDisk() }
        guard !wasAlive || error.remedy == .fenced else { return }
        if wasAlive, error.remedy != .fenced { throw Anomaly("the Router stopped: \(error.description)") }
    }

    // MARK: Time

    /// The Router has read everything: only then may time pass for the projector.
    func tick() throws(Anomaly) {
        guard try position() == inputs.count else { return }
        try append(.tick, .tick)
    }

    func catchUp() throws(Anomaly) {
        guard try position() == inputs.count else { return }
        try append(.caughtUp, .caughtUp)
    }

    /// The other policy, and after it the first one again.
    func adopt() throws(Anomaly) {
        guard try position() == inputs.count else { return }
        let number = inspector.policyNumber + 1
        let policy = number.isMultiple(of: 2) ? OtherPolicy.compiled : history.policy
        try append(.adoption, .adoption(AdoptedPolicy(number: number, text: policy.text, zones: policy.zones)))
        tally.count(.adopted)
    }

    func regenerate() throws(Anomaly) {
        guard try position() == inputs.count else { return }
        let record = GenerationRecord(number: inspector.generation + 1, foldVersion: LogFold.version)
        try append(.generation, .generation(record))
        tally.count(.regenerated)
    }

    func position() throws(Anomaly) -> Int {
        do throws(BrokerError) {
            return Int(try cluster.broker().committed(by: names.router, on: names.log(0))?.next.value ?? 0)
        } catch {
            throw Anomaly("the broker is down: \(error.description)")
        }
    }

    private func append(_ kind: LogKind, _ contents: LogContents) throws(Anomaly) {
        do throws(BrokerError) {
            let broker = try cluster.broker()
            let now = Instant(milliseconds: try broker.now())
            var value = ByteWriter()
            value.append(LogHeader(own: kind, claimed: now - .seconds(30)), contents)
            let producer = try broker.producer(transactionalID: "ticker")
            try producer.begin()
            for partition in 0..<history.partitionCount {
                var failure: BrokerError?
                value.withUnsafeBytes { bytes in
                    let record = OutgoingRecord(partition: names.log(partition), key: nil, value: bytes)
                    do throws(BrokerError) { try producer.produce(record) } catch { failure = error }
                }
                if let failure { throw failure }
            }
            _ = try producer.end()
        } catch {
            // Whoever writes ticks tries again when there is room.
            guard isDiskLimited else { throw Anomaly("a \(kind) could not be appended: \(error.description)") }
            healDisk()
        }
    }
}
