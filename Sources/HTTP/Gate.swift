/// Decides before anything else who is answered: one gate in front of all routes, so that none can be forgotten.
package struct Gate: Sendable {
    private let token: Token?
    /// Names that a `Host` may say, in small letters: a page of another site could have its own name lead here
    /// otherwise (DNS rebinding).
    private let hosts: Set<String>

    /// `names` are those under which a proxy or another machine asks, without ports.
    package init(address: SocketAddress, token: Token?, names: [String] = []) {
        self.token = token
        hosts = Set(["localhost", "127.0.0.1", "::1", address.host] + names.map { $0.lowercased() })
    }

    /// Refuses what nobody is to be told. An open route tells whoever asks no more than a code.
    func check(_ request: Request, isOpen: Bool) throws(ProblemDetails) {
        guard request.values(of: "transfer-encoding").isEmpty || request.values(of: "content-length").isEmpty else {
            throw ProblemDetails(.badRequest, "Content-Length stands beside Transfer-Encoding.")
        }
        let named = request.values(of: "host")
        guard named.count == 1 else { throw ProblemDetails(.badRequest, "One Host is needed.") }
        guard hosts.contains(Self.name(of: named[0])) else {
            throw ProblemDetails(.misdirected, "This is not the host that was asked for: name it with --http-host.")
        }
        guard isOpen || isTrusted(request) else {
            throw ProblemDetails(.unauthorized, "A token is needed: Authorization: Bearer TOKEN.")
        }
    }

    /// Whether no token is asked for, or the right one is shown.
    func isTrusted(_ request: Request) -> Bool {
        guard let token else { return true }
        let shown = request.values(of: "authorization")
        guard shown.count == 1, shown[0].lowercased().hasPrefix("bearer ") else { return false }
        return token.equals(shown[0].dropFirst("bearer ".count))
    }

    /// Without the port, in small letters.
    private static func name(of host: String) -> String {
        let host = host.lowercased()
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
            return String(host[host.index(after: host.startIndex)..<end])
        }
        return String(host.prefix { $0 != ":" })
    }
}
