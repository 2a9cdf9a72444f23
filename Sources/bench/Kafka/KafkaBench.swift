import Brokers
import CustomerLifecycle
import Foundation
import Kafka
import Processor
import Storage

/// `bench kafka`: measures `lifecycle run` and its peers in alternating runs on a Kafka of its own, and reports.
struct KafkaBench {
    private let settings: Settings
    private let site: Site
    private let peers: Peers
    private var report: Report

    /// A pause, so that the end of one run does not slow down the next.
    private static let pauseSeconds: UInt32 = 2

    /// Measures and prints the report. Returns the exit code. The broker is wiped in every case.
    static func run(_ words: [String]) -> Int32 {
        guard !words.contains("--help") else {
            print(Settings.help, terminator: "")
            return 0
        }
        Interruption.watch()
        do {
            let settings = try Settings(words)
            let program = try lifecycle(settings)
            let folder = FileManager.default.temporaryDirectory.appending(path: "lifecycle-bench-kafka-\(getpid())")
                .path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { remove(folder) }
            // `lifecycle` would read a lifecycle.yaml in the present directory.
            guard FileManager.default.changeCurrentDirectoryPath(folder) else {
                throw BenchFailure("\(folder) cannot be entered.")
            }
            let report = try measure(settings, program, folder)
            print(settings.isJSON ? try report.json() : report.lines().joined(separator: "\n"))
            return report.isGood ? 0 : 1
        } catch {
            say("bench kafka: \(error)")
            return (error as? BenchFailure)?.code ?? 1
        }
    }

    private static func measure(_ settings: Settings, _ program: String, _ folder: String) throws -> Report {
        say("a broker is started, its files are in \(folder)")
        let site = try Site(settings, lifecycle: program, folder: folder)
        do {
            var bench = KafkaBench(settings, site, Peers(settings))
            try bench.measure()
            try site.clear()
            return bench.report
        } catch {
            try site.clear()
            throw error
        }
    }

    private init(_ settings: Settings, _ site: Site, _ peers: Peers) {
        (self.settings, self.site, self.peers) = (settings, site, peers)
        report = Report(
            began: Instant(milliseconds: SystemClock().nowMilliseconds()).rfc3339, program: site.lifecycle,
            cores: coreCount, settings)
        report.notMeasured = peers.missing
        for sentence in peers.missing { Self.say(sentence) }
    }

    private mutating func measure() throws {
        if settings.parts.contains(.latency) {
            for rate in settings.rates { try measureLatency(rate) }
        }
        if settings.parts.contains(.catchUp) || settings.parts.contains(.disk) { try measureCatchUp() }
    }

    private mutating func measureLatency(_ rate: Int) throws {
        var ours: [Report.LatencyRun] = []
        var bare: [Report.BareLatencyRun] = []
        for run in 1...settings.runCount {
            let name = "latency at \(rate)/s, run \(run) of \(settings.runCount)"
            let site = site
            if let found = try attempt(
                "\(name), lifecycle", { try LatencyRun(site: site, rate: rate, run: run).measure() })
            {
                Self.say("    \(Words.percentiles(found.milliseconds)), \(found.missing) missing")
                ours.append(found)
            }
            guard peers.hasBareLoops else { continue }
            let found = try attempt("\(name), bare loop") {
                try BareLatencyRun(site: site, rate: rate, run: run).measure()
            }
            if let found {
                Self.say("    \(Words.percentiles(found.milliseconds))")
                bare.append(found)
            }
        }
        report.latency.append(Report.Latency(ordersPerSecond: rate, ours, bare))
    }

    private mutating func measureCatchUp() throws {
        let site = site
        let isRate = settings.parts.contains(.catchUp)
        let inputs = WaitingOrders(site: site, end: Instant(milliseconds: SystemClock().nowMilliseconds()))
        Self.say("\(settings.orderCount) orders are produced")
        try inputs.fill(withPeers: isRate && peers.hasStreams)
        // A broker that was just started is still being compiled, which would slow down the first run.
        Self.say("a round that does not count: the broker gets warm")
        _ = try catchUpRound(0, isRate)
        var rounds = CatchUpRound()
        for run in 1...settings.runCount { rounds += try catchUpRound(run, isRate) }
        if isRate {
            report.catchUp = Report.CatchUp(
                orders: settings.orderCount, customers: settings.customerCount, rounds.ours, streams: rounds.streams,
                bareLoop: rounds.bare)
        }
        if settings.parts.contains(.disk) { report.disk = Report.Disk(rounds.disk) }
    }

