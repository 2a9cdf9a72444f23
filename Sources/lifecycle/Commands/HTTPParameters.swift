import CommandLine
import HTTP
import Processor
import Service

/// The parameters of whatever answers over HTTP. A token never stands on a command line, where every user of the
/// machine reads it.
enum HTTPParameters {
    static let address = Parameter.optional(
        "http", Format<SocketAddress>.address,
        help: "tell over HTTP there how it is: /livez, /readyz, /status, /metrics")
    static let token = Parameter.optional(
        "http-token-file", Format<String>.file, help: "a file with what a client has to show, at least 32 characters")
    static let certificate = Parameter.optional(
        "http-certificate", Format<String>.file, help: "a file with the certificate for HTTPS, in PEM")
    static let key = Parameter.optional("http-key", Format<String>.file, help: "a file with its private key, in PEM")
    static let names = Parameter.repeated(
        "http-host", Format<String>.text.named("NAME"), help: "a name by which it is asked, beside its address")
    static let isBehindProxy = Parameter.flag(
        "behind-proxy", help: "other machines reach it through a proxy alone, which asks who they are")

    /// Nil where nothing is to be told.
    static func settings(_ settings: Settings) throws(CommandFailure) -> HTTPSettings? {
        guard let address = settings[Self.address] else { return nil }
        return try Self.settings(settings, at: address)
    }

    static func settings(_ settings: Settings, at address: SocketAddress) throws(CommandFailure) -> HTTPSettings {
        guard (settings[certificate] == nil) == (settings[key] == nil) else {
            throw CommandFailure(.usage, "--http-certificate and --http-key go together")
        }
        let token = try token(settings)
        var identity: Server.Identity?
        if let certificate = settings[certificate], let key = settings[key] {
            identity = Server.Identity(certificate: try text(of: certificate), key: try text(of: key))
        }
        return try CommandFailure.translating { () throws(ProcessorError) in
            try HTTPSettings(
                address: address, token: token, identity: identity, names: settings[names],
                isBehindProxy: settings[isBehindProxy])
        }
    }

    /// What the file names; nil where none is named.
    static func token(_ settings: Settings) throws(CommandFailure) -> Token? {
        try settings[token].map { path throws(CommandFailure) in try token(in: path) }
    }

    private static func token(in path: String) throws(CommandFailure) -> Token {
        guard let token = Token(try text(of: path)) else {
            throw CommandFailure(
                .usage,
                "\(path) holds no token: at least \(Token.byteCountMin) characters without blanks; "
                    + "`openssl rand -hex 32` makes one")
        }
        return token
    }

    private static func text(of path: String) throws(CommandFailure) -> String {
        String(decoding: try PolicyFile.bytes(of: path), as: UTF8.self)
    }
}

extension Format<SocketAddress> {
    static let address = Self(
        "ADDRESS", expected: "an IP address or localhost, and a port, such as 127.0.0.1:9464"
    ) { SocketAddress($0) }
}
