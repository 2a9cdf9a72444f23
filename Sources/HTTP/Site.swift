/// What a server answers, behind its gate.
package struct Site: Sendable {
    private let gate: Gate
    private let routes: [Route]
    /// Called when a request is done with, on the library's thread.
    let onAnswered: @Sendable (AnsweredRequest) -> Void
    /// Ended with the server.
    let streams: EventStreams?

    package init(
        gate: Gate, routes: [Route], streams: EventStreams? = nil,
        onAnswered: @escaping @Sendable (AnsweredRequest) -> Void = { _ in }
    ) {
        self.streams = streams
        self.gate = gate
        self.routes = routes
        self.onAnswered = onAnswered
    }

    /// Finds the route of a request that may pass. All of them are read only.
    func route(of request: Request) throws(ProblemDetails) -> Route {
        let route = routes.first { $0.matches(request.segments) }
        try gate.check(request, isOpen: route?.isOpen ?? false)
        guard let route else { throw ProblemDetails(.notFound, "Nothing is here.") }
        guard request.method == "GET" || request.method == "HEAD" else {
            throw ProblemDetails(.methodNotAllowed, "Nothing can be changed here: only GET and HEAD are answered.")
        }
        return route
    }

    func isTrusted(_ request: Request) -> Bool { gate.isTrusted(request) }
}

/// What may be counted of a request: nothing that whoever asked has made up.
package struct AnsweredRequest: Sendable {
    /// The route's path; nil where there is none, or the request was refused before it was looked for.
    package let route: String?
    /// `GET` or `HEAD`; nil of any other.
    package let method: String?
    package let status: UInt32
    /// From the whole of its headers to the last byte of the answer.
    package let duration: Duration
}
