import Foundation
import Glibc
import Synchronization
import Testing

/// A forwarder to the broker that loses commits on demand. It parses only the head of Kafka's requests. The client
/// repeats a request that is not answered, so all its requests for that commit are lost, until there is another client
/// of the same producer.
final class LossyProxy: Sendable {
    /// What happens to the next commit of a producer.
    enum Loss {
        /// The request is lost.
        case request
        /// The broker makes the commit, but its answer is lost.
        case answer
    }

    let address: String
    private let broker: UInt16
    private let listener: Int32
    private let plan = Mutex(Plan())

    /// The losses to come, by a part of the producer's transactional id.
    private struct Plan {
        var losses: [String: Loss] = [:]
        var struck: Set<String> = []
    }

    private static let initProducer = 22
    private static let endTransaction = 26

    init(to broker: String) throws {
        self.broker = try #require(broker.split(separator: ":").last.flatMap { UInt16($0) })
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = Self.loopback(0)
        var count = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, count) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, address, &count) == 0
            }
        }
        try #require(isBound, "a port to listen on")
        self.address = "127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        Thread.detachNewThread { [self] in acceptEach() }
    }

    /// Stops accepting. Connections end with the process that made them.
    func close() { shutdown(listener, Int32(SHUT_RDWR)) }

    func lose(_ loss: Loss, ofProducer id: String) { plan.withLock { $0.losses[id] = loss } }

    func hasLost(_ id: String) -> Bool { plan.withLock { $0.struck.contains(id) } }

    private func acceptEach() {
        while case let client = accept(listener, nil, nil), client >= 0 {
            let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = Self.loopback(broker)
            let isConnected = withUnsafePointer(to: &address) { address in
                address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            guard isConnected else {
                Glibc.close(client)
                Glibc.close(server)
                continue
            }
            let isLost = Flag()
            Thread.detachNewThread { [self] in carryRequests(from: client, to: server, isLost) }
            Thread.detachNewThread { Self.carryAnswers(from: server, to: client, isLost) }
        }
        Glibc.close(listener)
    }

    /// Forwards requests one by one. A connection on which a commit was lost forwards nothing more in either direction.
    private func carryRequests(from client: Int32, to server: Int32, _ isLost: Flag) {
        while let request = Self.readFrame(client) {
            let loss = loss(of: request)
            if loss != nil { isLost.raise() }
            if isLost.isRaised, loss != .answer { continue }
            guard Self.write(request[...], to: server) else { break }
        }
        shutdown(server, Int32(SHUT_RDWR))
    }

    private static func carryAnswers(from server: Int32, to client: Int32, _ isLost: Flag) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = recv(server, &buffer, buffer.count, 0), count > 0 {
            if isLost.isRaised { continue }
            guard write(buffer[..<count], to: client) else { break }
        }
        shutdown(client, Int32(SHUT_RDWR))
    }

    /// Returns the loss planned for a request. An `EndTxn` names its producer, and its last byte says whether to
    /// commit.
    private func loss(of request: [UInt8]) -> Loss? {
        guard request.count > 6 else { return nil }
        let kind = Int(request[4]) << 8 | Int(request[5])
        guard kind == Self.initProducer || kind == Self.endTransaction else { return nil }
        let text = String(decoding: request, as: UTF8.self)
        return plan.withLock { plan in
            guard let id = plan.losses.keys.first(where: text.contains) else { return nil }
            if kind == Self.endTransaction, request.last == 1 {
                plan.struck.insert(id)
                return plan.losses[id]
            }
            if kind == Self.initProducer, plan.struck.contains(id) { plan.losses[id] = nil }
            return nil
        }
    }

    /// Reads a frame, with the four bytes that hold the length of the rest.
    private static func readFrame(_ socket: Int32) -> [UInt8]? {
        var frame = [UInt8](repeating: 0, count: 4)
        guard frame.withUnsafeMutableBytes({ read($0, from: socket) }) else { return nil }
        let count = frame.reduce(0) { $0 << 8 | Int($1) }
        frame += [UInt8](repeating: 0, count: count)
        let isWhole = frame.withUnsafeMutableBytes {
            read(UnsafeMutableRawBufferPointer(rebasing: $0[4...]), from: socket)
        }
        return isWhole ? frame : nil
    }

    private static func read(_ bytes: UnsafeMutableRawBufferPointer, from socket: Int32) -> Bool {
        recv(socket, bytes.baseAddress, bytes.count, Int32(MSG_WAITALL)) == bytes.count
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to socket: Int32) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = send(
                    socket, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}

/// A flag that one thread raises once and another reads.
private final class Flag: Sendable {
    private let value = Atomic(false)

    var isRaised: Bool { value.load(ordering: .acquiring) }

    func raise() { value.store(true, ordering: .releasing) }
}
