/// An exit code: a number for the program that started this one, and the cause for a person. Codes are equal by number.
///
/// Only the codes that every command line has stand here; a program's own table has the others, one for each cause.
package struct ExitCode: Hashable, Sendable {
    package let number: Int32
    package let cause: String

    package init(_ number: Int32, _ cause: String) {
        self.number = number
        self.cause = cause
    }

    package static let done = ExitCode(0, "done")
    package static let usage = ExitCode(2, "the command line, a setting or a file of yours is not as expected")

    package static func == (a: Self, b: Self) -> Bool { a.number == b.number }

    package func hash(into hasher: inout Hasher) { hasher.combine(number) }
}

/// Why a command ends early, worded for the person who must act.
package struct CommandFailure: Error, Equatable, Sendable, CustomStringConvertible {
    package let code: ExitCode
    package let description: String

    package init(_ code: ExitCode, _ description: String) {
        self.code = code
        self.description = description
    }
}
