import Brokers
import CRdKafka
import Synchronization

/// The last thing that a client complained of, for messages: most calls that fail only say that time ran out, and the
/// cause was told to a callback (KAFKA-2.0.2: a wrong password is retried for ever, and no call ever says so).
package final class KafkaTrouble: Sendable {
    private struct State {
        var cause: String?
        /// The cause is who we are or what we may, not whether anybody is there.
        var isRefusal = false
        /// A broker has answered once.
        var hasSucceeded = false
    }

    private let brokers: String
    private let state = Mutex(State())
    /// Told at once, by the library's threads, of each connection that ends against our will or cannot be made.
    private let onComplaint: @Sendable (_ node: String, _ cause: String) -> Void

    init(brokers: String, onComplaint: @escaping @Sendable (_ node: String, _ cause: String) -> Void = { _, _ in }) {
        self.brokers = brokers
        self.onComplaint = onComplaint
    }

    /// A call on a broker came back with an answer: what was complained of before is over.
    func succeeded() {
        state.withLock { state in
            state.hasSucceeded = true
            state.cause = nil
            state.isRefusal = false
        }
    }

    func logged(level: Int32, facility: String, line: String) {
        guard ["FAIL", "ERROR", "SASL", "SSL", "SASLERR"].contains(facility) || level <= 3 else { return }
        let sentence = Self.sentence(line)
        note(sentence, isRefusal: Self.isRefusal(line))
        guard facility == "FAIL" else { return }
        onComplaint(Self.node(sentence) ?? brokers, "\(brokers) does not answer: \(sentence)")
    }

    func reported(_ code: rd_kafka_resp_err_t, _ reason: String) {
        // That all brokers are down follows from what came before it.
        guard code != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN else { return }
        let isRefusal = [RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR__SSL].contains(code)
        note(Self.sentence(reason), isRefusal: isRefusal || Self.isRefusal(reason))
    }

    private func note(_ cause: String, isRefusal: Bool) {
        state.withLock { state in
            // A refusal says more than the disconnections that follow it.
            guard isRefusal || !state.isRefusal else { return }
            state.cause = cause
            state.isRefusal = isRefusal
        }
    }

    /// Nobody ever let us in, and what they said is about who we are.
    var isRefused: Bool { state.withLock { $0.isRefusal && !$0.hasSucceeded } }

    /// An error for a call that gave up: whom it did not reach, and what is known of why.
    func unreachable(_ action: String) -> BrokerError {
        state.withLock { state in
            let cause = state.cause.map { ": \($0)" } ?? "."
            let ended = cause.hasSuffix(".") ? cause : cause + "."
            if state.isRefusal, !state.hasSucceeded {
                return BrokerError(.refused, "\(brokers) refuses this client (\(action))\(ended)")
            }
            return BrokerError(.retry, "\(brokers) does not answer (\(action))\(ended)")
        }
    }

    private static let refusals = [
        "authentication", "sasl", "certificate", "ssl handshake", "security.protocol", "unexpected eof",
    ]

    private static func isRefusal(_ line: String) -> Bool {
        let line = line.lowercased()
        return refusals.contains { line.contains($0) }
    }

    /// `host:port` of the node that a sentence is about: a client may also call it by what it needs it for, as in
    /// `GroupCoordinator: kafka1:9092: Disconnected`.
    private static func node(_ sentence: String) -> String? {
        sentence.split(separator: " ").lazy.compactMap { word -> String? in
            guard word.hasSuffix(":") else { return nil }
            let name = word.dropLast().prefix { $0 != "/" }
            let port = name.lastIndex(of: ":").map { name[$0...].dropFirst() } ?? ""
            return UInt16(port) == nil ? nil : String(name)
        }.first
    }

    /// Without the thread's name and what the library says of its own state.
    private static func sentence(_ line: String) -> String {
        var line = line[...]
        if line.hasPrefix("["), let end = line.firstRange(of: "]: ") { line = line[end.upperBound...] }
        if let state = line.firstRange(of: " (after ") { line = line[..<state.lowerBound] }
        return String(line)
    }
}
