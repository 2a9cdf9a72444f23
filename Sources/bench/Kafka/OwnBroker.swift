import Glibc

/// A Kafka of one node for this measurement alone, on a free port. The caller must wipe it.
final class OwnBroker {
    private(set) var servers = ""
    private let script: String
    private let tool: String
    private let folder: String
    private let environment: [String: String]
    private var commandCount = 0

    private static let startLimit = Duration.seconds(120)
    private static let wipeLimit = Duration.seconds(60)

    /// `kafka` holds the scripts `broker` and `tool`; everything else is kept in `folder`.
    init(_ kafka: String, in folder: String) throws {
        script = kafka + "/broker"
        tool = kafka + "/tool"
        self.folder = folder
        var environment = Settings.environment
        environment["KAFKA_DATA"] = folder + "/kafka"
        environment["KAFKA_PORT"] = "\(try Self.freePort())"
        // Otherwise the scripts would use the broker that this variable names.
        environment["KAFKA_BOOTSTRAP_SERVERS"] = nil
        self.environment = environment
        do {
            let answer = try run(script, ["start"], within: Self.startLimit)
            servers = answer.split(separator: "\n").last.map(String.init) ?? ""
        } catch {
            try wipe()
            throw error
        }
    }

    /// Ends the broker and removes its data, also after an interruption.
    func wipe() throws { _ = try run(script, ["wipe"], within: Self.wipeLimit, evenIfInterrupted: true) }

    /// Deletes the topics whose names match the regular expression.
    func deleteTopics(_ pattern: String) throws {
        _ = try run(tool, ["topics", "--delete", "--topic", pattern], within: .seconds(60))
    }

    /// The folder in which the node keeps its partitions.
    var logFolders: String { folder + "/kafka/1/data" }

    private func run(
        _ program: String, _ words: [String], within limit: Duration, evenIfInterrupted: Bool = false
    ) throws -> String {
        commandCount += 1
        let child = try Child(
            "\(program) \(words.joined(separator: " "))", program, words,
            files: "\(folder)/broker-\(commandCount)", environment: environment)
        return try child.output(within: limit, evenIfInterrupted: evenIfInterrupted)
    }

    // MARK: Ports

    /// Returns a free port whose neighbours are free too: controller, plain text, TLS, SASL.
    private static func freePort() throws(BenchFailure) -> Int {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            let port = Int.random(in: 21_000...29_000, using: &generator)
            if (port - 1...port + 2).allSatisfy(isFree) { return port }
        }
        throw BenchFailure("No free port was found between 21000 and 29000.")
    }

    private static func isFree(_ port: Int) -> Bool {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        return withUnsafePointer(to: address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
