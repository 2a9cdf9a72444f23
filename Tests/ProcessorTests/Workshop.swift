import Brokers
import CustomerLifecycle
import PolicyLanguage
import Storage
import Testing
import Wire

@testable import Processor

/// A log on a simulated disk under a clock that moves only when told, with everything that works on it.
final class Workshop {
    typealias Broker = EmbeddedBroker<SimulatedDisk, SetClock>

    static let start = Instant(milliseconds: 1_767_225_600_000)  // 2026-01-01

    let disk = SimulatedDisk()
    let clock = SetClock(Workshop.start)
    let names = Names()
    private var opened: Broker?
    private(set) var cache = PolicyCache()
    let partitionCount: Int

    static let routerSettings = RouterSettings(currency: Currency("EUR".utf8) ?? Currency(code: 0))

    static let policy = """
        policy: test
        currency: EUR
        cycle ends after: 90 days
        stages:
          - lost:    silence > 180 days
          - dormant: silence > 90 days
          - loyal:   orders >= 3
          - active:  orders >= 1
          - visitor: otherwise
        """

    init(partitionCount: Int = 1, policy: String = Workshop.policy) throws {
        self.partitionCount = partitionCount
        opened = try Broker.open(directory: "log", access: .readWrite, disk: disk, clock: clock)
        let id = try [UInt8](repeating: 7, count: 16).withUnsafeBytes { try #require(LogID($0)) }
        let bootstrap = try #require(
            LogBootstrap(names: names, partitionCount: partitionCount, log: id, policy: PolicyCompiler.compile(policy)))
        try bootstrap.begin(in: broker)
    }

    /// The log and the checkpoints that stand in these files, whatever made them.
    init(partitionCount: Int, files: [String: [UInt8]]) throws {
        self.partitionCount = partitionCount
        for directory in ["log", "checkpoints"] { try disk.createDirectory(directory) }
        for (path, bytes) in files {
            _ = try disk.open(path, .creating)
            disk.setContents(of: path, bytes)
        }
        for directory in ["log", "checkpoints"] { try disk.syncDirectory(directory) }
        opened = try Broker.open(directory: "log", access: .readWrite, disk: disk, clock: clock)
    }

    var broker: Broker {
        guard let opened else { preconditionFailure("The log is open but while it restarts.") }
        return opened
    }

    var checkpoints: Checkpoints<SimulatedDisk> {
        get throws { Checkpoints(directory: try SnapshotDirectory("checkpoints", disk: disk), cache: cache) }
    }

    /// Kills the process, so that everything not on disk is lost, and opens the log in a new one.
    func restart() throws {
        opened = nil
        var generator = SystemRandomNumberGenerator()
        disk.losePower(using: &generator)
        cache = PolicyCache()
        opened = try Broker.open(directory: "log", access: .readWrite, disk: disk, clock: clock)
    }

    @discardableResult
    func importRows(
        _ rows: Rows, rowCountMax: Int = 5_000, finish: Bool = true, settings: RouterSettings = routerSettings,
        onRefused: @escaping Importer<Broker>.OnRefused = { _, _ in }
    ) throws -> ImportResult {
        var rows = rows
        let importer = try Importer(
            broker: broker, names: names, partitionCount: partitionCount, settings: settings, rowCountMax: rowCountMax)
        let result = try importer.run(&rows, onRefused: onRefused) { _ in }
        if finish { _ = try importer.finish(rows.file) }
        return result
    }

    func recover(
        _ partition: Int, skipped: [PartitionSkippedRecord] = [], marks: TrapMarks? = nil,
        onNote: (Recovery<Broker, SimulatedDisk>.Note) -> Void = { _ in }
    ) throws -> LogFold {
        try Recovery(
            broker: broker, names: names, cache: cache, checkpoints: checkpoints, skipped: skipped, marks: marks
        ).recover(partition, onNote: onNote)
    }

    /// Recovers every partition and publishes to its end; stops after `turnCountMax` turns as if killed.
    func project(
        limits: TurnLimits = TurnLimits(), turnCountMax: Int = .max, skipped: [PartitionSkippedRecord] = [],
        marks: TrapMarks? = nil
    ) throws {
        let projector = try projector(limits: limits, skipped: skipped, marks: marks)
        var turnCount = 0
        try projector.run { _, _ in
            turnCount += 1
            if turnCount == turnCountMax { self.disk.faults.stop(afterSteps: 0) }
        }
    }

    func projector(
        limits: TurnLimits = TurnLimits(), clock: @escaping TurnPace.Clock = TurnPace.realClock,
        commits: any CommitRunner = CommitAtOnce(), keepsCustomers: Bool = false,
        skipped: [PartitionSkippedRecord] = [],
        marks: TrapMarks? = nil
    ) throws -> Projector<Broker> {
        let recovery = Recovery(
            broker: broker, names: names, cache: cache, checkpoints: try checkpoints, skipped: skipped, marks: marks)
        return Projector(
            broker: broker, names: names, producer: try broker.producer(transactionalID: "projector"),
            member: try broker.join(names.projector, reading: [names.log]), limits: limits,
            clock: clock, commits: commits, keepsCustomers: keepsCustomers, recover: recovery.oneAfterTheOther())
    }

