import Brokers
import CustomerLifecycle
import Processor
import Storage

extension World {
    // MARK: The log

    /// The broker goes down with all that runs on it, and comes up again with what is left.
    func breakLog(_ step: Step) throws(Anomaly) {
        for instance in instances { instance.die() }
        router.die()
        cluster.close()
        forgetPolicies()
        switch step {
        case .tornTail: tearTail()
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
        inspectAnew()
    }

    private var tail: (path: String, bytes: [UInt8])? {
        guard let name = (try? disk.names(in: "log"))?.last(where: { $0.hasSuffix(".frames") }) else { return nil }
        return ("log/\(name)", disk.contents(of: "log/\(name)"))
    }

    /// What an append that was cut short may have left: the beginning of a frame, or anything.
    private func tearTail() {
        guard let tail else { return }
        tally.count(.tornTail)
        let count = dice.number(1...80)
        let torn =
            dice.happens(percent: 50)
            ? Array(tail.bytes.prefix(count)) : (0..<count).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
        disk.setContents(of: tail.path, tail.bytes + torn)
    }

    /// Never the founding: without it there is no log to go on with.
    private func flipTail() {
        guard let tail, !inputs.isEmpty, (try? position()) != 0 || inspector.eventCount > 0 else { return }
        tally.count(.flippedTail)
        var bytes = tail.bytes
        bytes[bytes.count - dice.number(1...8)] ^= 1 << UInt8(dice.number(0...7))
        disk.setContents(of: tail.path, bytes)
    }

    // MARK: Checkpoints

    /// Written between turns. A full disk is loud, and processing goes on.
    func checkpoint(_ partition: Int, _ fault: CheckpointFault?) throws(Anomaly) {
        guard let owner = instances.first(where: { $0.client === cluster.owners[partition] }), owner.client.isAlive,
            let fold = owner.folds[partition]
        else { return }
        switch fault {
        case .diskFull(let bytes): checkpointDisk.faults.leave(bytes: bytes)
        case .crash(let steps): checkpointDisk.faults.stop(afterSteps: steps)
        case nil: break
        }
        defer { checkpointDisk.faults.repair() }
        do throws(StorageError) {
            try checkpoints.write(fold)
        } catch {
            switch (error, fault) {
            case (.full, .diskFull): tally.count(.checkpointDiskFull)
            case (.system, .crash):
                tally.count(.checkpointCut)
                owner.die()
                if dice.happens(percent: 50) { checkpointDisk.losePower(using: &dice) }
            default: throw Anomaly("a checkpoint cannot be written: \(error.description)")
            }
        }
        try countCheckpoints(partition)
    }

    private var checkpointNames: [String] {
        ((try? checkpointDisk.names(in: "checkpoints")) ?? []).filter { !$0.hasSuffix(".partial") }
    }

    private func countCheckpoints(_ partition: Int) throws(Anomaly) {
        let count = checkpointNames.count { $0.split(separator: "-").dropFirst().first == "\(partition)" }
        // A third is there for the moment between the rename and the removal of the oldest.
        guard count <= Checkpoints<SimulatedDisk>.countKept + 1 else {
            throw Anomaly("\(count) checkpoints of partition \(partition) are kept")
        }
    }

    func damageCheckpoint() {
        guard let name = checkpointNames.last else { return }
        tally.count(.checkpointDamaged)
        var bytes = checkpointDisk.contents(of: "checkpoints/\(name)")
        guard !bytes.isEmpty else { return }
        bytes[dice.number(0...bytes.count - 1)] ^= 1 << UInt8(dice.number(0...7))
        checkpointDisk.setContents(of: "checkpoints/\(name)", bytes)
    }

    func loseCheckpoints() {
        guard !checkpointNames.isEmpty else { return }
        tally.count(.checkpointsLost)
        discardCheckpoints()
    }

    /// The removal may not last: a loss of power brings back what was there.
    func discardCheckpoints() {
        for name in checkpointNames { _ = try? checkpointDisk.remove("checkpoints/\(name)") }
    }

    // MARK: Lies

    /// Recovery must stop, with the cause that the table gives.
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
