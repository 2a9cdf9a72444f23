/// A command as data: what it is called, what it can be told, and what it does. Parsing, help and shell completion all
/// come from this one declaration.
struct Command: Sendable {
    /// What a command does once its settings are known.
    typealias Run = @Sendable (Settings, Terminal) throws(CommandFailure) -> ExitCode

    /// One word or two: `stages`, `policy check`.
    let name: String
    /// One line, for the list of commands.
    let summary: String
    /// What else its help says.
    let discussion: String
    let parameters: [Declaration]
    let run: Run

    /// `sharing`: what it can be told like other commands.
    init<each Value>(
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

    /// Its own options and those that every command takes.
    var options: [Declaration] { parameters.filter { $0.place != .argument } + Common.declarations }
    var arguments: [Declaration] { parameters.filter { $0.place == .argument } }
    var words: [String] { name.split(separator: " ").map(String.init) }
}

/// What every command can be told.
enum Common {
    static let configuration = Parameter.optional(
        "config", .file, help: "settings from a YAML file; without this, lifecycle.yaml where it exists")
    static let log = Parameter.standard(
        "log", Format<LogStyle>.choice, "text", help: "messages on stderr for people, or as lines of JSON")
    static let help = Parameter.flag("help", help: "show this")

    static let declarations = [configuration.declaration, log.declaration, help.declaration]
}
