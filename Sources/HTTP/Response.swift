/// What is answered to a request.
package struct Response: Sendable {
    package enum Status: UInt32, Sendable {
        case ok = 200
        case notModified = 304
        case badRequest = 400
        case unauthorized = 401
        case notFound = 404
        case methodNotAllowed = 405
        case misdirected = 421
        case unavailable = 503

        /// What HTTP calls it (RFC 9110, 15).
        package var title: String {
            switch self {
            case .ok: "OK"
            case .notModified: "Not Modified"
            case .badRequest: "Bad Request"
            case .unauthorized: "Unauthorized"
            case .notFound: "Not Found"
            case .methodNotAllowed: "Method Not Allowed"
            case .misdirected: "Misdirected Request"
            case .unavailable: "Service Unavailable"
            }
        }
    }

    package let status: Status
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
    /// What is sent in the place of a body, for as long as the client stays.
    let stream: EventStream?

    /// `type` is the body's media type; none of an empty one.
    package init(
        _ status: Status = .ok, _ body: String = "", type: String = "text/plain; charset=utf-8",
        headers: [(name: String, value: String)] = []
    ) {
        self.status = status
        self.body = Array(body.utf8)
        self.headers = (body.isEmpty ? [] : [("Content-Type", type)]) + headers
        stream = nil
    }

    package init(_ stream: EventStream) {
        status = .ok
        body = []
        headers = [("Content-Type", "text/event-stream")]
        self.stream = stream
    }

    /// An answer that a client may keep, and show again as long as it has not changed: `tag` says which it is. Who has
    /// it already is told no more than that (RFC 9110, 13.1.2).
    package func tagged(_ tag: String, for request: Request) -> Self {
        let tag = "\"\(tag)\""
        let kept = [(name: "ETag", value: tag), (name: "Cache-Control", value: "private, no-cache")]
        let known = request.values(of: "if-none-match").flatMap { $0.split(separator: ",") }
            .map { $0.drop { $0 == " " }.trimmingPrefix("W/") }
        guard !known.contains(where: { $0 == tag }) else { return Self(.notModified, headers: kept) }
        return Self(status, String(decoding: body, as: UTF8.self), headers: headers + kept)
    }

    private init(_ status: Status, _ body: String, headers: [(name: String, value: String)]) {
        self.status = status
        self.body = Array(body.utf8)
        self.headers = headers
        stream = nil
    }

    /// JSON as it stands, on a line of its own.
    package static func json(_ text: String, _ status: Status = .ok) -> Self {
        Self(status, text + "\n", type: "application/json")
    }

    /// What every answer says to a browser: it shows nothing of others, is shown in no other page, and tells nobody
    /// where it came from.
    static let standingHeaders = [
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
    ]
}
