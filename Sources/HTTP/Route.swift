/// A path that is answered.
package struct Route: Sendable {
    /// Such as `/metrics`, or `/customers/{id}` for any segment there; what metrics and the access log name, never the
    /// path that was asked for.
    package let path: String
    /// Whether it is answered without a token.
    package let isOpen: Bool
    /// `isTrusted` says whether whoever asks may learn more than a code.
    package let answer: @Sendable (_ request: Request, _ isTrusted: Bool) -> Response
    private let parts: [Substring]

    package init(
        _ path: String, isOpen: Bool = false,
        answer: @escaping @Sendable (_ request: Request, _ isTrusted: Bool) -> Response
    ) {
        self.path = path
        parts = path.dropFirst().split(separator: "/")
        self.isOpen = isOpen
        self.answer = answer
    }

    func matches(_ segments: [String]) -> Bool {
        segments.count == parts.count
            && zip(parts, segments).allSatisfy { $0.hasPrefix("{") ? !$1.isEmpty : $0 == $1 }
    }
}
