import Glibc

/// Where a server listens: an IP address and a port, such as `127.0.0.1:9464`, `[::1]:0` or `localhost:9464`.
package struct SocketAddress: Equatable, Sendable {
    /// Without brackets.
    package let host: String
    /// 0: any that is free.
    package let port: UInt16

    /// Fails where it is neither an address of digits nor `localhost`, or the port is missing or none.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            return nil
        }
        if host == "localhost" { host = "127.0.0.1" }
        self.host = host
        self.port = port
        guard withSockaddr({ _ in }) != nil else { return nil }
    }

    /// Whether only this machine reaches it.
    package var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" }

    /// As it stands in a `Host` header and in an address line.
    package func text(port: UInt16) -> String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Lends the address as the system takes it; nil where it is none.
    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>) -> Result) -> Result? {
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        four.sin_port = port.bigEndian
        if inet_pton(AF_INET, host, &four.sin_addr) == 1 {
            return withUnsafePointer(to: &four) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body) }
        }
        var six = sockaddr_in6()
        six.sin6_family = sa_family_t(AF_INET6)
        six.sin6_port = port.bigEndian
        guard inet_pton(AF_INET6, host, &six.sin6_addr) == 1 else { return nil }
        return withUnsafePointer(to: &six) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body) }
    }
}
