import CommandLine
import Foundation
import HTTP
import Processor
import RawHTTP
import Storage
import Testing
import Wire

@testable import CustomerLifecycle
@testable import Service

@Suite struct `What a process shows to Prometheus` {
    @Test func `has each name once, in base units, with a sentence`() {
        let names = ExposedMetric.table.map(\.name)
        #expect(Set(names).count == names.count)
        for metric in ExposedMetric.table {
            #expect(metric.help.hasSuffix("."), "\(metric.name)")
            #expect(metric.name.hasPrefix("lifecycle_") || metric.name.hasPrefix("process_"))
            #expect((metric.kind == .counter) == metric.name.hasSuffix("_total"), "\(metric.name)")
            #expect(!metric.name.contains("millisecond") && !metric.name.contains("_age"), "\(metric.name)")
            #expect(!metric.labels.contains { $0.contains("customer") }, "no ids in labels")
        }
    }

    private static func text(_ workers: (Role, WorkerMaker)...) throws -> String {
        let maker = try #require(workers.first?.1)
        return Exposition.text(
            ExposedReading(
                version: #"1."0"#, began: WorkerMaker.time(0), findings: [], topics: ["lifecycle.log"],
                workers: workers.map { ($0.0, $0.1.state) }, requests: RequestCounts().now, now: maker.time,
                clock: maker.clock))
    }

