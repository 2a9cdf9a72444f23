import CommandLine
import Glibc
import Service
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

extension Terminal {
    /// Asks the person at the terminal. Throws where nobody is there, and says how to do it `withoutAsking`.
    func agrees(to question: String, withoutAsking action: String) throws(CommandFailure) -> Bool {
        guard isatty(STDIN_FILENO) == 1 else {
            throw CommandFailure(.usage, "nobody can be asked here: say --yes to \(action)")
        }
        flush()
        errors.write("\(question) [y/N] ")
        return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
    }
}
