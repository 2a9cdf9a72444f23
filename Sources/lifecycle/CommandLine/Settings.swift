import FoundationEssentials
import PolicyLanguage

/// Everything a run was told, checked: a flag beats the environment, which beats the configuration file, which beats
/// the default. Nothing else in the program reads the environment.
struct Settings: Sendable {
    private let values: [String: any Sendable]

    /// The environment of this process.
    static var processEnvironment: [String: String] { ProcessInfo.processInfo.environment }

    /// Checks every parameter that `declarations` names, so that a command starts with all its settings good.
    init(
        _ declarations: [Declaration], commandLine: [String: [Given]], environment: [String: String],
        file: ConfigurationFile
    ) throws(CommandFailure) {
        var values: [String: any Sendable] = [:]
        for declaration in declarations {
            let given =
                commandLine[declaration.name] ?? Self.fromEnvironment(declaration, environment)
                ?? file.given(for: declaration)
            values[declaration.name] = try declaration.value(declaration, given ?? [])
        }
        self.values = values
    }

    subscript<Value>(_ parameter: Parameter<Value>) -> Value {
        guard let value = values[parameter.declaration.name] as? Value else {
            preconditionFailure("The command reads \(parameter.declaration.label), which it does not declare.")
        }
        return value
    }

    /// Arguments have no variable; an empty variable is none, but for a flag. Blanks part the values of a repeated one.
    private static func fromEnvironment(_ declaration: Declaration, _ environment: [String: String]) -> [Given]? {
        guard declaration.place != .argument, let text = environment[declaration.environmentName], !text.isEmpty else {
            return nil
        }
        let texts = declaration.isRepeated ? text.split(whereSeparator: \.isWhitespace).map(String.init) : [text]
        return texts.map { Given(text: $0, origin: .environment) }
    }
}

/// The settings of a configuration file, read by whoever knows its syntax: for each name its values.
struct ConfigurationFile: Equatable, Sendable {
    /// Reads the file named by `--config`; with nil the one at the usual place, which need not exist.
    typealias Reader = @Sendable (String?) throws(CommandFailure) -> ConfigurationFile

    static let none = ConfigurationFile(path: "", values: [:])

    let path: String
    let values: [String: [String]]

    func given(for declaration: Declaration) -> [Given]? {
        guard declaration.place != .argument, let texts = values[declaration.name] else { return nil }
        return texts.map { Given(text: $0, origin: .file(path)) }
    }

    /// A name that no command knows is a mistake; one of another command is not.
    func check(against known: Set<String>) throws(CommandFailure) {
        for name in values.keys.sorted() where !known.contains(name) {
            throw CommandFailure(
                .usage, "\(path): unknown setting \(Printable(name))\(Suggestion(for: name, among: known))")
        }
    }
}
