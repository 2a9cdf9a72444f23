import Foundation
import Glibc
import Testing

/// A shop on the given Kafka: topics under its own prefix, and the processes that work for it.
final class KafkaShop {
    let prefix: String
    let input: String
    let partitions: Int
    let workplace: Workplace
    let tools: KafkaTools
    /// How commands reach the broker; `--kafka` settings and the like can be added.
    var connection: [String]
    private var inputWords: [String]
    private let inputPartitions: Int
    /// Topics of one partition that are read besides `input`.
    private var others: [String] = []
    private var running: [Child] = []

    /// Makes the input topic. Its records are stamped when they arrive, so that old events are kept.
    init(partitions: Int = 2, inputPartitions: Int = 2, mode: String = "live") throws {
        workplace = try Workplace()
        tools = KafkaTools(in: workplace.path)
        prefix = "t\(UUID().uuidString.prefix(8).lowercased())."
        input = prefix + "events"
        self.partitions = partitions
        self.inputPartitions = inputPartitions
        inputWords = ["--input", mode == "live" ? input : "\(input):\(mode)"]
        connection = ["--brokers", Settings.servers, "--prefix", prefix]
        try tools.createTopic(
            input, partitions: inputPartitions, "message.timestamp.type=LogAppendTime", "max.message.bytes=4000000")
    }

    /// Makes another input topic, of one partition, before `create`. Returns its name.
    func add(input name: String, mapping: String) throws -> String {
        let topic = prefix + name
        try tools.createTopic(topic, partitions: 1, "message.timestamp.type=LogAppendTime")
        others.append(topic)
        inputWords += ["--input", "\(topic):mapping=\(mapping)"]
        return topic
    }

    deinit {
        for child in running where !child.hasEnded { child.kill() }
        do {
            for child in running { _ = try child.wait() }
            // A broker of ours is wiped as a whole.
            guard Settings.brokerDirectory.isEmpty else { return }
            try tools.tool("topics", "--delete", "--topic", NSRegularExpression.escapedPattern(for: prefix) + ".*")
        } catch {
            Issue.record("something of \(prefix) stays: \(error)")
        }
    }

    var log: String { prefix + "lifecycle.log" }
    var changesTopic: String { prefix + "lifecycle.changes" }
    var rejected: String { prefix + "lifecycle.rejected" }
    var state: String { workplace.path + "/state" }

    // MARK: Commands

    /// Runs `topics create`.
    @discardableResult
    func create(
        policy: String = Settings.policy("ref-1"), code: Int32 = 0, location: SourceLocation = #_sourceLocation
    ) throws -> Run {
        try workplace.run(
            ["topics", "create"] + connection + ["--policy", policy, "--partitions", "\(partitions)", "--replication"]
                + ["\(Settings.nodeCount)", "--from", "earliest"] + inputWords, code: code, location: location)
    }

    /// Starts `run`, in the shop's state directory if no other is named.
    func start(_ words: String..., state: String? = nil, through cable: Cable? = nil) throws -> Child {
        let words = ["run"] + connection + ["--state-dir", state ?? self.state] + inputWords + words
        let child: Child
        if let (program, words) = cable?.command(for: [Settings.executable] + words) {
            child = try tools.start(program, words)
        } else {
            child = try workplace.start(words)
        }
        running.append(child)
        return child
    }

    /// Ends `run` as a supervisor would.
    @discardableResult
    func stop(_ child: Child, code: Int32 = 0, location: SourceLocation = #_sourceLocation) throws -> Run {
        child.signal(SIGTERM)
        return try end(of: child, code: code, location: location)
    }

    /// Waits for a `run` that ends by itself, and returns its output.
    @discardableResult
    func end(of child: Child, code: Int32?, location: SourceLocation = #_sourceLocation) throws -> Run {
        try eventually("the process ends", location: location) { child.hasEnded }
        running.removeAll { $0.id == child.id }
        let run = try child.wait()
        #expect(run.code == code, "\(run.errors)", sourceLocation: location)
        return run
    }

