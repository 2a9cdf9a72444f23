/// What a server answers, behind its gate.
package struct Site: Sendable {
    private let gate: Gate
    private let routes: [Route]

    package init(gate: Gate, routes: [Route]) {
        self.gate = gate
        self.routes = routes
    }

    /// Finds the route of a request that may pass. All of them are read only.
    func route(of request: Request) throws(Problem) -> Route {
        let route = routes.first { $0.matches(request.segments) }
        try gate.check(request, isOpen: route?.isOpen ?? false)
        guard let route else { throw Problem(.notFound, "Nothing is here.") }
        guard request.method == "GET" || request.method == "HEAD" else {
            throw Problem(.methodNotAllowed, "Nothing can be changed here: only GET and HEAD are answered.")
        }
        return route
    }

    func isTrusted(_ request: Request) -> Bool { gate.isTrusted(request) }
}
