import Processor

/// A process of both roles: its client, and what it holds in memory.
final class Instance {
    let name: String
    private(set) var client: Client
    var router: Router<FaultyBroker>?
    var projector: Projector<FaultyBroker>?
    private var lifeCount = 1

    init(_ name: String) {
        self.name = name
        client = Client(name: name)
    }

    func die() {
        client.die()
        router = nil
        projector = nil
    }

    /// The dead one comes up again under its name.
    func begin() {
        lifeCount += 1
        client = Client(name: "\(name)\(lifeCount)")
    }
}
