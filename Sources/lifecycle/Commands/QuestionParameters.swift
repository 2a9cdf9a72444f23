import CommandLine
import CustomerLifecycle
import Wire

/// What every question about a log can be told.
enum Question {
    static let json = Parameter.flag("json", help: "print JSON for programs")
    static let at = Parameter.optional(
        "at", Format<Instant>.instant,
        help: "what today's log knows about this instant, inclusive; without it, the newest instant the log knows")
}

extension Terminal {
    /// Prints the report as JSON if asked for, else what `text` writes for people.
    func answer(_ report: some Report, asJSON: Bool, _ text: () -> Void) {
        if asJSON { write(report.json) } else { text() }
    }
}
