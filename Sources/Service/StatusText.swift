import CommandLine
package import CustomerLifecycle
import Wire

/// The content of the status file: a line that only says yes or no, a line of JSON, and the rest for people.
package struct StatusText: Equatable, Sendable {
    package let isHealthy: Bool
    package let written: Instant
    /// An object that begins with the members `healthy` and `problems`.
    package let json: String
    /// The lines for people. The first says whether the process is healthy; the problems follow.
    package let lines: [String]

    /// A status older than this was left by a process that is gone, or stuck.
    package static let ageMax = Milliseconds.seconds(15)

    package init(isHealthy: Bool, written: Instant, json: String, lines: [String]) {
        self.isHealthy = isHealthy
        self.written = written
        self.json = json
        self.lines = lines
    }

    /// Reads what `text` wrote; nil where it is anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let head = parts[0].split(separator: " ")
        guard parts.count >= 2, head.count == 3, head[0] == "1", ["healthy", "unhealthy"].contains(head[1]),
            let time = Int64(head[2])
        else { return nil }
        self.init(
            isHealthy: head[1] == "healthy", written: Instant(milliseconds: time), json: parts[1],
            lines: Array(parts[2...]))
    }

    package var text: String {
        (["1 \(isHealthy ? "healthy" : "unhealthy") \(written.milliseconds)", json] + lines).joined(separator: "\n")
    }

    /// Returns the status as it reads at `now`. One that is too old has a problem: its process is gone, or stuck.
    package func read(at now: Instant) -> Self {
        let age = now - written
        guard age > Self.ageMax else { return self }
        return adding(
            problem: "written \(Grouped(age.count / 1_000)) s ago: the process is gone, or stuck")
    }

    /// Returns a status that is not healthy, with `problem` before all others.
    package func adding(problem: String) -> Self {
        var quoted = JSONWriter()
        quoted.value(problem)
        // The members of another version's file are not known, so they are dropped.
        var rest: Substring = "]}"
        for start in ["{\"healthy\":true,\"problems\":[", "{\"healthy\":false,\"problems\":["]
        where json.hasPrefix(start) { rest = json.dropFirst(start.count) }
        let comma = rest.hasPrefix("]") ? "" : ","
        let head = lines.first.map { $0.hasPrefix("healthy") ? "not " + $0 : $0 }
        return Self(
            isHealthy: false, written: written, json: "{\"healthy\":false,\"problems\":[\(quoted.text)\(comma)\(rest)",
            lines: (head.map { [$0] } ?? []) + ["  ! \(problem)"] + lines.dropFirst())
    }
}
