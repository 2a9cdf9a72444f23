import Glibc

/// The outputs of a command: results go to `output`, everything else (progress, warnings, failures) to `errors`.
package struct Terminal {
    package let output: FileOutput
    package let errors: FileOutput
    package let style: Style
    /// Columns of the terminal behind `output`; 80 where there is none.
    package let columnCount: Int
    /// Whether `output` and `errors` are terminals rather than files or pipes.
    package let isOutputInteractive: Bool
    package let isErrorsInteractive: Bool

    package init(
        output: FileOutput, errors: FileOutput, style: Style = .plain, columnCount: Int = 80,
        isOutputInteractive: Bool = false,
        isErrorsInteractive: Bool = false
    ) {
        self.output = output
        self.errors = errors
        self.style = style
        self.columnCount = columnCount
        self.isOutputInteractive = isOutputInteractive
        self.isErrorsInteractive = isErrorsInteractive
    }

    /// Returns the terminal of this process. It ignores SIGPIPE from now on, so that a write reports a reader that has
    /// gone away.
    package static func ofProcess(environment: [String: String]) -> Terminal {
        signal(SIGPIPE, SIG_IGN)
        // A file that may not grow so large is the write's error.
        signal(SIGXFSZ, SIG_IGN)
        let isInteractive = isatty(STDOUT_FILENO) == 1
        let mayColour = environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
        return Terminal(
            output: FileOutput(descriptor: STDOUT_FILENO),
            errors: FileOutput(descriptor: STDERR_FILENO, isBuffered: false),
            style: isInteractive && mayColour ? .coloured : .plain,
            columnCount: isInteractive ? columnCount(environment) : 80, isOutputInteractive: isInteractive,
            isErrorsInteractive: isatty(STDERR_FILENO) == 1)
    }

    package func write(_ line: some CustomStringConvertible) { output.write("\(line)\n") }

    package func flush() {
        output.flush()
        errors.flush()
    }

    private static func columnCount(_ environment: [String: String]) -> Int {
        var size = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        let count = isKnown ? Int(size.ws_col) : environment["COLUMNS"].flatMap { Int($0) } ?? 80
        return min(max(count, 40), 400)
    }
}

/// Whether text is coloured, and how.
package enum Style: Sendable {
    case plain
    case coloured

    package enum Look: String, Sendable {
        case strong = "1"
        case faint = "2"
        case good = "32"
        case doubtful = "33"
        case bad = "31"
        case quiet = "36"
    }

    package func callAsFunction(_ look: Look, _ text: some CustomStringConvertible) -> String {
        switch self {
        case .plain: "\(text)"
        case .coloured: "\u{1B}[\(look.rawValue)m\(text)\u{1B}[0m"
        }
    }
}