    /// Measures our run and, where rates are wanted, those of the peers, one after the other.
    private mutating func catchUpRound(_ run: Int, _ isRate: Bool) throws -> CatchUpRound {
        let site = site
        var round = CatchUpRound()
        let name = "catching up, run \(run) of \(settings.runCount)"
        let found = try attempt("\(name), lifecycle") {
            try CatchUpRun(site: site, input: WaitingOrders.storefront, run: run).measure()
        }
        if let found {
            Self.say("    \(Words.grouped(found.catchUp.eventsPerSecond)) events/s")
            round.ours.append(found.catchUp)
            round.disk.append(found.disk)
        }
        guard isRate else { return round }
        if peers.hasStreams {
            round.streams = try attemptPeer("\(name), Kafka Streams") {
                try StreamsCatchUpRun(site: site, input: WaitingOrders.peer, run: run).measure()
            }
        }
        if peers.hasBareLoops {
            round.bare = try attemptPeer("\(name), bare loop") {
                try BareCatchUpRun(site: site, input: WaitingOrders.storefront, run: run).measure()
            }
        }
        return round
    }

    /// The results of catching up.
    private struct CatchUpRound {
        var ours: [Report.CatchUpRun] = []
        var disk: [Report.DiskRun] = []
        var streams: [Report.PeerCatchUpRun] = []
        var bare: [Report.PeerCatchUpRun] = []

        static func += (a: inout Self, b: Self) {
            a.ours += b.ours
            a.disk += b.disk
            a.streams += b.streams
            a.bare += b.bare
        }
    }

    private mutating func attemptPeer(
        _ name: String, _ body: () throws -> Report.PeerCatchUpRun
    ) throws -> [Report.PeerCatchUpRun] {
        guard let found = try attempt(name, body) else { return [] }
        Self.say("    \(Words.grouped(found.eventsPerSecond)) events/s")
        return [found]
    }

    /// Makes one run. Returns nil if it failed; the failure is reported and kept, so that other runs are not lost.
    private mutating func attempt<Result>(_ name: String, _ body: () throws -> Result) throws -> Result? {
        Self.say(name)
        sleep(Self.pauseSeconds)
        do {
            return try body()
        } catch {
            if let failure = error as? BenchFailure, failure.code == BenchFailure.interrupted.code { throw failure }
            Self.say("    failed: \(error)")
            report.failures.append("\(name): \(error)")
            return nil
        }
    }

    private static func lifecycle(_ settings: Settings) throws -> String {
        let beside = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let path = settings.lifecycle ?? beside.appending(path: "lifecycle").path
        guard access(path, X_OK) == 0 else {
            throw BenchFailure.usage(
                "There is no program \(path): `swift build -c release --product lifecycle` makes it.")
        }
        guard Peers.path(of: "java") != nil else {
            throw BenchFailure("java is missing, and no Kafka runs without: apt-get install openjdk-17-jre-headless")
        }
        guard access(settings.shared + "/kafka/broker", X_OK) == 0 else {
            throw BenchFailure.usage(
                "\(settings.shared)/kafka/broker is not there: --shared names the folder it is in.")
        }
        return path
    }

    private static func remove(_ folder: String) {
        do {
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            say("\(folder) is left behind: \(error)")
        }
    }

    /// Writes progress to stderr, apart from the report.
    private static func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}

/// The orders to catch up with: in one topic for us and the bare loop, and in another for Kafka Streams.
struct WaitingOrders {
    let site: Site
    /// The instant behind the last order.
    let end: Instant

    static let storefront = Topic("orders")
    static let peer = Topic("peer-orders")

    func fill(withPeers: Bool) throws {
        let orders = PastOrders(
            orderCount: site.settings.orderCount, customerCount: site.settings.customerCount, end: end)
        try fill(Self.storefront, orders) { $0.writeStorefront($1) }
        if withPeers { try fill(Self.peer, orders) { $0.writePeer($1) } }
    }

    private func fill(
        _ topic: Topic, _ orders: PastOrders, _ write: (inout OrderMaker, OrderMaker.Order) -> Void
    ) throws {
        try site.make(topic)
        let producer = try KafkaPlainProducer(
            site.clients, clientID: "bench-orders", topic: topic, lingerMilliseconds: 20)
        var maker = OrderMaker()
        for order in orders {
            write(&maker, order)
            try maker.produce(order.customer, to: producer)
            guard order.number % 10_000 == 0 else { continue }
            try producer.check()
            try Interruption.check()
        }
        try producer.flush()
    }
}
