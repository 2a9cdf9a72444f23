import Processor
import Storage

/// A checkpoint's file: its chunks are read as far as the store finds them sound, and where all of these are ours, in
/// our order, the whole is read as a checkpoint is.
///
/// What a sound chunk holds are our own bytes, and a contradiction in them is a defect of ours, on which the process
/// stops (`PackedReader`). So a chunk that was forged goes no further: where the first byte says so all checksums are
/// made right, and libFuzzer makes one right by itself, as it sees what it is compared with.
struct CheckpointAttack: Attack {
    static let name = "checkpoints"

    private let cache = PolicyCache()
    private let file: String
    private let chunks: [[UInt8]]

    init() throws {
        let sample = try SampleLog().files().checkpoint
        file = sample.name
        chunks = Self.soundChunks(try Self.directory(file, sample.bytes), file).chunks
    }

    static func samples() throws -> [[UInt8]] {
        let bytes = try SampleLog().files().checkpoint.bytes
        return [[0] + bytes, [1] + bytes]
    }

    mutating func attempt(_ bytes: [UInt8]) throws(BrokenPromise) -> Verdict {
        guard let first = bytes.first else { return .refused("nothing") }
        var snapshot = Array(bytes.dropFirst())
        if first & 1 == 1 { SnapshotChecksums.mend(&snapshot) }
        do {
            let directory = try Self.directory(file, snapshot)
            let (found, error) = Self.soundChunks(directory, file)
            guard chunks.starts(with: found) else { return error.map { .refused("\($0)") } ?? .taken("a forgery") }
            let fold = try Checkpoints(directory: directory, cache: cache).read(file)
            guard error == nil else {
                throw BrokenPromise("A checkpoint is read that is not sound: \(String(describing: error))")
            }
            return .taken("\(fold.next) \(fold.logChain)")
        } catch {
            switch error {
            case let error as ProcessorError: return .refused(error.description)
            case let error as StorageError: return .refused("\(error)")
            case let error as BrokenPromise: throw error
            default: throw BrokenPromise("A checkpoint is refused for another reason: \(error)")
            }
        }
    }

    private static func directory(
        _ file: String, _ bytes: [UInt8]
    ) throws(StorageError) -> SnapshotDirectory<SimulatedDisk> {
        let disk = SimulatedDisk()
        let directory = try SnapshotDirectory("checkpoints", disk: disk)
        _ = try disk.open("checkpoints/\(file)", .creating)
        disk.setContents(of: "checkpoints/\(file)", bytes)
        return directory
    }

    /// Returns the chunks that stand where they were written, up to the first that does not, and what is wrong with the
    /// file.
    private static func soundChunks(
        _ directory: SnapshotDirectory<SimulatedDisk>, _ file: String
    ) -> (chunks: [[UInt8]], error: StorageError?) {
        var chunks: [[UInt8]] = []
        do throws(StorageError) {
            var reader = try directory.read(file)
            let chunk = ByteBuffer()
            while try reader.nextChunk(into: chunk) { chunks.append(Array(chunk.bytes)) }
            return (chunks, nil)
        } catch {
            return (chunks, error)
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
            chain = chained(chain, checksum)
            FrameChecksums.write(chain, to: &snapshot, at: position + 4)
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
