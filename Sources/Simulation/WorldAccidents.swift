import Brokers
import CustomerLifecycle
import Processor
import Storage

extension World {
    // MARK: The log

    /// Stops the broker with everything that runs on it, and starts it again with what is left.
    func breakLog(_ step: Step) throws(Anomaly) {
        if case .tornTail = step { try tearTail() }
        for instance in instances { instance.die() }
        cluster.close()
        switch step {
        case .tornTail: scribble()
        case .flippedTail: flipTail()
        default:
            tally.count(.lostPower)
            disk.losePower(using: &dice)
            checkpointDisk.losePower(using: &dice)
        }
        do throws(BrokerError) {
            try cluster.open()
        } catch {
            throw Anomaly("the log cannot be opened again: \(error.description)")
        }
        for instance in instances { revive(instance) }
        let before = (records: inspector.recordCount, outputs: inspector.checked.reduce(0, +))
        inspectAnew()
        try inspect()
        if case .flippedTail = step { return }
        guard inspector.recordCount >= before.records, inspector.checked.reduce(0, +) >= before.outputs else {
            throw Anomaly(
                "of \(before.records) records and \(before.outputs) outputs \(inspector.recordCount) and "
                    + "\(inspector.checked.reduce(0, +)) came back")
        }
    }

    private var tail: (path: String, bytes: [UInt8])? {
        guard let name = (try? disk.names(in: "log"))?.last(where: { $0.hasSuffix(".frames") }) else { return nil }
        return ("log/\(name)", disk.contents(of: "log/\(name)"))
    }

    /// Leaves part of a frame on the disk, as a process that dies within an append.
    private func tearTail() throws(Anomaly) {
        tally.count(.tornTail)
        disk.faults.leave(bytes: dice.number(0...180))
        disk.faults.fail("truncate")
        defer { disk.faults.repair() }
        do throws(BrokerError) {
            let producer = try cluster.broker().producer(transactionalID: "torn")
            try producer.begin()
            // No byte repeats another, so that the record is no smaller for being compressed.
            let bytes = [UInt8](0..<200)
            var failure: BrokerError?
            bytes.withUnsafeBytes { bytes in
                let record = OutgoingRecord(partition: names.log(0), key: nil, value: bytes)
                do throws(BrokerError) { try producer.produce(record) } catch { failure = error }
            }
            if let failure { throw failure }
            _ = try producer.end()
        } catch {
            return
        }
        throw Anomaly("an append on a full disk was confirmed")
    }

    /// Sometimes adds noise behind the log's end.
    private func scribble() {
        guard dice.happens(percent: 30), let tail else { return }
        let noise = (0..<dice.number(1...40)).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
        disk.setContents(of: tail.path, tail.bytes + noise)
    }

    /// Damages the last frame, but never the bootstrap, without which there is no log to go on with.
    private func flipTail() {
        guard let tail, inspector.recordCount > history.partitionCount else { return }
        tally.count(.flippedTail)
        var bytes = tail.bytes
        bytes[bytes.count - dice.number(1...8)] ^= 1 << UInt8(dice.number(0...7))
        disk.setContents(of: tail.path, bytes)
    }

    // MARK: Lies

    /// Checks that recovery stops with the cause that its table gives.
    func expectStop(_ lie: Lie, _ partition: Int) throws(Anomaly) {
        let client = Client(name: "onlooker")
        cluster.lie = (lie, partition)
        defer { cluster.lie = nil }
        let counted = tally
        do throws(ProcessorError) {
            _ = try recover(partition, FaultyBroker(cluster, client))
        } catch {
            tally = counted
            guard error.cause == lie.cause else {
                throw Anomaly("\(lie.rawValue), and recovery stops with \(error.cause): \(error.description)")
            }
            return tally.count(Survived(stoppedBy: lie))
        }
        throw Anomaly("\(lie.rawValue), and recovery goes on")
    }
}

// MARK: - Forgery

extension World {
    func forge(_ partition: Int) throws(Anomaly) {
        do {
            let broker = try cluster.broker()
            let producer = try broker.producer(transactionalID: "forger")
            try producer.begin()
            let shown = FaultyBroker(cluster, Client(name: "forger"))
            let reader = try shown.reader(of: names.changes(partition), from: NextOffset(0))
            var isForged = false
            let count = try Self.count(reader)
            guard count > 0 else { return try producer.abort() }
            let again = try shown.reader(of: names.changes(partition), from: NextOffset(0))
            var place = 0
            while !isForged {
                _ = try again.read(countMax: 100) { records in
                    for record in records {
                        place += 1
                        guard place == count else { continue }
                        isForged = true
                        try producer.produce(
                            OutgoingRecord(
                                partition: names.changes(partition), key: record.key, value: record.value,
                                headers: record.headers))
                    }
                }
            }
            _ = try producer.end()
        } catch {
            throw Anomaly("nothing could be forged: \(error)")
        }
    }

    private static func count(_ reader: FaultyReader) throws -> Int {
        var count = 0
        var last = 1
        while last > 0 {
            last = try reader.read(countMax: 100) { _ throws(Never) in }
            count += last
        }
        return count
    }
}
