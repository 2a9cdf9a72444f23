import Synchronization

/// A disk in memory that fails on demand: it fills up, stops at any step, loses power, or is damaged.
///
/// A loss of power may lose part of what was not synced: the end of a file, or a range that then reads as zeros.
package final class SimulatedDisk: Disk {
    package let faults = SimulatedFaults()
    private let state = Mutex(State())

    private struct State {
        var directories: [String: Directory] = [:]
        var lockedDirectories: Set<String> = []
    }

    private struct Directory {
        var files: [String: SimulatedContents] = [:]
        /// The files that the names refer to after a loss of power.
        var durable: [String: SimulatedContents] = [:]
    }

    package init() {}

    package func createDirectory(_ path: String) throws(StorageError) {
        try faults.step("create", path)
        state.withLock { state in
            if state.directories[path] == nil { state.directories[path] = Directory() }
        }
    }

    package func names(in directory: String) throws(StorageError) -> [String] {
        try faults.step("list", directory)
        guard let files = state.withLock({ $0.directories[directory]?.files }) else { throw .missing(path: directory) }
        return files.keys.sorted()
    }

    package func open(_ path: String, _ purpose: OpenPurpose) throws(StorageError) -> SimulatedFile {
        try faults.step("open", path)
        let (directory, name) = split(path)
        return try state.withLock { state throws(StorageError) in
            if purpose == .creating {
                guard state.directories[directory] != nil else { throw .missing(path: directory) }
                state.directories[directory]?.files[name] = SimulatedContents()
            }
            guard let contents = state.directories[directory]?.files[name] else { throw .missing(path: path) }
            return SimulatedFile(path, contents, faults)
        }
    }

    package func rename(_ path: String, to newPath: String) throws(StorageError) {
        try faults.step("rename", path)
        let (directory, name) = split(path)
        let (newDirectory, newName) = split(newPath)
        try state.withLock { state throws(StorageError) in
            guard let file = state.directories[directory]?.files.removeValue(forKey: name) else {
                throw .missing(path: path)
            }
            state.directories[newDirectory]?.files[newName] = file
        }
    }

    package func remove(_ path: String) throws(StorageError) {
        try faults.step("remove", path)
        let (directory, name) = split(path)
        guard state.withLock({ $0.directories[directory]?.files.removeValue(forKey: name) }) != nil else {
            throw .missing(path: path)
        }
    }

    package func syncDirectory(_ path: String) throws(StorageError) {
        try faults.step("sync", path)
        state.withLock { state in
            guard let files = state.directories[path]?.files else { return }
            state.directories[path]?.durable = files
        }
    }

    package func lock(directory: String) throws(StorageError) -> SimulatedLock {
        try faults.step("lock", directory)
        guard state.withLock({ $0.lockedDirectories.insert(directory).inserted }) else {
            throw .inUse(directory: directory)
        }
        return SimulatedLock { [self] in state.withLock { _ = $0.lockedDirectories.remove(directory) } }
    }

    private func split(_ path: String) -> (directory: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        return (String(path[..<slash]), String(path[path.index(after: slash)...]))
    }
}

// MARK: Accidents

extension SimulatedDisk {
    /// Simulates a loss of power: part of the names and bytes that were not synced is lost, and faults are repaired.
    package func losePower(using generator: inout some RandomNumberGenerator) {
        faults.repair()
        state.withLock { state in
            for directory in state.directories.keys.sorted() {
                let files = state.directories[directory]?.durable ?? [:]
                state.directories[directory]?.files = files
                for name in files.keys.sorted() { files[name]?.losePower(using: &generator) }
            }
        }
    }

    package func contents(of path: String) -> [UInt8] { file(path)?.state.withLock { $0.bytes } ?? [] }

    /// Replaces the contents of a file, to damage it. The bytes count as durable.
    package func setContents(of path: String, _ bytes: [UInt8]) {
        file(path)?.state.withLock { state in
            state.bytes = bytes
            state.durableCount = bytes.count
        }
    }

    private func file(_ path: String) -> SimulatedContents? {
        let (directory, name) = split(path)
        return state.withLock { $0.directories[directory]?.files[name] }
    }
}

/// The lock of a simulated directory, released with its last reference.
package final class SimulatedLock: Sendable {
    private let release: @Sendable () -> Void

    fileprivate init(_ release: @escaping @Sendable () -> Void) { self.release = release }

    deinit { release() }
}
