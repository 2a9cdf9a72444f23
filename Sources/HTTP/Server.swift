import CMicrohttpd
import Dispatch
import Glibc
import Synchronization

/// A small HTTP server over libmicrohttpd: one thread polls, and others answer, so that no answer holds up the rest.
package final class Server: Sendable {
    package struct Limits: Sendable {
        package var connectionCount: UInt32 = 64
        /// Without a byte.
        package var idle = 15
        /// Until a request is whole.
        package var request = Duration.seconds(10)
        /// Bytes of a request's line and headers, per connection.
        package var memory = 16_384

        package init() {}
    }

    /// A certificate and its key, in PEM.
    package struct Identity: Sendable {
        package let certificate: String
        package let key: String

        package init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// Why it does not listen.
    package struct Failure: Error, Sendable {
        package let sentence: String
    }

    private let core: ServerCore
    /// Opaque pointers are not sendable; the library may be called from any thread.
    private let daemon: Mutex<SendablePointer?>
    /// The port that it listens on.
    package let port: UInt16

    /// Listens until `stop`.
    package init(
        _ address: SocketAddress, identity: Identity? = nil, limits: Limits = Limits(), site: Site
    ) throws(Failure) {
        let core = ServerCore(site, limits)
        let context = Unmanaged.passUnretained(core).toOpaque()
        let started = address.withSockaddr { sockaddr in
            Self.withCStrings(identity) { certificate, key in
                lifecycle_http_start(
                    lifecycle_http_settings(
                        address: sockaddr, certificate: certificate, key: key,
                        connections: limits.connectionCount, idle: UInt32(limits.idle), memory: limits.memory),
                    lifecycle_http_callbacks(
                        access: serverAccess, completed: serverCompleted, connection: serverConnection,
                        context: context))
            }
        }
        guard let started, let started else {
            let cause = errno == 0 ? "" : ": \(String(cString: strerror(errno)))"
            let what = identity == nil ? "cannot be listened on" : "cannot be listened on with that certificate and key"
            throw Failure(sentence: "\(address.text(port: address.port)) \(what)\(cause)")
        }
        self.core = core
        daemon = Mutex(SendablePointer(started))
        port = lifecycle_http_port(started)
        core.watch()
    }

    deinit { stop() }

    private static func withCStrings<Result>(
        _ identity: Identity?, _ body: (UnsafePointer<CChar>?, UnsafePointer<CChar>?) -> Result
    ) -> Result {
        guard let identity else { return body(nil, nil) }
        return identity.certificate.withCString { certificate in
            identity.key.withCString { key in body(certificate, key) }
        }
    }

    /// Takes no more connections, finishes what is under way, and ends. To stop with a request laid aside is forbidden
    /// by the library, so each of them is answered first.
    package func stop() {
        guard let daemon = daemon.withLock({ daemon in daemon.take() }) else { return }
        let socket = MHD_quiesce_daemon(daemon.pointer)
        core.finish()
        MHD_stop_daemon(daemon.pointer)
        if socket >= 0 { close(socket) }
    }
}

/// The library's own locks make it safe to hand on.
struct SendablePointer: @unchecked Sendable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }
}

/// What the library's thread works with.
final class ServerCore: Sendable {
    let site: Site
    let connections: Connections
    private let queue = DispatchQueue(label: "lifecycle.http", attributes: .concurrent)
    private let watching = DispatchQueue(label: "lifecycle.http.connections")
    private let hasFinished = Atomic<Bool>(false)
    private let asideCount = Atomic<Int>(0)
    /// How often it was looked: every thirtieth time, each 15 s, streams beat.
    private let beats = Atomic<Int>(0)

    init(_ site: Site, _ limits: Server.Limits) {
        self.site = site
        connections = Connections(patience: limits.request)
    }

    /// Looks after slow clients from now on.
    func watch() {
        watching.asyncAfter(deadline: .now() + .milliseconds(500)) { [self] in
            guard !hasFinished.load(ordering: .relaxed) else { return }
            connections.endSlow()
            if beats.wrappingAdd(1, ordering: .relaxed).oldValue % 30 == 29 { site.streams?.beat() }
            watch()
        }
    }

    /// Waits until nothing is laid aside.
    func finish() {
        hasFinished.store(true, ordering: .relaxed)
        while asideCount.load(ordering: .acquiring) > 0 {
            queue.sync(flags: .barrier) {}
            usleep(1_000)
        }
        site.streams?.end()
        // What is laid aside must not be when the library stops; its own thread lets the streams go.
        for _ in 0..<3_000 where (site.streams?.count ?? 0) > 0 { usleep(1_000) }
    }

    /// Has a request answered by the other thread; it is laid aside until then.
    func answer(_ exchange: Exchange, on connection: OpaquePointer) {
        let connection = SendablePointer(connection)
        asideCount.add(1, ordering: .acquiringAndReleasing)
        MHD_suspend_connection(connection.pointer)
        queue.async { [self] in
            exchange.answer()
            MHD_resume_connection(connection.pointer)
            asideCount.subtract(1, ordering: .acquiringAndReleasing)
        }
    }
}
