import Brokers
import Kafka
import Processor

/// A shop under its own prefix, and the `lifecycle run` that works for it.
struct MeasuredShop {
    let site: Site
    let names: Names
    let input: Topic

    init(_ site: Site, prefix: String, input: Topic) {
        self.site = site
        names = Names(prefix: prefix)
        self.input = input
    }

    private var connection: [String] { ["--brokers", site.clients.brokers, "--prefix", names.prefix] }

    /// Makes its topics. The input must exist.
    func create() throws {
        let words =
            ["topics", "create"] + connection
            + ["--partitions", "\(Site.partitionCount)", "--replication", "1", "--input", input.name]
        _ = try site.startLifecycle(words + ["--from", "earliest"]).output(within: .seconds(120))
    }

    func start() throws -> Child {
        try site.startLifecycle(
            ["run"] + connection + ["--state-dir", "\(site.folder)/\(names.prefix)state", "--input", input.name]
                + site.settings.runWords)
    }

    /// The time in which `lifecycle` must end its turn and stop.
    static let stopLimit = Duration.seconds(60)
}
