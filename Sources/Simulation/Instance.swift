import Processor
import Storage

/// A process of both roles: its client, and what it holds in memory.
final class Instance {
    let name: String
    private(set) var client: Client
    var router: Router<FaultyBroker>?
    var projector: Projector<FaultyBroker>?
    /// Copied a bit at a time between turns of the projector.
    var checkpoint: CheckpointUnderWay<SimulatedDisk>?
    /// What waits for it.
    var checkpointFault: CheckpointFault?
    /// Another owner of the partition began one of its own: who finishes last may find that its file is gone.
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
        // The dead tidy nothing away: what was being written stays there, unfinished.
        checkpointDisk.faults.stop(afterSteps: 0)
        checkpoint = nil
        checkpointDisk.faults.stop(afterSteps: .max)
    }

    /// The dead one comes up again under its name.
    func begin() {
        lifeCount += 1
        client = Client(name: "\(name)\(lifeCount)")
    }
}
