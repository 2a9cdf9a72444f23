import Synchronization

package enum LogAccess: Sendable {
    /// As the only writer: it takes the directory's lock and cuts off a torn tail.
    case readWrite
    /// Beside other processes: it takes no lock, changes nothing, and stops at the last whole frame.
    case readOnly
}

package struct LogSettings: Sendable {
    /// A frame that would make a segment larger than this begins the next one.
    package var segmentByteCountMax = 256 << 20
    /// Whether each append survives a loss of power. If not, it survives only the death of the process, and after a
    /// loss of power the log may be refused as damaged.
    package var isSynced = true

    package init() {}
}

/// An unfinished append at the end of a log. It counts as never made.
package struct TornTail: Equatable, Sendable {
    package let path: String
    package let byteOffset: Int
    package let byteCount: Int
}

/// What opening or refreshing found: the frames not seen before, in order. The caller indexes them, since it knows what
/// the tags mean.
package struct FoundFrames: Sendable {
    package var frames: [Frame] = []
    /// The bytes behind the last whole frame, which a writer has cut off.
    package var tornTail: TornTail?
}

/// An append-only log of checksummed frames over segment files. One append is one frame, which is there as a whole or
/// not at all.
///
/// A segment is named by its first frame's number, and frames are chained across segments, so that a missing segment is
/// noticed. Appending and refreshing exclude each other; reading runs beside both, because a frame never changes. Each
/// segment stays open and takes one file descriptor.
package final class SegmentedLog<D: Disk>: Sendable {
    package let directory: String
    let disk: D
    let access: LogAccess
    let settings: LogSettings
    private let lock: D.Lock?
    private let tail: Mutex<Tail>
    /// The list is only appended to, so a section's segment number stays valid. The lock is held for a look-up, never
    /// during I/O.
    let segments: Mutex<[D.File]>

    struct Tail {
        /// The number of the newest segment; nil while a reader waits for the first one.
        var segment: Int?
        var place = LogPlace()
        /// Why nothing can be appended any more; nil where it can.
        var refusal: String?
    }

    private init(_ directory: String, _ access: LogAccess, _ disk: D, _ settings: LogSettings) throws(StorageError) {
        self.directory = directory
        self.disk = disk
        self.access = access
        self.settings = settings
        tail = Mutex(Tail())
        segments = Mutex([])
        switch access {
        case .readWrite:
            try disk.createDirectory(directory)
            lock = try disk.lock(directory: directory)
        case .readOnly:
            lock = nil
        }
    }

    package static func open(
        directory: String, access: LogAccess, disk: D, settings: LogSettings = LogSettings()
    ) throws(StorageError) -> (log: SegmentedLog, found: FoundFrames) {
        let log = try SegmentedLog(directory, access, disk, settings)
        let found = try log.tail.withLock { tail throws(StorageError) in try log.opening(&tail) }
        return (log, found)
    }

    /// Appends one frame, and returns when it is durable. After an error nothing of it is in the log, and the next
    /// append may succeed, unless the error says that the log refuses.
    package func append(_ sections: [OutgoingSection]) throws(StorageError) -> Frame {
        try tail.withLock { tail throws(StorageError) in try appending(sections, to: &tail) }
    }

    /// Finds what another process appended meanwhile. A writer finds nothing, since only it appends.
    package func refresh() throws(StorageError) -> FoundFrames {
        guard access == .readOnly else { return FoundFrames() }
        return try tail.withLock { tail throws(StorageError) in
            // The tail moves only if the whole scan succeeds, so that the next refresh finds the same frames again.
            var reached = tail
            let found = try scanning(&reached)
            tail = reached
            return found
        }
    }

    /// Reads a whole section and checks it.
    package func read(_ section: Section, into buffer: ByteBuffer) throws(StorageError) {
        let file = segments.withLock { $0[section.segment] }
        let count = try file.read(into: buffer.resize(to: section.byteCount), at: section.position)
        guard count == section.byteCount else { throw damaged(section, "the file ends within a section") }
        guard buffer.withBytes(Checksum.of) == section.checksum else { throw damaged(section, "wrong checksum") }
    }

    /// Makes the error for a section whose checksum is right, but whose contents make no sense to the caller.
    package func damaged(_ section: Section, _ reason: String) -> StorageError {
        let file = segments.withLock { $0[section.segment] }
        return .damaged(path: file.path, byteOffset: section.position, reason: reason)
    }
}
