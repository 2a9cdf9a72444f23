import Brokers
import Foundation
import Kafka

/// The place of one measurement: its own folder and broker, and a client of that.
final class Site {
    let settings: Settings
    let folder: String
    let lifecycle: String
    let kafka: KafkaBroker
    let clients: KafkaSettings
    private let broker: OwnBroker
    private var childCount = 0

    /// The number of partitions of inputs and of the log, as in the bare loops.
    static let partitionCount = 4

    init(_ settings: Settings, lifecycle: String, folder: String) throws {
        self.settings = settings
        self.lifecycle = lifecycle
        self.folder = folder
        broker = try OwnBroker(settings.shared + "/kafka", in: folder)
        do {
            clients = try KafkaSettings(brokers: broker.servers)
            kafka = try KafkaBroker(clients, clientID: "bench")
        } catch {
            try broker.wipe()
            throw error
        }
    }

    /// Ends the broker and removes its data.
    func clear() throws { try broker.wipe() }

    // MARK: Topics

    static func partitions(of topic: Topic) -> [TopicPartition] {
        (0..<partitionCount).map { TopicPartition(topic, $0) }
    }

    /// Makes a topic that keeps its records, if it is not there yet, and waits until it can be written to.
    func make(_ topic: Topic) throws {
        let isMade = try kafka.create(
            topic, partitionCount: Self.partitionCount, replicaCount: 1, configuration: ["retention.ms": "-1"])
        guard isMade else { return }
        let isThere = try Interruption.wait(atMost: .seconds(30)) {
            try kafka.partitionCount(of: topic) == Self.partitionCount
        }
        guard isThere else { throw BenchFailure("Topic \(topic) was made, and is not there after 30 s.") }
    }

    /// Deletes the topics of a run that is over, so that the next one has disk and page cache to itself.
    func deleteTopics(prefix: String) throws {
        try broker.deleteTopics(NSRegularExpression.escapedPattern(for: prefix) + ".*")
    }

    /// Returns how many bytes the records of a topic take in its partitions' folders.
    func byteCountOnDisk(of topic: Topic) throws -> Int {
        var byteCount = 0
        for number in 0..<Self.partitionCount {
            let folder = "\(broker.logFolders)/\(topic)-\(number)"
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasSuffix(".log") {
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
                byteCount += (attributes[.size] as? NSNumber)?.intValue ?? 0
            }
        }
        return byteCount
    }

    // MARK: Programs

    /// Starts `lifecycle` without an environment, so that only its arguments decide what it does.
    func startLifecycle(_ words: [String]) throws -> Child {
        childCount += 1
        return try Child(
            "lifecycle \(words.first ?? "")", lifecycle, words,
            files: "\(folder)/lifecycle-\(childCount)", environment: [:])
    }

    /// Starts one of `peers`, which keeps its files in the site's folder.
    func startPeer(_ name: String, _ words: [String], environment: [String: String] = [:]) throws -> Child {
        childCount += 1
        var variables = Settings.environment.merging(environment) { $1 }
        variables["KAFKA_BOOTSTRAP_SERVERS"] = clients.brokers
        variables["TMPDIR"] = folder
        // Numbers are printed with points.
        variables["LC_ALL"] = "C"
        return try Child(
            "peers/\(name) \(words.joined(separator: " "))", "\(settings.shared)/peers/\(name)/run", words,
            files: "\(folder)/peer-\(childCount)", environment: variables)
    }
}
