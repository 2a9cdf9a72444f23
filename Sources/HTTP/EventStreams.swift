import CMicrohttpd
import Glibc
import Synchronization

/// Streams of events to whoever keeps a request open (Server-Sent Events: HTML, 9.2). Each is sent what is published
/// while it is open.
package final class EventStreams: Sendable {
    /// Streams hold connections for hours: so many leave enough for questions.
    package static let countMax = 16

    private let streams = Mutex(Streams())

    private struct Streams {
        var open: [ObjectIdentifier: EventStream] = [:]
        var hasEnded = false
    }

    package init() {}

    package var count: Int { streams.withLock { $0.open.count } }

    /// Opens a stream, which begins with the newest of these events, as many as a stream holds at once; throws where as
    /// many are open as may be.
    package func open(beginningWith missed: [String] = []) throws(ProblemDetails) -> EventStream {
        let stream = EventStream { [self] stream in
            streams.withLock { $0.open[ObjectIdentifier(stream)] = nil }
        }
        let isOpen = streams.withLock { streams in
            guard !streams.hasEnded, streams.open.count < Self.countMax else { return false }
            streams.open[ObjectIdentifier(stream)] = stream
            return true
        }
        guard isOpen else {
            throw ProblemDetails(.unavailable, "\(Self.countMax) streams are open already.", retryAfter: 15)
        }
        var first: [String] = []
        var byteCount = 0
        for event in missed.reversed() {
            byteCount += event.utf8.count
            guard byteCount < EventStream.byteCountMax / 2 else { break }
            first.append(event)
        }
        // A line at once: a client learns that it is connected, and proxies pass on what they have.
        stream.append(Array((":\n\n" + first.reversed().joined()).utf8))
        return stream
    }

    /// Sends an event, as `EventText` has it, to all that are open.
    package func publish(_ event: String) {
        let bytes = Array(event.utf8)
        for stream in all { stream.append(bytes) }
    }

    /// A connection that has gone is noticed only where something is sent.
    func beat() { for stream in all { stream.append(Array(":\n\n".utf8)) } }

    /// Ends all, and takes no more.
    func end() {
        streams.withLock { $0.hasEnded = true }
        for stream in all { stream.end() }
    }

    private var all: [EventStream] { streams.withLock { Array($0.open.values) } }
}

/// An event as a stream sends it.
package enum EventText {
    /// `data` has no line's end.
    package static func of(_ name: String, id: String, data: String) -> String {
        "id: \(id)\nevent: \(name)\ndata: \(data)\n\n"
    }
}

/// One client's stream: what waits to be sent to it. Any thread appends; the library's thread takes.
package final class EventStream: Sendable {
    /// A client that is further behind is let go: it comes back, and says what it had last.
    static let byteCountMax = 256 << 10

    private let state = Mutex(State())
    private let onGone: @Sendable (EventStream) -> Void

    private struct State {
        var pending: [UInt8] = []
        var connection: SendablePointer?
        /// Laid aside by the library until there is something to send.
        var isLaidAside = false
        var isEnded = false
    }

    fileprivate init(onGone: @escaping @Sendable (EventStream) -> Void) { self.onGone = onGone }

    fileprivate func append(_ bytes: [UInt8]) {
        change { state in
            if state.pending.count + bytes.count > Self.byteCountMax {
                state.isEnded = true
            } else if !state.isEnded {
                state.pending += bytes
            }
        }
    }

    fileprivate func end() { change { $0.isEnded = true } }

    /// Changes what waits, and has the library take it up. Under the lock, so that nothing is laid aside in between.
    private func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            body(&state)
            guard state.isLaidAside, let connection = state.connection else { return }
            state.isLaidAside = false
            MHD_resume_connection(connection.pointer)
        }
    }

    // MARK: The library's thread

    func begin(on connection: OpaquePointer) { state.withLock { $0.connection = SendablePointer(connection) } }

    /// Moves what waits into `buffer`; 0 where nothing does, and the connection is laid aside; -1 at the end.
    func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        state.withLock { state in
            guard !state.pending.isEmpty else {
                if state.isEnded { return -1 }
                guard let connection = state.connection else { return 0 }
                state.isLaidAside = true
                MHD_suspend_connection(connection.pointer)
                return 0
            }
            let count = min(buffer.count, state.pending.count)
            buffer.copyBytes(from: state.pending[..<count])
            state.pending.removeFirst(count)
            return count
        }
    }

    func gone() { onGone(self) }
}

/// What the library calls for more of a stream, and when it needs no more.
let streamRead: MHD_ContentReaderCallback = { context, _, buffer, byteCount in
    guard let context, let buffer else { return -1 }
    let stream = Unmanaged<EventStream>.fromOpaque(context).takeUnretainedValue()
    return stream.take(into: UnsafeMutableRawBufferPointer(start: buffer, count: byteCount))
}

let streamGone: MHD_ContentReaderFreeCallback = { context in
    guard let context else { return }
    Unmanaged<EventStream>.fromOpaque(context).takeRetainedValue().gone()
}
