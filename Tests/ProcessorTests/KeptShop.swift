import Brokers
import CustomerLifecycle
import FoundationEssentials
import PolicyLanguage
import Storage
import Testing
import Wire

@testable import Processor

/// A small shop in whose history every kind of record and of event comes.
///
/// `Kept/<version>` holds what the last build of that version of the fold made of `begin`, a log and checkpoints: 1 the
/// build of commit 9a93227, 2 that of 1111f73, 3 that of d6067c5, 4 that of 638bd46, 5 that of 2d8f9b7. They are never
/// made anew. Earlier versions had fewer lines of `live.ndjson`.
struct KeptShop {
    static let partitionCount = 2
    static let versions: [UInt32] = [1, 2, 3, 4, 5, 6]
    let workshop: Workshop

    private static let directory =
        #filePath.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/Kept/"

    /// A shop whose history is still to come.
    init() throws {
        workshop = try Workshop(partitionCount: Self.partitionCount, policy: Self.policies[0])
    }

    /// The shop as the build with that version of the fold left it.
    init(version: UInt32, folders: [String]) throws {
        workshop = try Workshop(
            partitionCount: Self.partitionCount, files: try Self.files(folders, in: Self.directory + "\(version)/"))
        workshop.clock.set(Rows.start + .days(130))
    }

    /// What the earlier build did: an import, a checkpoint of each partition, live events, and all that moves time. It
    /// ends after a few turns of few outputs, within a record.
    func begin() throws {
        try workshop.importRows(try Self.rows("imported"), finish: false)
        try workshop.project()
        try workshop.importRows(try Self.rows("imported"))
        try workshop.project()
        for partition in 0..<Self.partitionCount { try workshop.checkpoints.write(workshop.recover(partition)) }
        workshop.clock.set(Rows.start + .days(110))
        try append(.tick, .tick)
        workshop.clock.set(Rows.start + .days(130))
        try appendEvents("live")
        try append(.generation, .generation(GenerationRecord(number: 2, foldVersion: LogFold.version)))
        try adopt(2)
        let projector = try workshop.projector(
            limits: TurnLimits(outputCountMax: 7, outputByteCountMax: .max, recordCountMax: 9))
        for _ in 0..<5 { _ = try projector.takeTurn() }
    }

    /// What comes afterwards, whichever build is at work.
    func goOn() throws {
        workshop.clock.set(Rows.start + .days(240))
        try append(.tick, .tick)
        try appendEvents("later")
        try adopt(3)
        try append(.caughtUp, .caughtUp)
        // Visitors are forgotten.
        workshop.clock.set(Rows.start + .days(700))
        try append(.tick, .tick)
        try workshop.project()
    }

    /// What is committed for each partition.
    func committed() throws -> [String] {
        try (0..<Self.partitionCount).map { partition in
            let log = workshop.names.log(partition)
            let offset = try #require(try workshop.broker.committed(by: workshop.names.projector, on: log))
            return "\(offset.next): \(offset.metadata)"
        }
    }

    // MARK: Records

    private func adopt(_ number: UInt32) throws {
        let compiled = PolicyCompiler.compile(Self.policies[Int(number - 1) % 2])
        #expect(compiled.errors.isEmpty)
        try append(.adoption, .adoption(AdoptedPolicy(number: number, text: compiled.text, zones: compiled.zones)))
    }

    private func append(_ kind: LogKind, _ contents: LogContents) throws {
        let producer = try workshop.broker.producer(transactionalID: "history")
        try producer.begin()
        for partition in 0..<Self.partitionCount {
            var value = ByteWriter()
            value.append(LogHeader(own: kind, claimed: now), contents)
            try producer.produce(value, to: workshop.names.log(partition))
        }
        _ = try producer.end()
    }

    private func appendEvents(_ name: String) throws {
        let producer = try workshop.broker.producer(transactionalID: "history")
        let writer = LogWriter<Workshop.Broker.Producer>(
            names: workshop.names, partitionCount: Self.partitionCount, settings: Workshop.routerSettings)
        try producer.begin()
        for line in try Self.lines(name) {
            let padded = line + [UInt8](repeating: 0, count: 64)
            let appended: Result<Result<Int, Rejection>, any Error> = padded.withUnsafeBytes { bytes in
                let value = UnsafeRawBufferPointer(rebasing: bytes[..<line.count])
                let input = RouterInput(value: value, kafkaTime: now, clock: now, mode: .live, isOfOperator: true)
                return Result { try writer.append(input, from: .none, to: producer) }
            }
            _ = try appended.get().get()
        }
        _ = try producer.end()
    }

    private var now: Instant { Instant(milliseconds: workshop.clock.nowMilliseconds()) }

    // MARK: Files

    private static func rows(_ name: String) throws -> Rows { Rows(name, json: try lines(name)) }

    private static func lines(_ name: String) throws -> [[UInt8]] {
        try String(contentsOfFile: directory + name + ".ndjson", encoding: .utf8).split(separator: "\n").map {
            Array($0.utf8)
        }
    }

    private static func files(_ folders: [String], in directory: String) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for folder in folders {
            for name in try FileManager.default.contentsOfDirectory(atPath: directory + folder) {
                let path = "\(folder)/\(name)"
                files[path] = [UInt8](try Data(contentsOf: URL(filePath: directory + path)))
            }
        }
        return files
    }

    // MARK: Policies

    /// The first and every second after it.
    private static let policies = [
        """
        policy: kept
        currency: EUR
        cycle ends after: 60 days
        assume:
          gap between orders: 30 days
          margin: 40%
        define:
          patience: 2 * usual gap, at least 20 days, at most 60 days
        stages:
          - lost:       silence > 180 days
          - sleepy:     silence > patience
          - upset:      open complaints >= 1
          - fan:        last review >= 4 of 5 or last survey >= 9 of 10
          - collector:  bought has "bags" or margin > 30 EUR
          - undone:     undone orders >= 1
          - friend:     last share is known
          - reachable:  consent to email marketing and birthday is known
          - loyal:      orders >= 3
          - saver:      discounted orders >= 1
          - rich:       revenue in last 100 days > 40 EUR
          - active:     orders >= 1
          - reader:     consent to any marketing
          - known:      identified
          - visitor:    otherwise
        segments:
          dear:    revenue in last 100 days > 40 EUR
          resting: stage in lost, sleepy and since stage entered > 5 days
        """,
        """
        policy: another
        currency: EUR
        stages:
          - lost:     silence > 80 days and not consent to any marketing
          - loyal:    orders >= 2
          - active:   orders >= 1
          - critic:   reviews >= 1 or complaints >= 1
          - phoned:   profile has phone
          - visitor:  otherwise
        segments:
          writing: reviews >= 1
          dear:    revenue in last 100 days > 20 EUR
        """,
    ]
}
