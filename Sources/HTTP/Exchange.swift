import Synchronization

/// A request under way, and its answer. The library's thread and the one that answers it meet here.
final class Exchange: Sendable {
    private let site: Site
    private let began = ContinuousClock.now
    private let method: String?
    private let route: Route?
    private let state: Mutex<State>

    private enum State {
        case asked(Request, Route)
        case answered(Response)
    }

    init(_ site: Site, _ request: Result<Request, ProblemDetails>) {
        self.site = site
        var method: String?
        var found: Route?
        let state: State
        do throws(ProblemDetails) {
            let request = try request.get()
            method = ["GET", "HEAD"].first { $0 == request.method }
            let route = try site.route(of: request)
            found = route
            state = .asked(request, route)
        } catch {
            state = .answered(error.response)
        }
        self.method = method
        route = found
        self.state = Mutex(state)
    }

    /// The answer; nil while there is none.
    var response: Response? { state.withLock { if case .answered(let response) = $0 { response } else { nil } } }

    /// Makes the answer.
    func answer() {
        guard case .asked(let request, let route) = state.withLock({ $0 }) else { return }
        let response = route.answer(request, site.isTrusted(request))
        state.withLock { $0 = .answered(response) }
    }

    /// The answer was sent, or whoever asked has gone.
    func end() {
        guard let response else { return }
        // A stream is as long as its client stays, also where the client has gone before it began.
        if let stream = response.stream { return stream.gone() }
        site.onAnswered(
            AnsweredRequest(
                route: route?.path, method: method, status: response.status.rawValue, duration: .now - began))
    }
}
