import Foundation
import Glibc
import Testing

/// A connection from one process to the broker, which can be cut. The process runs in its own network, where the
/// broker's port is a forwarder to a socket in the file system; outside another forwarder leads on from there.
final class Cable {
    private let tools: KafkaTools
    private let socket: String
    private let server: String
    /// The address to which it leads outside.
    private let target: String
    private var outside: Child?

    /// Makes a connection to `target`, or to the broker without one.
    init(tools: KafkaTools, directory: String, to target: String? = nil) throws {
        self.tools = tools
        socket = directory + "/cable"
        server = try #require(Settings.servers.split(separator: ",").first.map(String.init))
        self.target = target ?? server
        try mend()
    }

    deinit {
        do { try cut() } catch { Issue.record("the cable stays: \(error)") }
    }

    /// Returns the command that runs `words` at the inner end.
    func command(for words: [String]) -> (program: String, words: [String]) {
        let port = server.split(separator: ":").last.map(String.init) ?? ""
        let script = """
            ip link set lo up
            setpriv --pdeathsig KILL socat TCP-LISTEN:\(port),bind=127.0.0.1,fork,reuseaddr UNIX-CONNECT:\(socket) &
            exec "$@"
            """
        return ("unshare", ["--net", "--map-root-user", "bash", "-c", script, "bash"] + words)
    }

    /// Cuts every connection, and lets none be made.
    func cut() throws {
        guard let outside else { return }
        self.outside = nil
        // It forwards each connection in another process; all of them are in the group that it leads.
        Glibc.kill(-outside.id, SIGKILL)
        _ = try outside.end()
    }

    func mend() throws {
        outside = try tools.start(
            "setsid", ["socat", "UNIX-LISTEN:\(socket),fork,unlink-early", "TCP:\(target)"])
        try eventually("the cable is there") { FileManager.default.fileExists(atPath: socket) }
    }
}
