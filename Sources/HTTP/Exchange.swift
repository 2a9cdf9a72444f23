import Synchronization

/// A request under way, and its answer. The library's thread and the one that answers meet here.
final class Exchange: Sendable {
    private let site: Site
    private let state: Mutex<State>

    private enum State {
        case asked(Request, Route)
        case answered(Response)
    }

    init(_ site: Site, _ request: Result<Request, Problem>) {
        self.site = site
        do throws(Problem) {
            let request = try request.get()
            state = Mutex(.asked(request, try site.route(of: request)))
        } catch {
            state = Mutex(.answered(error.response))
        }
    }

    /// The answer; nil while there is none.
    var response: Response? { state.withLock { if case .answered(let response) = $0 { response } else { nil } } }

    /// Makes the answer.
    func answer() {
        guard case .asked(let request, let route) = state.withLock({ $0 }) else { return }
        let response = route.answer(request, site.isTrusted(request))
        state.withLock { $0 = .answered(response) }
    }
}