    @Test func `is said of a router by topic and reason, every reason from 0`() throws {
        var worker = WorkerMaker()
        worker.works(for: 1, waiting: ["shop.events/1": { _ in 7 }])
        worker.passes(3)
        var counts = InputCounts()
        counts.read = 12
        counts.rejected[.notJSON] = 2
        worker.state.counts.inputs = ["shop.events": counts]
        worker.state.counts.transactions.committed = 4
        let lines = try Self.text((.router, worker)).split(separator: "\n").map(String.init)
        for line in [
            #"lifecycle_build_info{version="1.\"0",fold_version="\#(LogFold.version)"} 1"#,
            #"lifecycle_role_phase{role="router",phase="live"} 1"#,
            #"lifecycle_role_phase{role="router",phase="in_trouble"} 0"#,
            #"lifecycle_heartbeat_timestamp_seconds{role="router"} 1767225602"#,
            #"lifecycle_input_records_total{topic="shop.events"} 12"#,
            #"lifecycle_rejected_records_total{topic="shop.events",reason="not_json"} 2"#,
            #"lifecycle_input_lag_records{topic="shop.events",partition="1"} 7"#,
            #"lifecycle_transactions_total{role="router",outcome="committed"} 4"#,
            #"lifecycle_topic_findings{topic="lifecycle.log"} 0"#,
            "# TYPE lifecycle_input_records_total counter",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        let rejected = lines.filter { $0.hasPrefix("lifecycle_rejected_records_total{") }
        #expect(rejected.count == RejectionReason.allCases.count)
    }

    @Test func `is said of a distribution as counts up to each bound, each with those before it`() throws {
        var worker = WorkerMaker()
        var turn = TurnTelling()
        turn.inputTimes = [0.02, 0.02, 0.3, 90].map { WorkerMaker.time(100) - Milliseconds(Int64($0 * 1_000)) }
        worker.state.counts.log.add(turn, at: WorkerMaker.time(100))
        let lines = try Self.text((.projector, worker)).split(separator: "\n").map(String.init)
        let name = "lifecycle_end_to_end_latency_seconds"
        for line in [
            "# TYPE \(name) histogram", #"\#(name)_bucket{le="0.01"} 0"#, #"\#(name)_bucket{le="0.025"} 2"#,
            #"\#(name)_bucket{le="0.5"} 3"#, #"\#(name)_bucket{le="60"} 3"#, #"\#(name)_bucket{le="+Inf"} 4"#,
            "\(name)_sum 90.34", "\(name)_count 4",
            #"lifecycle_commit_duration_seconds_bucket{role="projector",le="0.005"} 0"#,
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }

    @Test func `is said of what was published by type and trigger, each from 0, and of steps that occurred`() throws {
        var worker = WorkerMaker()
        var turn = TurnTelling()
        let step = PublishedKind.Step(action: "welcome", step: "hello")
        turn.published = [
            PublishedKind(type: .stageChange, trigger: .silence): 3,
            PublishedKind(type: .actionSuppressed, trigger: nil, step: step): 2,
        ]
        worker.state.counts.log.add(turn, at: WorkerMaker.time(100))
        let lines = try Self.text((.projector, worker)).split(separator: "\n").map(String.init)
        for line in [
            #"lifecycle_changes_total{type="lifecycle.stage.changed.v1",trigger="silence"} 3"#,
            #"lifecycle_changes_total{type="lifecycle.stage.changed.v1",trigger="event"} 0"#,
            #"lifecycle_changes_total{type="lifecycle.action.suppressed.v1",trigger=""} 2"#,
            #"lifecycle_actions_total{action="welcome",step="hello",outcome="suppressed"} 2"#,
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        #expect(lines.count { $0.hasPrefix("lifecycle_actions_total{") } == 1)
    }

    @Test func `drops what another process has taken up`() throws {
        var worker = WorkerMaker()
        worker.works(for: 1, waiting: ["lifecycle.log/0": { _ in 1 }, "lifecycle.log/1": { _ in 2 }])
        worker.state.partitions["lifecycle.log/0"] = nil
        let text = try Self.text((.projector, worker))
        #expect(text.contains(#"lifecycle_log_lag_records{partition="1"} 2"#))
        #expect(!text.contains(#"lifecycle_log_lag_records{partition="0"}"#))
    }

    @Test func `counts ways of the shop since the process began, and none twice`() {
        var progress = Progress(stageNames: ["new", "old"])
        progress.count(from: nil, to: 0)
        var shop = ShopCounts()
        shop.see([(0, progress)])
        #expect(shop.ways.allSatisfy { $0.value == 0 }, "what a partition brings along is none of today's")
        var further = progress
        further.count(from: 0, to: 1)
        shop.see([(0, further)])
        // The turn is taken back, and made again.
        shop.see([(0, progress)])
        shop.see([(0, further)])
        #expect(shop.ways[ShopCounts.Way(from: "new", to: "old")] == 1)
        #expect(shop.ways[ShopCounts.Way(from: nil, to: "new")] == 0)
        #expect(shop.stages == ["new": 0, "old": 1])
    }

    /// The page is written by hand nowhere: `WRITE_SCHEMAS=1` writes its list.
    @Test func `is listed on its page as the schemas are`() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/lifecycle/Documentation.docc/Metrics.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let list = ExposedMetric.page
        if PageSettings.writesPages, let start = text.range(of: "| metric |") {
            try (text[..<start.lowerBound] + list).write(to: page, atomically: true, encoding: .utf8)
        }
        #expect(text.hasSuffix(list))
    }
}

@Suite struct `What a process tells over HTTP` {
    private static let secret = String(repeating: "s", count: 40)

    private static func site(_ reports: [WorkerReport], _ board: StatusBoard = StatusBoard()) -> HealthSite {
        HealthSite(
            reports: reports,
            topics: TopicWatch(
                interval: .seconds(1), verify: { [] },
                log: SharedLog(.text, to: FileOutput(descriptor: STDERR_FILENO))),
            board: board, names: Names(), version: "1", began: Instant(milliseconds: 0))
    }

    private static func ask(
        _ path: String, of reports: [WorkerReport], showing token: String? = nil
    ) throws -> Answer {
        let address = try #require(SocketAddress("127.0.0.1:0"))
        let server = try HTTPSettings(
            address: address, token: Token(secret), identity: nil, names: [], isBehindProxy: false
        ).server(of: site(reports).routes)
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        let authorization = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        client.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(authorization)\r\n")
        return client.answer()
    }

    @Test func `is that it lives as long as its workers give signs, whatever waits`() throws {
        let report = WorkerReport(.router)
        report.enter(.inTrouble("no broker answers"))
        #expect(try Self.ask("/livez", of: [report]).status == 200)
        let hung = WorkerReport(.projector)
        hung.beat(at: .now - .seconds(121))
        let answer = try Self.ask("/livez", of: [report, hung])
        #expect(answer.status == 503 && answer.body == "", "a code only")
        #expect(try Self.ask("/livez", of: [report, hung], showing: Self.secret).body.hasPrefix("projector: no sign"))
    }

    @Test func `is that it is ready once each role is live and nothing is wrong`() throws {
        let report = WorkerReport(.projector)
        #expect(try Self.ask("/readyz", of: [report]).status == 503)
        #expect(try Self.ask("/readyz", of: [report], showing: Self.secret).body == "projector: connecting\n")
        report.enter(.live)
        report.answered()
        #expect(try Self.ask("/readyz", of: [report], showing: Self.secret).body == "ok\n")
        report.update { $0.recover([0]) }
        #expect(try Self.ask("/readyz", of: [report]).status == 503)
    }

    @Test func `is told with a token only`() throws {
        let report = WorkerReport(.projector)
        for path in ["/metrics", "/status"] { #expect(try Self.ask(path, of: [report]).status == 401) }
        let metrics = try Self.ask("/metrics", of: [report], showing: Self.secret)
        #expect(metrics.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(metrics.body.contains(#"lifecycle_role_phase{role="projector",phase="connecting"} 1"#))
        #expect(try Self.ask("/status", of: [report], showing: Self.secret).status == 503)
    }

    @Test func `is told to people as the status file has it, and why there is no answer`() throws {
        let address = try #require(SocketAddress("127.0.0.1:0"))
        let board = StatusBoard()
        let status = StatusText(
            isHealthy: true, written: Instant(milliseconds: 1_767_225_600_000),
            json: #"{"healthy":true,"problems":[]}"#,
            lines: ["healthy", "it works"])
        let server = try HTTPSettings(
            address: address, token: Token(Self.secret), identity: nil, names: [], isBehindProxy: false
        ).server(of: Self.site([WorkerReport(.projector)], board).routes)
        defer { server.stop() }
        let asked = try #require(SocketAddress("127.0.0.1:\(server.port)"))
        let client = PlainClient(asked, token: Token(Self.secret))
        #expect(throws: PlainClient.Failure(sentence: "127.0.0.1:\(server.port) answers with status 503")) {
            try client.get("/status", as: "text/plain")
        }
        board.pin(status)
        // It was written long ago.
        let told = try #require(StatusText(try client.get("/status", as: "text/plain")))
        #expect(!told.isHealthy && told.lines.contains("it works"))
        #expect(try client.get("/status", as: "application/json").hasPrefix(#"{"healthy":false,"problems":["#))
        let stranger = PlainClient(asked, token: nil)
        #expect(throws: PlainClient.Failure(sentence: "127.0.0.1:\(server.port) asks for a token, or for another one"))
        {
            try stranger.get("/status", as: "text/plain")
        }
        server.stop()
        #expect(throws: PlainClient.Failure(sentence: "127.0.0.1:\(server.port) does not answer: Connection refused")) {
            try client.get("/status", as: "text/plain")
        }
    }

    @Test func `is counted by route, method and status, whatever a client makes up`() throws {
        let address = try #require(SocketAddress("127.0.0.1:0"))
        let site = Self.site([WorkerReport(.projector)])
        let server = try HTTPSettings(
            address: address, token: nil, identity: nil, names: [], isBehindProxy: false
        ).server(of: site.routes, onAnswered: site.requests.add)
        defer { server.stop() }
        for line in ["GET /livez", "GET /livez", "HEAD /livez", "GET /users/anna", "BREW /livez"] {
            let client = try RawClient(port: server.port)
            client.send("\(line) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            _ = client.answer()
        }
        // A request is done with a moment after its answer is read.
        while site.requests.now.answered.values.reduce(0, +) < 5 { sched_yield() }
        let counts = site.requests.now
        #expect(counts.answered[RequestCounts.Kind(route: "/livez", method: "GET", status: 200)] == 2)
        #expect(counts.answered[RequestCounts.Kind(route: "/livez", method: "HEAD", status: 200)] == 1)
        #expect(counts.answered[RequestCounts.Kind(route: "", method: "GET", status: 404)] == 1)
        #expect(counts.answered[RequestCounts.Kind(route: "", method: "", status: 405)] == 1)
        #expect(counts.durations["/livez"]?.count == 3)
        #expect(Exposition.text(site.reading).contains(#"{route="/livez",method="GET",status="200"} 2"#))
    }

    @Test func `is refused to other machines without a token and TLS, unless a proxy asks for them`() throws {
        let address = try #require(SocketAddress("0.0.0.0:9464"))
        let identity = Server.Identity(certificate: "", key: "")
        let token = Token(Self.secret)
        for (token, identity) in [(nil, nil), (token, nil), (nil, identity)] as [(Token?, Server.Identity?)] {
            #expect(throws: ProcessorError.self) {
                _ = try HTTPSettings(
                    address: address, token: token, identity: identity, names: [], isBehindProxy: false)
            }
        }
        _ = try HTTPSettings(address: address, token: token, identity: identity, names: [], isBehindProxy: false)
        _ = try HTTPSettings(address: address, token: nil, identity: nil, names: [], isBehindProxy: true)
    }
}
