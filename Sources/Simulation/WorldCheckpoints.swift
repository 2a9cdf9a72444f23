import Brokers
import Processor
import Storage

/// Copies checkpoints step by step between the turns of their projector, as the program does.
extension World {
    var checkpoints: Checkpoints<SimulatedDisk> {
        get throws(StorageError) {
            Checkpoints(directory: try SnapshotDirectory("checkpoints", disk: checkpointDisk), cache: cache)
        }
    }

    /// Lets the owner of the partition begin a checkpoint, unless it has one under way. A whole one is finished before
    /// anything else happens, as when the program ends.
    func checkpoint(_ partition: Int, isWhole: Bool, _ fault: CheckpointFault?) throws(Anomaly) {
        let client = cluster.projectors.owners[names.log(partition)]
        guard let owner = instances.first(where: { $0.client === client }), owner.client.isAlive,
            owner.checkpoint == nil,
            let fold = owner.projector?.folds.first(where: { $0.index == partition })
        else { return }
        owner.checkpointFault = fault
        if case .diskFull(let bytes) = fault {
            isCheckpointDiskLimited = true
            checkpointDisk.faults.leave(bytes: bytes)
        }
        let rivals = instances.filter { $0 !== owner && $0.checkpoint?.fold.index == partition }
        owner.isCheckpointContested = !rivals.isEmpty
        for rival in rivals {
            tally.count(.checkpointContested)
            rival.isCheckpointContested = true
        }
        try write(owner) { () throws(StorageError) in owner.checkpoint = try checkpoints.begin(fold) }
        while isWhole, owner.checkpoint != nil { try step(owner) }
    }

    /// Copies a step of an instance's checkpoint between two turns.
    func copyOn(_ instance: Instance) {
        guard instance.client.isAlive else { return }
        note { () throws(Anomaly) in try step(instance) }
    }

    /// Finishes the checkpoints under way, without faults.
    func finishCheckpoints() throws(Anomaly) {
        healCheckpointDisk()
        for instance in instances {
            instance.checkpointFault = nil
            while instance.checkpoint != nil { try step(instance) }
        }
    }

    /// Copies as little as possible. The copy is dropped if its partition was lost meanwhile.
    private func step(_ instance: Instance) throws(Anomaly) {
        guard let copy = instance.checkpoint else { return }
        guard instance.projector?.folds.contains(where: { $0 === copy.fold }) == true else {
            tally.count(.checkpointDropped)
            instance.checkpoint = nil
            return
        }
        try write(instance) { () throws(StorageError) in
            guard try copy.step(byteCount: 1) else { return }
            if copy.next < copy.fold.next { tally.count(.checkpointOutrun) }
            instance.checkpoint = nil
            healCheckpointDisk()
        }
        try countCheckpoints(copy.fold.index)
    }

    /// Runs `body` under the instance's fault. On a full disk processing goes on without a checkpoint.
    private func write(_ instance: Instance, _ body: () throws(StorageError) -> Void) throws(Anomaly) {
        var isStruck = false
        if case .crash(let step, let operations) = instance.checkpointFault {
            isStruck = step == 0
            instance.checkpointFault = isStruck ? nil : .crash(step: step - 1, operations: operations)
            if isStruck { checkpointDisk.faults.stop(afterSteps: operations) }
        }
        defer { if isStruck { checkpointDisk.faults.stop(afterSteps: .max) } }
        do throws(StorageError) {
            try body()
        } catch {
            instance.checkpoint = nil
            switch error {
            case .full where isCheckpointDiskLimited:
                tally.count(.checkpointDiskFull)
                healCheckpointDisk()
            case .system where isStruck:
                tally.count(.checkpointCut)
                instance.die()
                guard dice.happens(percent: 50) else { return }
                for instance in instances { instance.die() }
                checkpointDisk.losePower(using: &dice)
            case .missing where instance.isCheckpointContested: break
            default: throw Anomaly("a checkpoint cannot be written: \(error.description)")
            }
        }
    }

    private func healCheckpointDisk() {
        isCheckpointDiskLimited = false
        checkpointDisk.faults.leave(bytes: .max)
    }

    // MARK: Files

    private var checkpointFiles: [String] { (try? checkpointDisk.names(in: "checkpoints")) ?? [] }

    private var checkpointNames: [String] { checkpointFiles.filter { !$0.hasSuffix(".partial") } }

    var hasUnfinishedCheckpoints: Bool { checkpointFiles.contains { $0.hasSuffix(".partial") } }

    /// Returns the names of a partition's checkpoints, oldest first.
    private func checkpointNames(of partition: Int) -> [String] {
        checkpointNames.filter { $0.split(separator: "-").dropFirst().first == "\(partition)" }
    }

    private func countCheckpoints(_ partition: Int) throws(Anomaly) {
        let count = checkpointNames(of: partition).count
        // One more is there between the rename and the removal of the oldest one.
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
        while discardNewestCheckpoints() {}
    }

    /// Removes the newest checkpoint of each partition. Returns whether there was any. A loss of power may undo the
    /// removal.
    func discardNewestCheckpoints() -> Bool {
        let newest = (0..<history.partitionCount).compactMap { checkpointNames(of: $0).last }
        for name in newest { _ = try? checkpointDisk.remove("checkpoints/\(name)") }
        return !newest.isEmpty
    }
}
