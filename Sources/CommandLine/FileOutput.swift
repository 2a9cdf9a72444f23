import Glibc

/// A buffered output to a file descriptor. A reader that has gone away (`| head`) is no error: what follows is dropped,
/// and `isClosed` lets a long listing stop.
package final class FileOutput {
    private static let byteCountMax = 64 * 1_024

    private let descriptor: Int32
    private let isBuffered: Bool
    private var buffer: [UInt8] = []
    package private(set) var isClosed = false
    /// The system's message if a write failed for another reason than a reader that went away, such as a full disk.
    package private(set) var failure: String?

    package init(descriptor: Int32, isBuffered: Bool = true) {
        self.descriptor = descriptor
        self.isBuffered = isBuffered
    }

    package func write(_ text: String) {
        guard !isClosed else { return }
        buffer.append(contentsOf: text.utf8)
        if !isBuffered || buffer.count >= Self.byteCountMax { flush() }
    }

    package func flush() {
        buffer.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty, !isClosed {
                rest = rest.dropFirst(writeSome(UnsafeRawBufferPointer(rebasing: rest)))
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private func writeSome(_ bytes: UnsafeRawBufferPointer) -> Int {
        let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        if count >= 0 { return count }
        switch errno {
        case EINTR: return 0
        case EAGAIN: waitUntilWritable()
        case EPIPE: isClosed = true
        default:
            isClosed = true
            failure = String(cString: strerror(errno))
        }
        return 0
    }

    /// Waits at most a second for a descriptor that another program made non-blocking.
    private func waitUntilWritable() {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&waiting, 1, 1_000)
    }
}
