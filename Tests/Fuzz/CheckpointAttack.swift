import Processor
import Storage

/// A checkpoint's file. As it stands it is read whole. Where the first byte says so its checksums are made right first,
/// and then the file is read as far as the store checks it: chunk by chunk. What the chunks of a sound file hold are
/// our own bytes, and a contradiction in them is a defect of ours, on which the process stops (`PackedReader`).
struct CheckpointAttack: Attack {
    static let name = "checkpoints"

    private let cache = PolicyCache()
    private let file: String

    init() throws { file = try SampleLog().files().checkpoint.name }

    static func samples() throws -> [[UInt8]] {
        let bytes = try SampleLog().files().checkpoint.bytes
        return [[0] + bytes, [1] + bytes]
    }

    mutating func attempt(_ bytes: [UInt8]) throws(BrokenPromise) -> Verdict {
        guard let first = bytes.first else { return .refused("nothing") }
        var snapshot = Array(bytes.dropFirst())
        let isMended = first & 1 == 1
        if isMended { SnapshotChecksums.mend(&snapshot) }
        do {
            let disk = SimulatedDisk()
            let directory = try SnapshotDirectory("checkpoints", disk: disk)
            _ = try disk.open("checkpoints/\(file)", .creating)
            disk.setContents(of: "checkpoints/\(file)", snapshot)
            if isMended {
                try directory.read(file).verify()
                return .taken("a snapshot")
            }
            let fold = try Checkpoints(directory: directory, cache: cache).read(file)
            return .taken("\(fold.next) \(fold.logChain)")
        } catch {
            switch error {
            case let error as ProcessorError: return .refused(error.description)
            case let error as StorageError: return .refused("\(error)")
            default: throw BrokenPromise("A checkpoint is refused for another reason: \(error)")
            }
        }
    }
}

/// Makes the checksums of a snapshot right, as far as its chunks can be told.
enum SnapshotChecksums {
    static func mend(_ snapshot: inout [UInt8]) {
        guard snapshot.count >= 12 else { return }
        let headerByteCount = Int(truncatingIfNeeded: FrameChecksums.number(4, in: snapshot, at: 8))
        guard headerByteCount <= snapshot.count - 20 else { return }
        var position = 12 + headerByteCount
        let head = FrameChecksums.checksum(of: snapshot[..<position])
        FrameChecksums.write(head, to: &snapshot, at: position)
        position += 8
        var chain = chained(0, head)
        while position + 12 <= snapshot.count {
            let byteCount = Int(truncatingIfNeeded: FrameChecksums.number(4, in: snapshot, at: position))
            if byteCount == 0 { return mendEnd(of: &snapshot, at: position, chain) }
            guard byteCount <= snapshot.count - position - 12 else { return }
            let checksum = FrameChecksums.checksum(of: snapshot[(position + 12)..<(position + 12 + byteCount)])
            FrameChecksums.write(checksum, to: &snapshot, at: position + 4)
            chain = chained(chain, checksum)
            position += 12 + byteCount
        }
    }

    private static func mendEnd(of snapshot: inout [UInt8], at position: Int, _ chain: UInt64) {
        guard position + 28 <= snapshot.count else { return }
        FrameChecksums.write(chain, to: &snapshot, at: position + 12)
        let checksum = FrameChecksums.checksum(of: snapshot[position..<position + 20])
        FrameChecksums.write(checksum, to: &snapshot, at: position + 20)
    }

    private static func chained(_ chain: UInt64, _ checksum: UInt64) -> UInt64 {
        withUnsafeBytes(of: (chain.littleEndian, checksum.littleEndian)) { Checksum.of($0) }
    }
}
