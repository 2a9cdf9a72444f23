import Brokers
import CustomerLifecycle
package import HTTP
package import Processor
import Storage

/// What a processor tells over HTTP: how it is. It reads what the workers report, and never waits for one of them.
final class HealthSite: Sendable {
    private let reports: [WorkerReport]
    private let topics: TopicWatch
    private let names: Names
    private let version: String
    private let board: StatusBoard
    private let began: Instant
    let requests = RequestCounts()

    init(
        reports: [WorkerReport], topics: TopicWatch, board: StatusBoard, names: Names, version: String, began: Instant
    ) {
        self.reports = reports
        self.topics = topics
        self.board = board
        self.names = names
        self.version = version
        self.began = began
    }

    /// Whoever restarts and balances asks without a token, and is told a code.
    var routes: [Route] {
        [
            Route("/livez", isOpen: true) { [self] _, isTrusted in
                Self.answer(deadWorkers, isTrusted)
            },
            Route("/readyz", isOpen: true) { [self] _, isTrusted in
                Self.answer(reasonsToWait, isTrusted)
            },
            Route("/status") { [self] request, _ in
                guard let status = board.newest?.read(at: now) else {
                    return ProblemDetails(.unavailable, "It has only begun.").response
                }
                let isForPeople = request.values(of: "accept").contains("text/plain")
                return isForPeople ? Response(.ok, status.text) : .json(status.json)
            },
            Route("/metrics") { [self] _, _ in
                Response(.ok, Exposition.text(reading), type: Exposition.mediaType)
            },
        ]
    }

    private static func answer(_ problems: [String], _ isTrusted: Bool) -> Response {
        let lines = problems.isEmpty ? ["ok"] : problems
        return Response(
            problems.isEmpty ? .ok : .unavailable, isTrusted ? lines.map { $0 + "\n" }.joined() : "")
    }

    private var states: [(role: Role, state: WorkerState)] { reports.map { ($0.role, $0.snapshot) } }

    /// Those that hang: only a new process helps. Never for a broker that is away, or for what waits.
    private var deadWorkers: [String] {
        let now = ContinuousClock.now
        return states.filter { $0.state.ending == nil && now - $0.state.beat > Health.beatPatience }.map {
            "\($0.role.rawValue): no sign for \((now - $0.state.beat).components.seconds) s"
        }
    }

    private var reasonsToWait: [String] {
        let states = states
        let health = Health(states, findings: topics.findings.map(\.description), at: .now)
        return health.problems
            + states.filter { !$0.state.hasLived || $0.state.phase == .recovering }.map {
                "\($0.role.rawValue): \($0.state.phase.name)"
            }
    }

    private var now: Instant { Instant(milliseconds: SystemClock().nowMilliseconds()) }

    var reading: ExposedReading {
        ExposedReading(
            version: version, began: began, findings: topics.findings, topics: names.ownTopics.map(\.name),
            workers: states, requests: requests.now, now: now, clock: .now)
    }
}

/// Where a processor listens, and whom it answers.
package struct HTTPSettings: Sendable {
    package let address: SocketAddress
    let identity: Server.Identity?
    let gate: Gate

    /// Throws where other machines could ask without showing who they are, or in clear.
    package init(
        address: SocketAddress, token: Token?, identity: Server.Identity?, names: [String], isBehindProxy: Bool
    ) throws(ProcessorError) {
        guard address.isLoopback || isBehindProxy || token != nil && identity != nil else {
            throw ProcessorError(
                .usage,
                "--http \(address.text(port: address.port)) can be reached from other machines: say --http-token-file, "
                    + "--http-certificate and --http-key too, or --behind-proxy where a proxy asks for them.")
        }
        self.address = address
        self.identity = identity
        gate = Gate(address: address, token: token, names: names)
    }

    /// This machine alone, at any port that is free.
    package static var local: Self {
        get throws(ProcessorError) {
            guard let address = SocketAddress("127.0.0.1:0") else { preconditionFailure("It is an address.") }
            return try Self(address: address, token: nil, identity: nil, names: [], isBehindProxy: false)
        }
    }

    /// What a browser is given.
    package func url(port: UInt16) -> String {
        "http\(identity == nil ? "" : "s")://\(address.text(port: port))/"
    }

    package func server(
        of routes: [Route], streams: EventStreams? = nil,
        onAnswered: @escaping @Sendable (AnsweredRequest) -> Void = { _ in }
    ) throws(ProcessorError) -> Server {
        do throws(Server.Failure) {
            return try Server(
                address, identity: identity,
                site: Site(gate: gate, routes: routes, streams: streams, onAnswered: onAnswered))
        } catch {
            throw ProcessorError(.usage, "--http \(error.sentence)")
        }
    }
}
