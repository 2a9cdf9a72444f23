/// Why a request is not answered, as problem details (RFC 9457).
package struct ProblemDetails: Error, Equatable, Sendable {
    package let status: Response.Status
    /// For the one who asked.
    package let detail: String

    /// After how many seconds it may be asked again; nil where that would help nothing.
    package let retryAfter: Int?

    package init(_ status: Response.Status, _ detail: String, retryAfter: Int? = nil) {
        self.status = status
        self.detail = detail
        self.retryAfter = retryAfter
    }

    package var response: Response {
        Response(
            status,
            """
            {"type":"about:blank","title":"\(status.title)","status":\(status.rawValue),"detail":"\(quotable)"}

            """, type: "application/problem+json", headers: retryAfter.map { [("Retry-After", "\($0)")] } ?? [])
    }

    /// The detail without what ends a text of JSON: it may repeat what was asked.
    private var quotable: String {
        var text = ""
        for character in detail.unicodeScalars {
            switch character {
            case "\\", "\"": text += "\\" + String(character)
            case "\n": text += "\\n"
            case _ where character.value < 0x20: continue
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }
}
