import HTTP
import RawHTTP
import Testing

@Suite struct `A server` {
    static let secret = "0123456789abcdefghijklmnopqrstuv"

    private static func server(
        token: String? = nil, names: [String] = [], limits: Server.Limits = Server.Limits()
    ) throws -> Server {
        let address = try #require(SocketAddress("127.0.0.1:0"))
        let gate = Gate(address: address, token: token.flatMap { Token($0) }, names: names)
        return try Server(
            address, limits: limits,
            site: Site(
                gate: gate,
                routes: [
                    Route("/echo") { request, _ in
                        Response(.ok, request.query.map { "\($0.name)=\($0.value)" }.joined(separator: ";"))
                    },
                    Route("/livez", isOpen: true) { _, isTrusted in Response(.ok, isTrusted ? "trusted" : "") },
                    Route("/a b/c/d") { _, _ in Response(.ok, "spaced") },
                ]))
    }

    private static func ask(_ server: borrowing Server, _ request: String) throws -> Answer {
        let client = try RawClient(port: server.port)
        client.send(request)
        return client.answer()
    }

    private static func get(_ path: String, _ headers: String = "", method: String = "GET") -> String {
        "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n"
    }

    @Test func `answers its routes, with their queries decoded`() throws {
        let server = try Self.server()
        defer { server.stop() }
        let answer = try Self.ask(server, Self.get("/echo?name=a%20b+c&x=%26&flag"))
        #expect(answer.status == 200)
        #expect(answer.body == "name=a b c;x=&;flag=")
        #expect(try Self.ask(server, Self.get("/a%20b/c/d")).body == "spaced")
    }

    @Test func `says to every browser that it is shown nowhere else`() throws {
        let server = try Self.server()
        defer { server.stop() }
        for path in ["/echo", "/nothing", "/%zz"] {
            let headers = try Self.ask(server, Self.get(path)).headers
            #expect(headers["content-security-policy"]?.hasPrefix("default-src 'none'") == true, "\(path)")
            #expect(headers["x-content-type-options"] == "nosniff")
            #expect(headers["referrer-policy"] == "no-referrer")
            #expect(headers["access-control-allow-origin"] == nil)
        }
    }

    @Test(arguments: [
        ("/nothing", 404), ("/echo/", 404), ("/echo/..", 400), ("/%2e%2e/echo", 400), ("/a%2Fb", 404), ("/%zz", 400),
        ("/%", 400), ("/echo?a=%00", 400), ("/echo?%ff=1", 400), ("/a%0ab", 400),
    ])
    func `refuses a path by what is wrong with it`(path: String, status: Int) throws {
        let server = try Self.server()
        defer { server.stop() }
        let answer = try Self.ask(server, Self.get(path))
        #expect(answer.status == status)
        #expect(answer.headers["content-type"] == "application/problem+json")
        #expect(answer.body.contains("\"status\":\(status)"))
    }

