import Brokers
import Processor
import Storage

/// A segment of the embedded log: opened, read to its end, and folded. The first byte says whether its checksums are
/// made right, so that what they protect is reached: they find damage, but no forgery.
struct SegmentAttack: Attack {
    static let name = "log"

    private var cache = PolicyCache()
    private var count = 0
    private static let attemptsPerCache = 1_000

    init() {}

    static func samples() throws -> [[UInt8]] {
        let segment = try SampleLog().files(recordCount: 12).segment
        return [[0] + segment, [1] + segment]
    }

    mutating func attempt(_ bytes: [UInt8]) throws(BrokenPromise) -> Verdict {
        count += 1
        if count % Self.attemptsPerCache == 0 { cache = PolicyCache() }
        guard let first = bytes.first else { return .refused("nothing") }
        var segment = Array(bytes.dropFirst())
        if first & 1 == 1 { FrameChecksums.mend(&segment) }
        do {
            return try read(segment)
        } catch {
            switch error {
            case ReadError<Never>.broker(let error): return .refused(error.description)
            case let error as BrokerError: return .refused(error.description)
            case let error as ProcessorError: return .refused(error.description)
            case let error as StorageError: return .refused("\(error)")
            default: throw BrokenPromise("A log is refused for another reason: \(error)")
            }
        }
    }

    private func read(_ segment: [UInt8]) throws -> Verdict {
        let disk = SimulatedDisk()
        let path = "\(SampleLog.directory)/00000000000000000000.frames"
        try disk.createDirectory(SampleLog.directory)
        _ = try disk.open(path, .creating)
        disk.setContents(of: path, segment)
        let broker = try SampleLog.Broker.open(
            directory: SampleLog.directory, access: .readOnly, disk: disk, clock: SetClock(milliseconds: 0))
        let fold = LogFold(index: 0, cache: cache)
        let reader = try broker.reader(of: SampleLog.names.log(0), from: NextOffset(0))
        var recordCount = 0
        var records: [KeptRecords.Record] = []
        while try reader.read(
            countMax: 100,
            { lent throws(Never) in
                records = lent.map { record in
                    KeptRecords.Record(
                        partition: SampleLog.names.log(0), key: record.key.map { Array($0) },
                        value: record.value.map { Array($0) } ?? [])
                }
            }) > 0
        {
            recordCount += records.count
            for record in records {
                if let reason = try SampleLog.fold(record, in: fold) { return .refused(reason) }
            }
        }
        return .taken("\(recordCount) records")
    }
}

/// Makes the checksums of a segment right, as far as its frames can be told.
enum FrameChecksums {
    private static let headByteCount = 44
    private static let rowByteCount = 16

    static func mend(_ segment: inout [UInt8]) {
        var position = 0
        var previous: UInt64 = 0
        while position + headByteCount <= segment.count {
            let table = position + headByteCount
            let sectionCount = Int(truncatingIfNeeded: number(4, in: segment, at: position + 24))
            guard sectionCount <= (segment.count - table) / rowByteCount else { return }
            var section = table + sectionCount * rowByteCount
            for row in stride(from: table, to: section, by: rowByteCount) {
                let byteCount = Int(truncatingIfNeeded: number(4, in: segment, at: row + 4))
                guard byteCount <= segment.count - section else { break }
                write(checksum(of: segment[section..<section + byteCount]), to: &segment, at: row + 8)
                section += byteCount
            }
            write(previous, to: &segment, at: position + 16)
            write(
                checksum(of: segment[table..<table + sectionCount * rowByteCount]), to: &segment, at: position + 28)
            previous = checksum(of: segment[position..<position + 36])
            write(previous, to: &segment, at: position + 36)
            position = section
        }
    }

    static func checksum(of bytes: ArraySlice<UInt8>) -> UInt64 { bytes.withUnsafeBytes { Checksum.of($0) } }

    static func number(_ byteCount: Int, in bytes: [UInt8], at position: Int) -> UInt64 {
        (0..<byteCount).reduce(0) { $0 | UInt64(bytes[position + $1]) << UInt64(8 * $1) }
    }

    static func write(_ value: UInt64, to bytes: inout [UInt8], at position: Int) {
        for index in 0..<8 { bytes[position + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
    }
}