    func view() throws -> LogView<Broker, SimulatedDisk> {
        try LogView(broker: broker, names: names, cache: cache, checkpoints: checkpoints)
    }

    /// Returns every published change, headers and value, in the order of (partition, offset).
    func changes() throws -> [Change] {
        var changes: [Change] = []
        for partition in 0..<partitionCount {
            let reader = try broker.reader(of: names.changes(partition), from: NextOffset(0))
            while try reader.read(
                countMax: 100,
                { records throws(Never) in
                    for record in records { changes.append(Change(record)) }
                }) > 0
            {}
        }
        return changes
    }

    /// The SHA-256 of all that was published, headers and values.
    func publishedHash() throws -> String {
        var all = ByteWriter()
        for change in try changes() {
            change.headers.withUnsafeBytes { all.append($0) }
            Array(change.value.utf8).withUnsafeBytes { all.append($0) }
        }
        return "\(all.withUnsafeBytes { SHA256Digest(of: $0) })"
    }

    struct Change: Equatable {
        let key: String
        let headers: [UInt8]
        let value: String

        init(_ record: LentRecord) {
            key = record.key.map { String(decoding: $0, as: UTF8.self) } ?? ""
            headers = record.headers.map { Array($0) } ?? []
            value = record.value.map { String(decoding: $0, as: UTF8.self) } ?? ""
        }

        /// The transition as `visitor->active`.
        var transition: String { "\(text("previous_stage") ?? "none")->\(text("stage") ?? "")" }

        /// Returns a header's text; empty where there is none.
        func header(_ name: String) -> String {
            headers.withUnsafeBytes { block in
                var scanner = HeaderScanner(block)
                while let header = try? scanner.next() {
                    guard String(decoding: header.name, as: UTF8.self) == name else { continue }
                    return header.value.map { String(decoding: $0, as: UTF8.self) } ?? ""
                }
                return ""
            }
        }

        /// Returns a text member of the value. It knows just enough JSON for a test.
        func text(_ name: String) -> String? {
            guard let start = value.firstRange(of: "\"\(name)\":\"")?.upperBound else { return nil }
            return String(value[start...].prefix { $0 != "\"" })
        }
    }
}

extension SetClock {
    convenience init(_ instant: Instant) { self.init(milliseconds: instant.milliseconds) }
    func set(_ instant: Instant) { set(milliseconds: instant.milliseconds) }
}

/// Events as an import's rows, in the order given; a user `a:…` is anonymous.
struct Rows: ImportSource {
    let file: ImportFile
    private let lines: [[UInt8]]

    init(_ name: String, _ events: [(action: StorefrontJSON.Action, user: String, day: Int)]) {
        lines = events.map { event in
            var json = StorefrontJSON()
            let at = Rows.start + .days(Int64(event.day))
            let isAnonymous = event.user.hasPrefix("a:")
            json.append(
                event.action,
                StorefrontJSON.Envelope(
                    messageID: "\(event.user)-\(event.day)-\(event.action)", user: isAnonymous ? nil : event.user,
                    anonymous: isAnonymous ? event.user : nil, at: at))
            return json.bytes
        }
        file = ImportFile(hash: name, name: name, rowCount: lines.count)
    }

    /// Takes these events as they stand.
    init(_ name: String, json lines: [[UInt8]]) {
        self.lines = lines
        file = ImportFile(hash: name, name: name, rowCount: lines.count)
    }

    /// Makes orders by one customer, one a day, with these revenues verbatim.
    init(_ name: String, revenues: [String]) {
        lines = revenues.enumerated().map { day, revenue in
            Array(
                #"{"type":"track","event":"Order Completed","messageId":"m\#(day)","userId":"anna","#.utf8)
                + Array(#""timestamp":\#((Self.start + .days(Int64(day))).milliseconds),"#.utf8)
                + Array(#""properties":{"order_id":"o\#(day)","revenue":\#(revenue),"currency":"EUR"}}"#.utf8)
        }
        file = ImportFile(hash: name, name: name, rowCount: lines.count)
    }

    /// The same rows, whose reader was told something.
    init(_ rows: Rows, _ settings: [String: String]) {
        lines = rows.lines
        file = ImportFile(
            hash: "\(rows.file.hash) \(settings)", name: rows.file.name, rowCount: lines.count,
            content: rows.file.content, settings: settings)
    }

    static let start = Instant(milliseconds: 1_704_067_200_000)  // 2024-01-01

    static func order(_ id: String, cents: Int64 = 1_000) -> StorefrontJSON.Action {
        .orderCompleted(
            StorefrontJSON.Order(id: id, revenue: Currency("EUR".utf8).map { Money(minorUnits: cents, currency: $0) }))
    }

    mutating func withRow<Result>(_ index: Int, _ body: (ImportRow) -> Result) -> Result {
        (lines[index] + [UInt8](repeating: 0, count: 64)).withUnsafeBytes {
            let json = UnsafeRawBufferPointer(rebasing: $0[..<lines[index].count])
            return body(ImportRow(line: index + 1, json: json, original: json))
        }
    }
}
