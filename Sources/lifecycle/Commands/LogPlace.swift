import Brokers
import CommandLine
import Glibc
import Processor
import Service
import Storage

/// A log in a directory or on Kafka, with everything needed to answer from it.
struct LogPlace<B: Broker>: Sendable {
    /// The directory or the brokers, for messages.
    let name: String
    let broker: B
    let names: Names
    let cache: PolicyCache
    let checkpoints: Checkpoints<FileDisk>
    /// A directory for what does not fit in memory.
    let spillDirectory: String
    /// Waits until something may have been appended, at most for the given milliseconds.
    let wait: @Sendable (Int) throws(BrokerError) -> Void
    /// What else this process does to an embedded log; nil for a log on Kafka.
    let solo: Solo?

    /// What a process that writes to an embedded log does besides, since no other process works on it: it begins the
    /// log, and publishes.
    struct Solo: Sendable {
        let found: @Sendable (LogBootstrap) throws(ProcessorError) -> Void
        /// Where this process marks a record whose fold traps.
        let trapMarksPath: String
    }

    /// Returns the log's number of partitions; nil while there is no log.
    func partitionCount() throws(ProcessorError) -> Int? {
        try ProcessorError.translating { () throws(BrokerError) in try broker.partitionCount(of: names.log) }
    }

    /// Returns a view of the log, which folds it on all cores.
    func view() throws(CommandFailure) -> LogView<B, FileDisk> {
        try CommandFailure.translating { () throws(ProcessorError) in
            try LogView(broker: broker, names: names, cache: cache, checkpoints: checkpoints)
        }
    }
}

/// An embedded log in a directory: the segments of the log, and the checkpoints beside them.
typealias DataDirectory = LogPlace<EmbeddedBroker<FileDisk, SystemClock>>

extension DataDirectory {
    /// Opens the directory. Readers take no lock and see the log as it is when they open it; one process writes at a
    /// time.
    init(_ path: String, _ access: LogAccess) throws(CommandFailure) {
        switch access {
        case .readWrite: try Self.create(path)
        case .readOnly:
            guard !Self.isLog(path), Self.names(in: path + "/checkpoints").isEmpty else { break }
            throw CommandFailure(
                .notOurLog, "there is no log in \(path). `lifecycle import FILE --data \(path)` makes one.")
        }
        let cache = PolicyCache()
        var opened: B?
        let checkpoints: Checkpoints<FileDisk>
        do throws(StorageError) {
            checkpoints = Checkpoints(
                directory: try SnapshotDirectory(path + "/checkpoints", disk: FileDisk()), cache: cache)
        } catch {
            throw CommandFailure(ProcessorError(error))
        }
        // Before it is opened to be written to, which drops what is unfinished at its end, or makes a new one.
        try CommandFailure.translating { () throws(ProcessorError) in
            try checkpoints.requireLog(in: path + "/log", names: Names()) { () throws(ProcessorError) in
                if Self.isLog(path) { opened = try Self.open(path, .readOnly) }
                return opened
            }
        }
        let broker = try CommandFailure.translating { () throws(ProcessorError) in
            if access == .readOnly, let opened { return opened }
            return try Self.open(path, access)
        }
        self.init(
            name: path, broker: broker, names: Names(), cache: cache, checkpoints: checkpoints, spillDirectory: path,
            wait: { milliseconds throws(BrokerError) in
                usleep(UInt32(milliseconds) * 1_000)
                _ = try broker.refresh()
            },
            solo: Solo(
                found: { bootstrap throws(ProcessorError) in try bootstrap.begin(in: broker) },
                trapMarksPath: path + "/traps"))
    }

    private static func open(_ path: String, _ access: LogAccess) throws(ProcessorError) -> B {
        try ProcessorError.translating { () throws(BrokerError) in
            try EmbeddedBroker.open(directory: path + "/log", access: access)
        }
    }

    /// Makes the directory and that of the log in it.
    private static func create(_ path: String) throws(CommandFailure) {
        do throws(StorageError) {
            try FileDisk().createDirectory(path + "/log")
        } catch {
            throw CommandFailure(ProcessorError(error))
        }
    }

    /// Whether there is a log, whole or not: a process that began to write one leaves its lock behind.
    static func isLog(_ path: String) -> Bool { names(in: path + "/log").contains { $0.hasSuffix(".frames") } }

    /// Whether there is a log, or what a log has left.
    static func stands(in path: String) -> Bool { isLog(path) || !names(in: path + "/checkpoints").isEmpty }

    /// The directory itself, or the one nearest above it that is there.
    static func nearestDirectory(of path: String) -> String {
        var path = path
        while !path.isEmpty, access(path, F_OK) != 0 {
            guard let slash = path.lastIndex(of: "/") else { return "." }
            path = String(path[..<slash])
        }
        return path.isEmpty ? "/" : path
    }

    private static func names(in directory: String) -> [String] {
        do throws(StorageError) { return try FileDisk().names(in: directory) } catch { return [] }
    }
}
