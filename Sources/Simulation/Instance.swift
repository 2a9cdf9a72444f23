import Processor
import Storage

/// A process with both roles: its client, and its state in memory.
final class Instance {
    let name: String
    private(set) var client: Client
    var router: Router<FaultyBroker>?
    var projector: Projector<FaultyBroker>?
    /// The checkpoint that is copied step by step between turns of the projector.
    var checkpoint: CheckpointUnderWay<SimulatedDisk>?
    /// The fault that will strike the checkpoint.
    var checkpointFault: CheckpointFault?
    /// Whether another owner of the partition began a checkpoint too; the one that finishes last may find its file
    /// gone.
    var isCheckpointContested = false
    private let checkpointDisk: SimulatedDisk
    private var lifeCount = 1

    init(_ name: String, checkpointDisk: SimulatedDisk) {
        self.name = name
        self.checkpointDisk = checkpointDisk
        client = Client(name: name)
    }

    func die() {
        client.die()
        router = nil
        projector = nil
        // A dead process cleans nothing up, so the unfinished checkpoint stays.
        checkpointDisk.faults.stop(afterSteps: 0)
        checkpoint = nil
        checkpointDisk.faults.stop(afterSteps: .max)
    }

    /// Starts a new process under the same name.
    func begin() {
        lifeCount += 1
        client = Client(name: "\(name)\(lifeCount)")
    }
}
