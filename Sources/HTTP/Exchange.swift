import CMicrohttpd
import Synchronization

/// A request under way, and its answer. The library's thread and the one that answers meet here.
final class Exchange: Sendable {
    let site: Site
    private let state: Mutex<State>

    private struct State {
        var request: Request?
        var route: Route?
        var response: Response?
        /// Whether somebody works on the answer.
        var isAnswering = false
    }

    init(_ site: Site, _ request: Result<Request, Problem>) {
        self.site = site
        var state = State()
        do throws(Problem) {
            let request = try request.get()
            state.request = request
            state.route = try site.route(of: request)
        } catch {
            state.response = error.response
        }
        self.state = Mutex(state)
    }

    /// The answer; nil while there is none.
    var response: Response? { state.withLock { $0.response } }

    /// The path of its route, for whoever counts.
    var path: String? { state.withLock { $0.route?.path } }

    /// Says whether the answer is still to be made, and by nobody yet.
    func begin() -> Bool {
        state.withLock { state in
            defer { state.isAnswering = true }
            return state.response == nil && !state.isAnswering
        }
    }

    /// Makes the answer.
    func answer() {
        guard
            let (request, route) = state.withLock({ state in state.request.flatMap { r in state.route.map { (r, $0) } }
            })
        else { return }
        let response = route.answer(request, site.isTrusted(request))
        state.withLock { $0.response = response }
    }
}
