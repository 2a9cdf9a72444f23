import Foundation
import Testing

/// Freezes, kills and restarts the broker, and runs Kafka's own tools against it.
enum BrokerScript {
    static func broker(_ words: String...) throws { try run([Settings.kafka + "/broker"] + words).finish() }

    static func tool(_ words: [String]) throws { try run([Settings.kafka + "/tool"] + words).finish() }

    /// Some seconds from now: whoever is frozen out cannot say it any more.
    static func later(seconds: Int, _ command: String) throws -> Running {
        try run(["bash", "-c", "sleep \(seconds); \(Settings.kafka)/broker \(command)"])
    }

    private static func run(_ words: [String]) throws -> Running {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return Running(process: process, words: words)
    }

    struct Running {
        fileprivate let process: Process
        fileprivate let words: [String]

        func finish() throws {
            process.waitUntilExit()
            try #require(process.terminationStatus == 0, "\(words.joined(separator: " "))")
        }
    }
}
