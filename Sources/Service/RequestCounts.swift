import HTTP
import Processor
import Synchronization

/// The requests that were answered over HTTP. Routes and methods are ours; what clients make up is none of them.
final class RequestCounts: Sendable {
    struct Kind: Hashable, Sendable {
        /// Empty: no route of ours.
        let route: String
        /// Empty: neither GET nor HEAD.
        let method: String
        let status: UInt32
    }

    struct Counts: Sendable {
        var answered: [Kind: Int] = [:]
        var durations: [String: Distribution] = [:]
    }

    private let counts = Mutex(Counts())

    var now: Counts { counts.withLock { $0 } }

    func add(_ request: AnsweredRequest) {
        let route = request.route ?? ""
        counts.withLock { counts in
            let kind = Kind(route: route, method: request.method ?? "", status: request.status)
            counts.answered[kind, default: 0] += 1
            counts.durations[route, default: Distribution(bounds: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10])]
                .add(request.duration)
        }
    }
}