    @Test func `changes nothing`() throws {
        let server = try Self.server()
        defer { server.stop() }
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"] {
            let answer = try Self.ask(server, Self.get("/echo", "Content-Length: 0\r\n", method: method))
            #expect(answer.status == 405, "\(method)")
            #expect(answer.headers["allow"] == "GET, HEAD")
        }
        let head = try RawClient(port: server.port)
        head.send(Self.get("/echo?a=1", "Connection: close\r\n", method: "HEAD"))
        let answer = Answer(head.rest())
        #expect(answer.status == 200 && answer.contentLength == 3 && answer.body.isEmpty)
    }

    /// A page of another site may have its own name lead to this address.
    @Test func `answers to its own names alone`() throws {
        let server = try Self.server(names: ["Proxy.example"])
        defer { server.stop() }
        for (host, status) in [
            ("localhost", 200), ("127.0.0.1:80", 200), ("[::1]:9464", 200), ("proxy.EXAMPLE:1", 200),
            ("evil.example", 421), ("localhost.evil.example", 421),
        ] {
            let answer = try Self.ask(server, "GET /echo HTTP/1.1\r\nHost: \(host)\r\n\r\n")
            #expect(answer.status == status, "\(host)")
        }
        #expect(try Self.ask(server, "GET /echo HTTP/1.1\r\n\r\n").status == 400)
        #expect(try Self.ask(server, "GET /echo HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n").status == 400)
    }

    @Test func `asks for its token on all that is not open, and tells an open route's asker a code only`() throws {
        let server = try Self.server(token: Self.secret)
        defer { server.stop() }
        for path in ["/echo", "/nothing"] {
            let answer = try Self.ask(server, Self.get(path))
            #expect(answer.status == 401)
            #expect(answer.headers["www-authenticate"] == "Bearer")
        }
        let wrong = String(Self.secret.dropLast()) + "w"
        for shown in ["Bearer \(wrong)", "Bearer \(Self.secret)x", "Bearer", "Basic \(Self.secret)", Self.secret] {
            #expect(try Self.ask(server, Self.get("/echo", "Authorization: \(shown)\r\n")).status == 401, "\(shown)")
        }
        #expect(try Self.ask(server, Self.get("/echo", "authorization: bearer \(Self.secret)\r\n")).status == 200)
        #expect(try Self.ask(server, Self.get("/livez")).body == "")
        #expect(try Self.ask(server, Self.get("/livez", "Authorization: Bearer \(Self.secret)\r\n")).body == "trusted")
    }

    @Test(arguments: ["short", String(repeating: "k", count: 31), String(repeating: "k", count: 32) + " k", ""])
    func `takes no token that is too short or holds what a header cannot`(text: String) {
        #expect(Token(text) == nil)
        #expect(Token(" \(Self.secret)\n") != nil)
    }

    @Test func `refuses a length beside chunks, which two servers could read in two ways`() throws {
        let server = try Self.server()
        defer { server.stop() }
        let both = "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"
        #expect(try Self.ask(server, Self.get("/echo", both) + "0\r\n\r\n").status == 400)
    }

    @Test func `answers one request after the other on a connection`() throws {
        let server = try Self.server()
        defer { server.stop() }
        let client = try RawClient(port: server.port)
        for number in 0..<50 {
            client.send(Self.get("/echo?n=\(number)"))
            #expect(client.answer().body == "n=\(number)")
        }
    }

    /// The library's own time-out is of inactivity only.
    @Test func `ends a connection whose request does not become whole`() throws {
        var limits = Server.Limits()
        limits.request = .milliseconds(200)
        let server = try Self.server(limits: limits)
        defer { server.stop() }
        let silent = try RawClient(port: server.port)
        let slow = try RawClient(port: server.port)
        slow.send("GET /echo HTTP/1.1\r\nHo")
        #expect(slow.rest() == "")
        #expect(silent.rest() == "")
        #expect(try Self.ask(server, Self.get("/echo?a=1")).body == "a=1")
    }

    @Test func `answers beside sixty connections that say nothing`() throws {
        let server = try Self.server()
        defer { server.stop() }
        let idle = try (0..<60).map { _ in IdleClient(try RawClient(port: server.port)) }
        #expect(try Self.ask(server, Self.get("/echo?a=1")).body == "a=1")
        #expect(idle.count == 60)
    }

    @Test func `stops at once beside connections that say nothing, and twice`() throws {
        let server = try Self.server()
        let idle = try RawClient(port: server.port)
        idle.send("GET /ec")
        server.stop()
        server.stop()
        #expect(idle.rest() == "")
    }

    @Test(arguments: ["127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000", "example.org:80", "::1:80", "[127.0.0.1]:80", ""])
    func `listens on addresses alone`(text: String) {
        #expect(SocketAddress(text) == nil)
    }

    @Test func `knows which addresses other machines reach`() throws {
        for (text, isLoopback) in [
            ("127.0.0.1:80", true), ("localhost:80", true), ("[::1]:80", true), ("127.9.9.9:1", true),
            ("0.0.0.0:80", false), ("[::]:80", false), ("192.168.1.2:80", false),
        ] {
            #expect(try #require(SocketAddress(text)).isLoopback == isLoopback, "\(text)")
        }
    }

    @Test func `says that an address is taken`() throws {
        let server = try Self.server()
        defer { server.stop() }
        let address = try #require(SocketAddress("127.0.0.1:\(server.port)"))
        #expect(throws: Server.Failure.self) {
            _ = try Server(address, site: Site(gate: Gate(address: address, token: nil), routes: []))
        }
    }
}

private final class IdleClient {
    private let client: RawClient

    init(_ client: consuming RawClient) { self.client = client }
}
