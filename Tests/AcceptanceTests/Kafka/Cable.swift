import Foundation
import Glibc
import Testing

/// The way from one process to the broker, which can be cut: the process lives in a network of its own, where the
/// broker's port is a forwarder to a socket in a file system, and outside another forwarder leads from there on.
final class Cable {
    private let tools: KafkaTools
    private let socket: String
    private let server: String
    /// Where it leads outside.
    private let target: String
    private var outside: Child?

    /// Leads to `target`, if another address than the broker's is meant.
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

    /// The command that runs `words` at the inner end.
    func command(for words: [String]) -> (program: String, words: [String]) {
        let port = server.split(separator: ":").last.map(String.init) ?? ""
        let script = """
            ip link set lo up
            setpriv --pdeathsig KILL socat TCP-LISTEN:\(port),bind=127.0.0.1,fork,reuseaddr UNIX-CONNECT:\(socket) &
            exec "$@"
            """
        return ("unshare", ["--net", "--map-root-user", "bash", "-c", script, "bash"] + words)
    }

    /// Every connection ends, and none can be made.
    func cut() throws {
        guard let outside else { return }
        self.outside = nil
        // It forwards each connection in a process of its own, all in the group that it leads.
        Glibc.kill(-outside.id, SIGKILL)
        _ = try outside.end()
    }

    func mend() throws {
        outside = try tools.start(
            "setsid", ["socat", "UNIX-LISTEN:\(socket),fork,unlink-early", "TCP:\(target)"])
        try eventually("the cable is there") { FileManager.default.fileExists(atPath: socket) }
    }
}
