import Brokers
import CRdKafka
import Synchronization

/// Remembers the last trouble that a client reported, for messages: most calls that fail only say that time ran out,
/// while a callback got the cause (2.0.2 retries a wrong password for ever, and no call ever reports it).
package final class KafkaTrouble: Sendable {
    private struct State {
        var cause: String?
        /// Whether the cause is authentication or encryption rather than an unreachable broker.
        var isRefusal = false
        /// Whether a broker has answered once.
        var hasSucceeded = false
    }

    private let brokers: String
    private let state = Mutex(State())
    /// The library's threads call it at once for each connection that breaks or cannot be made.
    private let onComplaint: @Sendable (_ node: String, _ cause: String) -> Void

    init(brokers: String, onComplaint: @escaping @Sendable (_ node: String, _ cause: String) -> Void = { _, _ in }) {
        self.brokers = brokers
        self.onComplaint = onComplaint
    }

    /// Notes that a broker has answered, so that earlier trouble is over.
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
        // "All brokers are down" adds nothing to the errors before it.
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

    /// Whether the client never connected, and the last trouble was authentication or encryption: then the credentials
    /// are wrong.
    var isRefused: Bool { state.withLock { $0.isRefusal && !$0.hasSucceeded } }

    /// Makes the error of a call that gave up. It names the brokers and the cause, if that is known.
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

    /// Returns the `host:port` of the node that a sentence is about. The sentence may begin with the node's role, as in
    /// `GroupCoordinator: kafka1:9092: Disconnected`.
    private static func node(_ sentence: String) -> String? {
        sentence.split(separator: " ").lazy.compactMap { word -> String? in
            guard word.hasSuffix(":") else { return nil }
            let name = word.dropLast().prefix { $0 != "/" }
            let port = name.lastIndex(of: ":").map { name[$0...].dropFirst() } ?? ""
            return UInt16(port) == nil ? nil : String(name)
        }.first
    }

    /// Returns a log line without the thread's name and the library's own state.
    private static func sentence(_ line: String) -> String {
        var line = line[...]
        if line.hasPrefix("["), let end = line.firstRange(of: "]: ") { line = line[end.upperBound...] }
        if let state = line.firstRange(of: " (after ") { line = line[..<state.lowerBound] }
        return String(line)
    }
}
