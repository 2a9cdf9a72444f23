import CommandLine
import Wire

enum Printing {
    static let json = Parameter.flag("json", help: "print JSON for programs")
}

extension Terminal {
    /// Prints the report as JSON if asked for, else what `text` writes for people.
    func answer(_ report: some Report, asJSON: Bool, _ text: () -> Void) {
        if asJSON { write(report.json) } else { text() }
    }
}
