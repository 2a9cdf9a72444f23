import Glibc

/// Asks a server of ours a question, in clear: one connection for one answer.
package struct PlainClient: Sendable {
    private let address: SocketAddress
    private let token: Token?
    /// Without a byte, in seconds.
    private let patience: Int

    /// Why there is no answer.
    package struct Failure: Error, Equatable, Sendable {
        package let sentence: String

        package init(sentence: String) { self.sentence = sentence }
    }

    package init(_ address: SocketAddress, token: Token?, patience: Int = 5) {
        self.address = address
        self.token = token
        self.patience = patience
    }

    /// Returns the body of an answer that is well. `type` is the media type wished for.
    package func get(_ path: String, as type: String) throws(Failure) -> String {
        let socket = try connect()
        defer { close(socket) }
        let authorization = token.map { "Authorization: Bearer \($0.text)\r\n" } ?? ""
        let request =
            "GET \(path) HTTP/1.1\r\nHost: \(name)\r\nAccept: \(type)\r\n\(authorization)Connection: close\r\n\r\n"
        var rest = Array(request.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw failure("took no question") }
            rest = rest.dropFirst(count)
        }
        return try body(of: received(on: socket))
    }

    private var name: String { address.text(port: address.port) }

    private func failure(_ what: String) -> Failure {
        Failure(sentence: "\(name) \(what)\(errno == 0 ? "" : ": \(String(cString: strerror(errno)))")")
    }

    private func connect() throws(Failure) -> Int32 {
        let family = address.host.contains(":") ? AF_INET6 : AF_INET
        let size = address.host.contains(":") ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
        let socket = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: patience, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(socket, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        errno = 0
        guard socket >= 0, address.withSockaddr({ Glibc.connect(socket, $0, socklen_t(size)) }) == 0 else {
            defer { if socket >= 0 { close(socket) } }
            throw failure("does not answer")
        }
        return socket
    }

    private func received(on socket: Int32) throws(Failure) -> [UInt8] {
        var all: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 16_384)
        while true {
            errno = 0
            let count = recv(socket, &bytes, bytes.count, 0)
            guard count >= 0 else { throw failure("did not end its answer") }
            guard count > 0 else { return all }
            all += bytes[..<count]
        }
    }

    private func body(of answer: [UInt8]) throws(Failure) -> String {
        let text = String(decoding: answer, as: UTF8.self)
        errno = 0
        guard text.hasPrefix("HTTP/1.1 "), let end = text.firstRange(of: "\r\n\r\n") else {
            throw failure("answers something else than HTTP; does it ask for TLS?")
        }
        let status = text.dropFirst("HTTP/1.1 ".count).prefix(3)
        guard status == "200" else {
            throw failure(status == "401" ? "asks for a token, or for another one" : "answers with status \(status)")
        }
        return String(text[end.upperBound...])
    }
}
