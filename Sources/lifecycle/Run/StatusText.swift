import CustomerLifecycle

/// What stands in the status file: a line for whoever only wants yes or no, one of JSON, and the rest for people.
struct StatusText: Sendable {
    let isHealthy: Bool
    let written: Instant
    let json: String
    let lines: [String]

    /// An older one was left by a process that is gone, or stuck.
    static let ageMax = Milliseconds.seconds(15)

    init(isHealthy: Bool, written: Instant, json: String, lines: [String]) {
        self.isHealthy = isHealthy
        self.written = written
        self.json = json
        self.lines = lines
    }

    /// Nil unless it is what `text` wrote.
    init?(_ text: String) {
        let parts = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let head = parts[0].split(separator: " ")
        guard parts.count >= 2, head.count == 3, head[0] == "1", ["healthy", "unhealthy"].contains(head[1]),
            let time = Int64(head[2])
        else { return nil }
        self.init(
            isHealthy: head[1] == "healthy", written: Instant(milliseconds: time), json: parts[1],
            lines: Array(parts[2...]))
    }

    var text: String {
        (["1 \(isHealthy ? "healthy" : "unhealthy") \(written.milliseconds)", json] + lines).joined(separator: "\n")
    }
}
