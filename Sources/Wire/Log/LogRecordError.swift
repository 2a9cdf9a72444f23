/// A part of a log record, as an error names it.
package enum LogField: String, Sendable {
    case format, kind, flags
    case headerLength = "header length"
    case claimed = "claimed time"
    case received = "received time"
    case originTopic = "origin topic"
    case originPartition = "origin partition"
    case originOffset = "origin offset"
    case original = "SHA-256 of the original"
    case logID = "log id"
    case partitionCount = "partition count"
    case foldVersion = "fold version"
    case policyNumber = "policy number"
    case policyText = "policy text"
    case zoneCount = "count of zone tables"
    case zoneName = "zone name"
    case transitionCount = "count of zone transitions"
    case transition = "zone transition"
    case generation = "generation number"
    case user = "user id"
    case messageID = "message id"
    case statement = "file of orders"
}

/// Why a value of `lifecycle.log` is no record this build can read. Its text says what was found; the caller adds
/// topic, partition and offset, and stops: an unreadable record is never skipped.
package enum LogRecordError: Error, Equatable, Sendable, CustomStringConvertible {
    case unknownFormat(UInt8)
    case unknownKind(UInt8)
    /// A kind that format 1 reserves, and that this build does not fold yet.
    case unsupportedKind(LogKind)
    case unknownFlags(UInt16)
    case unknownStatement(UInt8)
    case truncated(LogField, needed: Int, left: Int)
    case headerLength(said: Int, actual: Int)
    case outOfRange(LogField, found: Int, expected: ClosedRange<Int>)
    case trailingBytes(LogKind, count: Int)
    /// A log may not hold a tombstone.
    case noValue

    package var description: String {
        switch self {
        case .unknownFormat(let format):
            "log format \(format) is unknown to this build, which reads formats 1 and 2; a newer version wrote it"
        case .unknownKind(let kind):
            "record kind \(kind) is unknown to this build, which knows 1 to 10; a newer version wrote it"
        case .unsupportedKind(let kind):
            "this build cannot fold records of kind \(kind.rawValue) (\(kind)); a newer version wrote it"
        case .unknownFlags(let flags):
            "flags 0x\(String(flags, radix: 16)) hold a bit that this build does not know (known: 0x7f)"
        case .unknownStatement(let covers):
            "what the record says of its file of orders, 0x\(String(covers, radix: 16)), is unknown to this build"
        case .truncated(let field, let needed, let left):
            "the record is cut off: \(field.rawValue) needs \(needed) bytes, \(left) are left"
        case .headerLength(let said, let actual):
            "the header says it is \(said) bytes long and is \(actual)"
        case .outOfRange(let field, let found, let expected):
            "\(field.rawValue) is \(found); expected \(expected.lowerBound) to \(expected.upperBound)"
        case .trailingBytes(let kind, let count):
            "\(count) bytes follow the end of this \(kind) record"
        case .noValue:
            "the record has no value; the log holds no tombstones, somebody else wrote it"
        }
    }
}
