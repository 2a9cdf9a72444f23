import Brokers
import CommandLine
import Console
import Glibc
import HTTP
import Processor
import Service
import Storage

/// `console`: pages of a log for a browser, and the same answers for programs, read only.
enum ConsoleCommand: LogCommand {
    private static let address = Parameter.standard(
        "http", Format<SocketAddress>.address, "127.0.0.1:8080", help: "where a browser finds it")

    private static let proposed = Parameter.optional(
        "proposed", Format<String>.policy, help: "a policy file, to show what it would change (read once)")

    static let command = Command(
        "console", "show a log in a browser: customers, stages, reasons",
        discussion: """
            Folds the log, as `stages` does, and follows it until it is told to stop (Ctrl-C). It changes nothing, and \
            takes as much memory as a processor that holds all partitions. /api/v1 answers programs what the commands \
            print under --json; /openapi.json describes it.
            """,
        sharing: LogLocation.declarations, parameters: address, proposed, HTTPParameters.token,
        HTTPParameters.certificate,
        HTTPParameters.key, HTTPParameters.names, HTTPParameters.isBehindProxy
    ) { settings, terminal throws(CommandFailure) in
        StopSignal.watch()
        return try run(settings, terminal)
    }

    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        let http = try HTTPParameters.settings(settings, at: settings[address])
        let proposed = try settings[proposed].map { name throws(CommandFailure) in try ProposedPolicy(name) }
        try serve(place, http, proposed, terminal)
        return .done
    }

    /// Follows what is published on a thread of its own. Without it everything else is shown all the same.
    private static func follow(_ place: LogPlace<some Broker>, _ live: LiveChanges, _ terminal: Terminal) {
        _ = OwnThread {
            while !StopSignal.isRequested {
                do throws(ProcessorError) {
                    let feed = try ChangeFeed(broker: place.broker, names: place.names, from: .now)
                    try live.follow(feed, wait: place.wait) { StopSignal.isRequested }
                } catch {
                    usleep(1_000_000)
                }
            }
        }
    }

    /// Shows a log on this machine alone, at a port that is free.
    static func show(_ place: LogPlace<some Broker>, _ terminal: Terminal) throws(CommandFailure) -> ExitCode {
        let http = try CommandFailure.translating { () throws(ProcessorError) in try HTTPSettings.local }
        StopSignal.watch()
        terminal.write("")
        try serve(place, http, nil, terminal)
        return .done
    }

    /// Listens at once, so that an address that is taken is told before the log is read.
    private static func serve(
        _ place: LogPlace<some Broker>, _ http: HTTPSettings, _ proposed: ProposedPolicy?, _ terminal: Terminal
    ) throws(CommandFailure) {
        let view = try place.view()
        try CommandFailure.translating { () throws(ProcessorError) in
            let log = FollowedLog(view, wait: place.wait)
            let live = LiveChanges()
            let site = ConsoleSite(log, live: live, version: Main.version, proposal: proposed?.diff(limit: 20))
            let server = try http.server(of: site.routes, streams: live.streams)
            defer { server.stop() }
            follow(place, live, terminal)
            let work = LongWork("folding", unit: "records", total: try view.recordCount(), terminal: terminal)
            try log.run(until: { StopSignal.isRequested }, onProgress: { work.advance(by: $0) }) {
                work.end()
                terminal.write("The console of \(place.name) is at \(http.url(port: server.port))")
                terminal.flush()
                _ = OwnThread {
                    // Whoever asks meanwhile has their answer worked out, as if nothing were kept.
                    do throws(ProcessorError) { try site.keepPages() } catch { return }
                }
            }
        }
    }
}
