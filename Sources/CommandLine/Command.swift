/// A command as data: its name, its parameters, and what it does. Parsing, help and shell completion all come from this
/// one declaration.
package struct Command: Sendable {
    /// Does the work of a command, once its settings are known.
    package typealias Run = @Sendable (Settings, Terminal) throws(CommandFailure) -> ExitCode

    /// One word or two: `stages`, `policy check`.
    package let name: String
    /// One line, for the list of commands.
    package let summary: String
    /// The rest of its help.
    package let discussion: String
    package let parameters: [Declaration]
    package let run: Run

    /// `sharing` are the parameters that other commands take too.
    package init<each Value>(
        _ name: String, _ summary: String, discussion: String = "", sharing: [Declaration] = [],
        parameters: repeat Parameter<each Value>, run: @escaping Run
    ) {
        var declarations = sharing
        for parameter in repeat each parameters { declarations.append(parameter.declaration) }
        precondition(
            Set(declarations.map(\.name)).count == declarations.count, "\(name) declares a parameter twice.")
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.parameters = declarations
        self.run = run
    }

    /// The command's own options and those that every command takes.
    package var options: [Declaration] { parameters.filter { $0.place != .argument } + Common.declarations }
    package var arguments: [Declaration] { parameters.filter { $0.place == .argument } }
    package var words: [String] { name.split(separator: " ").map(String.init) }
}

/// How messages for operators are written.
package enum LogStyle: String, CaseIterable, Sendable {
    case text
    case json
}

/// The options that every command takes.
package enum Common {
    package static let configuration = Parameter.optional(
        "config", .file, help: "settings from a YAML file; without this, lifecycle.yaml where it exists")
    package static let log = Parameter.standard(
        "log", Format<LogStyle>.choice, "text", help: "messages on stderr for people, or as lines of JSON")
    package static let help = Parameter.flag("help", help: "show this")

    package static let declarations = [configuration.declaration, log.declaration, help.declaration]
}
