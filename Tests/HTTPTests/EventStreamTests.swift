import RawHTTP
import Testing

@testable import HTTP

@Suite struct `A stream of events` {
    private static func server(_ streams: EventStreams) throws -> Server {
        let address = try #require(SocketAddress("127.0.0.1:0"))
        let route = Route("/events") { _, _ in
            do throws(ProblemDetails) { return Response(try streams.open()) } catch { return error.response }
        }
        let site = Site(
            gate: Gate(address: address, token: nil),
            routes: [route, Route("/hello") { _, _ in Response(.ok, "hello") }], streams: streams)
        return try Server(address, site: site)
    }

    private static func ask(_ server: borrowing Server, _ path: String = "/events") throws -> RawClient {
        let client = try RawClient(port: server.port)
        client.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return client
    }

    @Test func `sends what is published to all that are open, and goes on`() throws {
        let streams = EventStreams()
        let server = try Self.server(streams)
        let clients = [try Self.ask(server), try Self.ask(server)]
        for client in clients {
            let head = client.text(until: ":\n\n")
            #expect(head.contains("HTTP/1.1 200") && head.contains("Content-Type: text/event-stream"))
        }
        for number in 1...3 {
            streams.publish(EventText.of("change", id: "\(number)", data: "{}"))
            for client in clients {
                #expect(client.text(until: "data: {}\n\n").contains("id: \(number)\nevent: change\n"))
            }
        }
        streams.beat()
        for client in clients { #expect(client.text(until: ":\n\n").contains(":\n\n")) }
        #expect(streams.count == 2)
        server.stop()
    }

    @Test func `is one of sixteen, and questions are answered beside them`() throws {
        let streams = EventStreams()
        let server = try Self.server(streams)
        var clients: [RawClient] = []
        for _ in 0..<EventStreams.countMax {
            clients.append(try Self.ask(server))
            _ = clients.last?.text(until: ":\n\n")
        }
        let refused = try Self.ask(server).answer()
        #expect(refused.status == 503 && refused.headers["retry-after"] == "15")
        #expect(try Self.ask(server, "/hello").answer().body == "hello")
        // Who goes makes room, once something is sent to them.
        clients.removeLast()
        while streams.count == EventStreams.countMax { streams.beat() }
        #expect(try Self.ask(server).text(until: ":\n\n").contains("200"))
        server.stop()
    }

    @Test func `ends with the server, also where nothing is sent`() throws {
        let streams = EventStreams()
        let server = try Self.server(streams)
        let client = try Self.ask(server)
        _ = client.text(until: ":\n\n")
        server.stop()
        #expect(streams.count == 0)
        _ = client.rest()
        #expect(throws: ProblemDetails.self) { try streams.open() }
    }

    @Test func `lets a client go that does not read`() throws {
        let streams = EventStreams()
        let server = try Self.server(streams)
        let client = try Self.ask(server)
        _ = client.text(until: ":\n\n")
        let event = EventText.of("change", id: "1", data: String(repeating: "x", count: 16 << 10))
        // More than the system's own buffers take.
        for _ in 0..<2_000 where streams.count > 0 { streams.publish(event) }
        _ = client.rest()
        while streams.count > 0 { streams.beat() }
        server.stop()
    }
}