    /// Kills a process, as a crash would.
    @discardableResult
    func kill(_ child: Child) throws -> Run {
        child.kill()
        return try end(of: child, code: nil)
    }

    /// Returns what a command prints under `--json`.
    func ask<Answer: Decodable>(
        _ words: String..., as type: Answer.Type = Answer.self, location: SourceLocation = #_sourceLocation
    ) throws -> Answer {
        let run = try workplace.run(words + connection + ["--json"], location: location)
        return try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8))
    }

    func digest(at instant: String) throws -> String {
        try ask("digest", "--at", instant, as: DigestAnswer.self).digest
    }

    // MARK: Status

    /// Returns the status; nil where nothing ever ran.
    func status(of state: String? = nil) throws -> StatusAnswer? {
        let run = try workplace.start(["status", "--state-dir", state ?? self.state, "--json"]).wait()
        guard !run.output.isEmpty else { return nil }
        let answer = try JSONDecoder().decode(StatusAnswer.self, from: Data(run.output.utf8))
        #expect(run.code == 0 || run.code == 1)
        #expect(answer.healthy || run.code == 1, "an unhealthy status ends with 1")
        return answer
    }

    /// Waits until `child` has carried everything in the input over both hops.
    func drain(
        _ child: Child, state: String? = nil, within limit: Duration = .seconds(120),
        location: SourceLocation = #_sourceLocation
    ) throws {
        try eventually("everything is folded", within: limit, location: location) {
            try requireRunning(child, location: location)
            guard let status = try status(of: state) else { return false }
            return try isRead(input, inputPartitions, status.worker("router"))
                && others.allSatisfy { try isRead($0, 1, status.worker("router")) }
                && isRead(log, partitions, status.worker("projector"))
        }
    }

    /// Waits until `child` holds its partitions of the log; where that takes too long, what it logged says why.
    func waitUntilItWorks(_ child: Child, location: SourceLocation = #_sourceLocation) throws {
        let end = ContinuousClock.now + .seconds(90)
        while try !child.errors().contains("took up partitions") {
            try requireRunning(child, location: location)
            let errors = try child.errors()
            try #require(ContinuousClock.now < end, "it takes up no partitions: \(errors)", sourceLocation: location)
            poll(nil, 0, 100)
        }
    }

    func requireRunning(_ child: Child, location: SourceLocation = #_sourceLocation) throws {
        guard child.hasEnded else { return }
        let errors = try child.errors()
        try #require(Bool(false), "it ended: \(errors)", sourceLocation: location)
    }

    private func isRead(_ topic: String, _ count: Int, _ worker: StatusAnswer.WorkerAnswer?) throws -> Bool {
        guard let worker, worker.phase == "live" else { return false }
        return try (0..<count).allSatisfy { partition in
            guard let next = worker.nextOffsets["\(topic)/\(partition)"] else { return false }
            return try !tools.hasRecord(in: topic, partition: partition, from: next)
        }
    }

    // MARK: What was published

    func changes() throws -> [PublishedChange] { try tools.records(of: changesTopic).map(PublishedChange.init) }
}

/// The output of `status --json`.
struct StatusAnswer: Decodable {
    struct WorkerAnswer: Decodable {
        let role: String
        let phase: String
        let nextOffsets: [String: Int64]
        let rejected: Int?
        let routed: Int?
        let passedOver: [String: Int]?
        let ticks: Int?
        let customerBytes: Int?
        let seenUntil: String?
        let timeLimitedBy: String?

        enum CodingKeys: String, CodingKey {
            case role, phase, rejected, routed, ticks
            case nextOffsets = "next_offsets"
            case passedOver = "passed_over"
            case customerBytes = "customer_bytes"
            case seenUntil = "seen_until"
            case timeLimitedBy = "time_limited_by"
        }
    }

    let healthy: Bool
    let problems: [String]
    let lanes: [WorkerAnswer]

    func worker(_ role: String) -> WorkerAnswer? { lanes.first { $0.role == role } }
}
