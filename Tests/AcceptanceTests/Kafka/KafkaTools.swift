import Foundation
import Testing

/// Programs of others, so that ours does not judge itself: kcat, and Kafka's own tools.
struct KafkaTools {
    private let directory: String

    /// Keeps what the programs print in `directory`.
    init(in directory: String) { self.directory = directory }

    /// Runs kcat to its end.
    @discardableResult
    func kcat(_ words: [String], input: String = "/dev/null") throws -> String {
        // A broker with much to do may take longer than the five seconds that kcat gives it.
        try run("kcat", ["-b", Settings.servers, "-m", "30", "-q"] + words, input: input).output
    }

    /// Runs one of Kafka's own tools: `topics`, `configs`, `groups`…
    @discardableResult
    func tool(_ words: String..., code: Int32 = 0) throws -> String {
        let run = try run(Settings.kafka + "/tool", words, code: code)
        return run.output + run.errors
    }

    /// Starts, freezes or kills the broker.
    func broker(_ words: [String]) throws { try run(Settings.kafka + "/broker", words) }

    @discardableResult
    func run(_ program: String, _ words: [String], input: String = "/dev/null", code: Int32 = 0) throws -> Run {
        let run = try start(program, words, input: input).wait()
        try #require(run.code == code, "\(program) \(words.joined(separator: " ")): \(run.errors)\(run.output)")
        return run
    }

    func start(_ program: String, _ words: [String], input: String = "/dev/null") throws -> Child {
        try Child(
            words, files: "\(directory)/\(UUID().uuidString)", program: program, environment: Settings.environment,
            input: input)
    }

    // MARK: Topics

    func createTopic(_ name: String, partitions: Int, _ configuration: String...) throws {
        let settings = configuration.flatMap { ["--config", $0] }
        try run(
            Settings.kafka + "/tool",
            ["topics", "--create", "--topic", name, "--partitions", "\(partitions)"] + settings)
    }

    // MARK: Records

    /// Produces lines `key|value`, as shops do.
    func produce(_ lines: [String], to topic: String, transaction: Bool = false) throws {
        let file = "\(directory)/\(UUID().uuidString).lines"
        try (lines.joined(separator: "\n") + "\n").write(toFile: file, atomically: false, encoding: .utf8)
        let identity = transaction ? ["-X", "transactional.id=\(UUID().uuidString)"] : []
        try kcat(["-P", "-t", topic, "-K", "|", "-X", "partitioner=murmur2_random"] + identity, input: file)
    }

    /// Produces one record of any bytes but none; headers as `name=value`.
    func produce(
        _ value: [UInt8], key: String?, headers: [String] = [], to topic: String, partition: Int = 0
    ) throws {
        let file = "\(directory)/\(UUID().uuidString).value"
        try Data(value).write(to: URL(filePath: file))
        try kcat(
            [
                "-P", "-t", topic, "-p", "\(partition)", "-X", "message.max.bytes=4000000",
            ] + (key.map { ["-k", $0] } ?? []) + headers.flatMap { ["-H", $0] } + [file])
    }

    /// Produces a record without a value, or with one of no bytes.
    func produceNothing(isTombstone: Bool, key: String, to topic: String, partition: Int = 0) throws {
        let file = "\(directory)/\(UUID().uuidString).lines"
        try "\(key)|\n".write(toFile: file, atomically: false, encoding: .utf8)
        try kcat(
            ["-P", "-t", topic, "-p", "\(partition)", "-K", "|"] + (isTombstone ? ["-Z"] : []), input: file)
    }

    /// Returns everything committed in a topic, in offset order of each partition.
    func records(of topic: String, isolation: String = "read_committed") throws -> [KafkaRecord] {
        let text = try kcat([
            "-C", "-t", topic, "-o", "beginning", "-e", "-J", "-X", "isolation.level=\(isolation)", "-X",
            "check.crcs=true",
        ])
        let decoder = JSONDecoder()
        // The text is split by bytes, since splitting by characters takes longer than decoding.
        return try text.utf8.split(separator: UInt8(ascii: "\n")).map {
            try decoder.decode(KafkaRecord.self, from: Data($0))
        }
    }

    /// Returns the bytes of each partition's first record.
    func firstValues(of topic: String, partitions: Int) throws -> [[UInt8]] {
        try (0..<partitions).map { partition in
            let child = try start(
                "kcat",
                [
                    "-b", Settings.servers, "-q", "-C", "-t", topic, "-p", "\(partition)", "-o", "beginning", "-c", "1",
                    "-D", "", "-f", "%s",
                ])
            try #require(try child.end() == 0)
            let value = [UInt8](try Data(contentsOf: URL(filePath: child.files + ".out")))
            try #require(!value.isEmpty, "\(topic)/\(partition) is empty")
            return value
        }
    }

    /// Returns whether there is a committed record at `offset` or behind it. Control records do not count.
    func hasRecord(in topic: String, partition: Int, from offset: Int64) throws -> Bool {
        try !kcat([
            "-C", "-t", topic, "-p", "\(partition)", "-o", "\(offset)", "-e", "-c", "1", "-f", "%o", "-X",
            "isolation.level=read_committed",
        ]).isEmpty
    }
}

/// A record as kcat prints it.
struct KafkaRecord: Decodable {
    let partition: Int
    let offset: Int64
    /// Milliseconds since 1970.
    let ts: Int64
    /// Names and values in turn; a value of no bytes is null.
    let headers: [String?]?
    let key: String?
    let payload: String?

    /// The last header of each name.
    var attributes: [String: String] {
        let list = headers ?? []
        return stride(from: 0, to: list.count - 1, by: 2).reduce(into: [:]) { $0[list[$1] ?? ""] = list[$1 + 1] ?? "" }
    }
}
