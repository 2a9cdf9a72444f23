import Foundation
import Glibc
import Testing

/// kcat as a subscriber that never stops. It hands over each record as soon as it comes.
final class Feed {
    private let process = Process()
    private let pipe = Pipe()
    private var rest = Data()

    init(of topic: String) throws {
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "kcat", "-b", Settings.servers, "-m", "30", "-q", "-C", "-u", "-J", "-t", topic, "-o", "beginning", "-X",
            "isolation.level=read_committed", "-X", "fetch.wait.max.ms=10",
        ]
        process.standardOutput = pipe
        try process.run()
    }

    /// A blocked signal would be inherited; this one cannot be blocked.
    deinit { kill(process.processIdentifier, SIGKILL) }

    /// Waits for the next record.
    func next() throws -> KafkaRecord {
        while true {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = rest[..<end]
                rest = rest[rest.index(after: end)...]
                return try JSONDecoder().decode(KafkaRecord.self, from: Data(line))
            }
            let more = pipe.fileHandleForReading.availableData
            try #require(!more.isEmpty, "kcat ended")
            rest.append(more)
        }
    }
}

/// A producer outside the system, with a transaction that it keeps open until it is told to end.
final class OpenTransaction {
    private let process = Process()
    private let pipe = Pipe()

    /// kcat fills a buffer before it sends, hence the same line again and again; each is the same event.
    init(of line: String, to topic: String) throws {
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "kcat", "-b", Settings.servers, "-m", "30", "-q", "-P", "-t", topic, "-p", "0", "-K", "|", "-X",
            "transactional.id=foreign-\(topic)", "-X", "transaction.timeout.ms=600000",
        ]
        process.standardInput = pipe
        try process.run()
        let padded = line + String(repeating: " ", count: 1_000) + "\n"
        try pipe.fileHandleForWriting.write(contentsOf: Data(String(repeating: padded, count: 100).utf8))
    }

    func commit() throws {
        try pipe.fileHandleForWriting.close()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    /// A blocked signal would be inherited; this one cannot be blocked.
    deinit { kill(process.processIdentifier, SIGKILL) }
}
