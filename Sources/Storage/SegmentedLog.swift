import Synchronization

package enum LogAccess: Sendable {
    /// Alone: takes the directory's lock, cuts a torn tail.
    case readWrite
    /// Beside anyone: takes no lock, changes nothing, stops at the last whole frame.
    case readOnly
}

package struct LogSettings: Sendable {
    /// A frame that would make a segment larger begins the next one.
    package var segmentByteCountMax = 256 << 20
    /// Whether each append survives a loss of power. Without, it survives the death of the process only, and after a
    /// loss of power the log may be refused as damaged.
    package var isSynced = true

    package init() {}
}

/// The tail of a log that is not whole: an append that never finished, hence never happened.
package struct TornTail: Equatable, Sendable {
    package let path: String
    package let byteOffset: Int
    package let byteCount: Int
}

/// What opening or refreshing found: the frames not seen before, in order. An index of them is the caller's, who knows
/// what the tags mean.
package struct FoundFrames: Sendable {
    package var frames: [Frame] = []
    /// What stood behind the last whole frame; a writer has cut it off.
    package var tornTail: TornTail?
}

/// An append-only log of checksummed frames over segment files. One append is one frame: whole, or never there.
///
/// A segment is named by its first frame's number, and frames are chained over segments, so that a missing one is
/// noticed. Appending and refreshing exclude each other; reading needs neither, because a frame never changes. Each
/// segment stays open: one file descriptor.
package final class SegmentedLog<D: Disk>: Sendable {
    package let directory: String
    let disk: D
    let access: LogAccess
    let settings: LogSettings
    private let lock: D.Lock?
    private let tail: Mutex<Tail>
    /// Only ever appended to, so a section's segment number stays good. Held for a look-up, never during I/O.
    let segments: Mutex<[D.File]>

    struct Tail {
        /// Of the newest segment; nil while a reader waits for the first.
        var segment: Int?
        var place = LogPlace()
        /// Why nothing can be appended any more.
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

    /// Finds what another process appended meanwhile. A writer finds nothing: it made all there is.
    package func refresh() throws(StorageError) -> FoundFrames {
        guard access == .readOnly else { return FoundFrames() }
        return try tail.withLock { tail throws(StorageError) in
            // A failure on the way must not pass what it has found: the next refresh finds it again.
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

    /// The error for a section whose bytes are as they were written, yet make no sense to whom they belong to.
    package func damaged(_ section: Section, _ reason: String) -> StorageError {
        let file = segments.withLock { $0[section.segment] }
        return .damaged(path: file.path, byteOffset: section.position, reason: reason)
    }
}
