import Glibc

/// A client that sends whatever bytes it is told to.
package final class RawClient {
    private let socket: Int32

    /// Nobody listens there.
    package struct Refused: Error {}

    package init(port: UInt16) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Refused() }
        // A test that would wait for ever fails instead.
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(socket) }

    package func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Everything until the server closes the connection.
    package func rest() -> String {
        var all: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(socket, &bytes, bytes.count, 0)
            guard count > 0 else { return String(decoding: all, as: UTF8.self) }
            all += bytes[..<count]
        }
    }

    /// What has come once `end` has come; less where the server closes the connection first.
    package func text(until end: String) -> String {
        var all: [UInt8] = []
        var byte: UInt8 = 0
        while !all.suffix(end.utf8.count).elementsEqual(end.utf8), recv(socket, &byte, 1, 0) == 1 { all.append(byte) }
        return String(decoding: all, as: UTF8.self)
    }

    /// One answer, by its Content-Length.
    package func answer() -> Answer {
        var all: [UInt8] = []
        var byte: UInt8 = 0
        while !all.suffix(4).elementsEqual(Array("\r\n\r\n".utf8)), recv(socket, &byte, 1, 0) == 1 { all.append(byte) }
        var answer = Answer(String(decoding: all, as: UTF8.self))
        var body: [UInt8] = []
        while body.count < answer.contentLength, recv(socket, &byte, 1, 0) == 1 { body.append(byte) }
        answer.body = String(decoding: body, as: UTF8.self)
        return answer
    }
}

/// A response as it came.
package struct Answer {
    package let status: Int
    package let headers: [String: String]
    package var body = ""

    package init(_ text: String) {
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let lines = parts[0].split(separator: "\r\n")
        status = lines.first.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) } ?? 0
        headers = Dictionary(
            lines.dropFirst().map { line in
                let pair = line.split(separator: ":", maxSplits: 1)
                return (pair[0].lowercased(), pair.count > 1 ? pair[1].drop { $0 == " " }.description : "")
            }, uniquingKeysWith: { first, _ in first })
        if parts.count > 1 { body = String(parts[1]) }
    }

    package var contentLength: Int { headers["content-length"].flatMap { Int($0) } ?? 0 }
}
