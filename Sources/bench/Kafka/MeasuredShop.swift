import Brokers
import Kafka
import Processor

/// One shop under a prefix of its own, and the `lifecycle run` that works for it.
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

    /// Makes its topics; the input has to be there.
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

    /// So long it may take to end the turn it is in.
    static let stopLimit = Duration.seconds(60)
}
