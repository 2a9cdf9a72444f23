package import Processor
package import Storage

/// The directory of what a processing instance keeps beside the broker: its name, checkpoints, trap marks, and its
/// status.
///
///     <role>/instance    its name in groups and transactions, made once; <role>/lock keeps a second process out
///     checkpoints/       a cache; may be shared with other instances, or lost
///     traps              which record was being folded when the process trapped
///     status             renamed into place every second
package struct StateDirectory: Sendable {
    package let path: String
    private let disk = FileDisk()

    package init(_ path: String) throws(ProcessorError) {
        self.path = path
        try ProcessorError.translating { () throws(StorageError) in try FileDisk().createDirectory(path) }
    }

    /// Takes a role of this directory for as long as the result is held. A role is held by one process at most.
    package func take(_ role: Role) throws(ProcessorError) -> HeldRole {
        let directory = "\(path)/\(role.rawValue)"
        return try ProcessorError.translating { () throws(StorageError) in
            try disk.createDirectory(directory)
            let lock = try disk.lock(directory: directory)
            return HeldRole(role: role, instance: try instance(in: directory), lock: lock)
        }
    }

    package func checkpoints(_ cache: PolicyCache) throws(ProcessorError) -> Checkpoints<FileDisk> {
        try ProcessorError.translating { () throws(StorageError) in
            Checkpoints(directory: try SnapshotDirectory(path + "/checkpoints", disk: disk), cache: cache)
        }
    }

    package func trapMarks() throws(ProcessorError) -> TrapMarks {
        try ProcessorError.translating { () throws(StorageError) in try TrapMarks(path: path + "/traps") }
    }

    package func write(_ status: StatusText) throws(ProcessorError) {
        try ProcessorError.translating { () throws(StorageError) in try replace(path + "/status", with: status.text) }
    }

    package func status() throws(ProcessorError) -> StatusText? {
        try ProcessorError.translating { () throws(StorageError) in
            guard try disk.names(in: path).contains("status") else { return nil }
            return StatusText(try read(path + "/status"))
        }
    }

    // MARK: Small files

    /// Returns the instance's stable name. With it a restart after kill -9 gets its partitions back at once, and ends
    /// the transaction it left open.
    private func instance(in directory: String) throws(StorageError) -> String {
        if try disk.names(in: directory).contains("instance") {
            let known = try read(directory + "/instance")
            if known.count == 8, known.allSatisfy(\.isHexDigit) { return known }
        }
        var generator = SystemRandomNumberGenerator()
        let digits = String(UInt32.random(in: 0 ... .max, using: &generator), radix: 16)
        let fresh = String(repeating: "0", count: 8 - digits.count) + digits
        try replace(directory + "/instance", with: fresh)
        try disk.syncDirectory(directory)
        return fresh
    }

    private func read(_ path: String) throws(StorageError) -> String {
        let file = try disk.open(path, .reading)
        var bytes = [UInt8](repeating: 0, count: try file.byteCount())
        var failure: StorageError?
        var count = 0
        bytes.withUnsafeMutableBytes { bytes in
            do throws(StorageError) { count = try file.read(into: bytes, at: 0) } catch { failure = error }
        }
        if let failure { throw failure }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    private func replace(_ path: String, with text: String) throws(StorageError) {
        let file = try disk.open(path + ".new", .creating)
        var failure: StorageError?
        Array(text.utf8).withUnsafeBytes { bytes in
            do throws(StorageError) { try file.write(bytes, at: 0) } catch { failure = error }
        }
        if let failure { throw failure }
        try disk.rename(path + ".new", to: path)
    }
}

/// A role that this process holds, under the name of its instance.
package struct HeldRole: Sendable {
    package let role: Role
    package let instance: String
    private let lock: FileDisk.Lock

    package init(role: Role, instance: String, lock: FileDisk.Lock) {
        self.role = role
        self.instance = instance
        self.lock = lock
    }

    /// Returns the name by which the broker knows the producer and the static member; it is the same after every
    /// restart.
    package func name(in names: Names) -> String { "\(names.prefix)lifecycle-\(role.rawValue)-\(instance)" }
}
