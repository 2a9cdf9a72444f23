/// Why a request is not answered, as problem details (RFC 9457).
package struct Problem: Error, Equatable, Sendable {
    package let status: Response.Status
    /// For the one who asked.
    package let detail: String

    package init(_ status: Response.Status, _ detail: String) {
        self.status = status
        self.detail = detail
    }

    /// The details are sentences of ours: no quote or control character is in them.
    package var response: Response {
        Response(
            status,
            """
            {"type":"about:blank","title":"\(status.title)","status":\(status.rawValue),"detail":"\(detail)"}

            """, type: "application/problem+json")
    }
}
