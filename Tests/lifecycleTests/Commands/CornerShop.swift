import Brokers
import Capture
import CommandLine
import Foundation
import Processor
import Service
import Storage
import Testing

@testable import lifecycle

/// A directory with a small shop's orders and policy, and a log that the program makes of them. It is removed with its
/// value.
final class CornerShop {
    /// Seven lines, of which two are no orders.
    static let orders = """
        order_id,customer_id,ordered_at,total,currency
        o-1,anna,2025-01-10,40.00,EUR
        o-2,anna,2025-02-20,25.50,EUR
        o-3,bert,2025-03-01,99.90,EUR
        o-4,anna,2025-11-30,10.00,EUR
        o-5,,2025-03-01,1.00,EUR
        o-6,cleo,yesterday,1.00,EUR
        o-7,dora,2025-12-24,12.00,EUR

        """

    static let policy = """
        policy: corner_shop
        currency: EUR
        time zone: UTC
        cycle ends after: 90 days

        stages:
          - lost:     silence > 180 days
          - dormant:  silence > 90 days
          - won_back: silence before last order > 90 days
          - regular:  orders >= 2
          - new:      orders = 1
          - visitor:  otherwise

        """

    /// One line of each kind that is refused, between two that are not.
    static let events = """
        {"type":"track","event":"Order Completed","messageId":"m1","userId":"anna","timestamp":"2025-01-10T10:00:00Z","properties":{"order_id":"o-1","revenue":"40,50"}}
        {"type":"track","event":"Order Completed","messageId":"m2","userId":"guest","timestamp":"2025-01-10T10:00:00Z","properties":{"order_id":"o-2"}}
        {"type":"track","event":"Order Completed","messageId":"m3","userId":"anna","timestamp":"soon","properties":{"order_id":"o-3"}}
        {"type":"track","event":"Order Completed","messageId":"m4","userId":"anna","timestamp":"2025-01-11T10:00:00Z","properties":{"revenue":1}}
        {"hello":"world","userId":"anna","timestamp":"2025-01-11T10:00:00Z"}
        {"type":"track","event":"Order Completed"
        {"type":"track","event":"Order Completed","messageId":"m7","userId":"anna","timestamp":"1985-01-11T10:00:00Z","properties":{"order_id":"o-7"}}
        {"type":"identify","messageId":"m8","userId":"anna","anonymousId":"web-1","timestamp":"2025-01-12T10:00:00Z","traits":{"email":"anna@example.com","firstName":"Annabel"}}

        """

    static let newYear = "2025-12-31T00:00:00Z"

    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "lifecycle-shop-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try write(Self.orders, to: "orders.csv")
        try write(Self.policy, to: "policy.yaml")
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            Issue.record("\(path) stays: \(error)")
        }
    }

    var segment: URL { URL(filePath: path + "/data/log/00000000000000000000.frames") }

    /// Returns all bytes that the records of all topics have: keys, values and headers.
    func logBytes() throws -> Data {
        let broker = try EmbeddedBroker.open(directory: path + "/data/log", access: .readOnly)
        var bytes = Data()
        for topic in [Names().log, Names().changes, Names().rejected, Names().customers] {
            for partition in 0..<(try broker.partitionCount(of: topic) ?? 0) {
                let reader = try broker.reader(of: TopicPartition(topic, partition), from: NextOffset(0))
                while try reader.read(
                    countMax: 1_000,
                    { lent throws(Never) in
                        for record in lent {
                            for case let part? in [record.key, record.value, record.headers] { bytes += part }
                        }
                    }) > 0
                {}
            }
        }
        return bytes
    }

    /// Leaves what a process leaves that was killed when this much of the log was written, before any checkpoint.
    func cutLog(_ beginning: Data) throws {
        try beginning.write(to: segment)
        try? FileManager.default.removeItem(atPath: path + "/data/checkpoints")
    }

    func write(_ text: String, to name: String) throws {
        try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
    }

    /// Runs the program in this directory. A word that begins with `./` is a file here, and is printed so.
    func run(_ words: String...) -> Session { run(words) }

    func run(_ words: [String], columnCount: Int? = nil) -> Session {
        let words = words.map { $0.hasPrefix("./") ? path + $0.dropFirst(1) : $0 }
        let session = Session.capturing(columnCount: columnCount) {
            Main.program.run(words, environment: [:], terminal: $0)
        }
        return Session(
            code: session.code, output: session.output.replacing(path, with: "."),
            errors: session.errors.replacing(path, with: "."))
    }

    @discardableResult
    func importOrders(_ more: String...) -> Session {
        run(["import", "./orders.csv", "--data", "./data", "--policy", "./policy.yaml"] + more)
    }

    func digest() throws -> String {
        let session = run("digest", "--data", "./data", "--at", Self.newYear)
        #expect(session.code == .done)
        return session.output
    }

    /// Returns the object that `words --json` print, which must be one line.
    func object(_ words: String..., code: ExitCode = .done) throws -> [String: Any] { try object(words, code: code) }

    func object(_ words: [String], code: ExitCode = .done) throws -> [String: Any] {
        let session = run(words + ["--json"])
        #expect(session.code == code, "\(session.errors)")
        #expect(session.output.split(separator: "\n", omittingEmptySubsequences: false).count == 2)
        return try #require(JSONSerialization.jsonObject(with: Data(session.output.utf8)) as? [String: Any])
    }
}
