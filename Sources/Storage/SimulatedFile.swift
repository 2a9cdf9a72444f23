import Glibc
import Synchronization

/// An open file of the simulated disk.
package final class SimulatedFile: DiskFile {
    package let path: String
    private let contents: SimulatedContents
    private let faults: SimulatedFaults

    init(_ path: String, _ contents: SimulatedContents, _ faults: SimulatedFaults) {
        self.path = path
        self.contents = contents
        self.faults = faults
    }

    package func byteCount() throws(StorageError) -> Int {
        try faults.step("measure", path)
        return contents.state.withLock { $0.bytes.count }
    }

    package func read(into destination: UnsafeMutableRawBufferPointer, at position: Int) throws(StorageError) -> Int {
        try faults.step("read", path)
        return contents.state.withLock { state in
            let count = max(0, min(state.bytes.count - position, destination.count))
            guard count > 0 else { return 0 }
            state.bytes.withUnsafeBytes { bytes in
                destination.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[position..<position + count]))
            }
            return count
        }
    }

    package func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(StorageError) {
        try faults.step("write", path)
        let granted = faults.grant(bytes.count)
        contents.state.withLock { state in
            let missing = position + granted - state.bytes.count
            if missing > 0 { state.bytes += [UInt8](repeating: 0, count: missing) }
            state.bytes.withUnsafeMutableBytes { file in
                UnsafeMutableRawBufferPointer(rebasing: file[position..<position + granted])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<granted]))
            }
            state.durableCount = min(state.durableCount, position)
        }
        guard granted == bytes.count else { throw .full(path: path) }
    }

    package func truncate(to byteCount: Int) throws(StorageError) {
        try faults.step("truncate", path)
        contents.state.withLock { state in
            state.bytes.removeLast(max(0, state.bytes.count - byteCount))
            state.durableCount = min(state.durableCount, byteCount)
        }
    }

    package func beginSync(of bytes: Range<Int>) {}

    package func sync() throws(StorageError) {
        try faults.step("sync", path)
        contents.state.withLock { $0.durableCount = $0.bytes.count }
    }
}

/// The contents of a simulated file, whatever its name, and how much of them is durable.
final class SimulatedContents: Sendable {
    struct State {
        var bytes: [UInt8] = []
        var durableCount = 0
    }

    let state = Mutex(State())

    func losePower(using generator: inout some RandomNumberGenerator) {
        let (unsynced, durableCount) = state.withLock { ($0.bytes.count - $0.durableCount, $0.durableCount) }
        let kept = durableCount + Int.random(in: 0...unsynced, using: &generator)
        let zeroed = Int.random(in: durableCount...kept, using: &generator)..<kept
        let isZeroed = Bool.random(using: &generator)
        state.withLock { state in
            state.bytes.removeLast(state.bytes.count - kept)
            if isZeroed { for index in zeroed { state.bytes[index] = 0 } }
            state.durableCount = kept
        }
    }
}

/// The faults of a simulated disk, and when they happen.
package final class SimulatedFaults: Sendable {
    private let state = Mutex(State())

    private struct State {
        var stepsLeft = Int.max
        var bytesLeft = Int.max
        var failing: Set<String> = []
    }

    /// Lets every operation fail after `count` more, as if the process were gone.
    package func stop(afterSteps count: Int) { state.withLock { $0.stepsLeft = count } }

    /// Lets only `count` more bytes be written.
    package func leave(bytes count: Int) { state.withLock { $0.bytesLeft = count } }

    /// Lets each action of this name fail with an input/output error: "sync", "truncate", "write", "rename"…
    package func fail(_ action: String) { state.withLock { _ = $0.failing.insert(action) } }

    package func repair() { state.withLock { $0 = State() } }

    func step(_ action: String, _ path: String) throws(StorageError) {
        let fails = state.withLock { state in
            guard state.stepsLeft > 0, !state.failing.contains(action) else { return true }
            state.stepsLeft -= 1
            return false
        }
        if fails { throw .system(action: action, path: path, code: EIO) }
    }

    func grant(_ count: Int) -> Int {
        state.withLock { state in
            let granted = min(count, state.bytesLeft)
            state.bytesLeft -= granted
            return granted
        }
    }
}
