/// A request whose headers are whole. Bodies are not read: whatever is asked for is asked by path and query.
package struct Request: Sendable {
    /// In capitals, as it was sent.
    package let method: String
    /// Decoded, segment by segment: an escaped slash is part of one.
    package let segments: [String]
    /// In the order of the query; a name may come twice.
    package private(set) var query: [(name: String, value: String)]
    let headers: [(name: String, value: String)]

    /// Fails with what is wrong with the request.
    init(
        method: String, path: String, query: [(name: String, value: String)],
        headers: [(name: String, value: String)]
    ) throws(ProblemDetails) {
        self.method = method
        self.headers = headers
        guard path.hasPrefix("/") else { throw ProblemDetails(.badRequest, "The path has to begin with a slash.") }
        var segments: [String] = []
        for part in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let segment = PercentText.decoded(part), segment != "..", segment != "." else {
                throw ProblemDetails(
                    .badRequest, "A part of the path is not what percent-encoding gives, or leads elsewhere.")
            }
            segments.append(segment)
        }
        self.segments = segments == [""] ? [] : segments
        var decoded: [(name: String, value: String)] = []
        for (name, value) in query {
            guard let name = PercentText.decoded(query: name[...]), let value = PercentText.decoded(query: value[...])
            else { throw ProblemDetails(.badRequest, "A part of the query is not what percent-encoding gives.") }
            decoded.append((name, value))
        }
        self.query = decoded
    }

    /// The same with those pairs of the query alone.
    package func keeping(_ isKept: ((name: String, value: String)) -> Bool) -> Self {
        var request = self
        request.query = query.filter(isKept)
        return request
    }

    /// The values of a header, whatever the case of its name.
    package func values(of header: String) -> [String] {
        headers.filter { $0.name.lowercased() == header }.map(\.value)
    }
}
