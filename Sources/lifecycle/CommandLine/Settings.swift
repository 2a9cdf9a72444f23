import FoundationEssentials
import PolicyLanguage

/// Everything a run was told, checked: a flag beats the environment, which beats the configuration file, which beats
/// the default. Nothing else in the program reads the environment.
struct Settings: Sendable {
    private let values: [String: any Sendable]
    private let origins: [String: Given.Origin]

    /// The environment of this process.
    static var processEnvironment: [String: String] { ProcessInfo.processInfo.environment }

    /// Checks every parameter that `declarations` names, so that a command starts with all its settings good.
    init(
        _ declarations: [Declaration], commandLine: [String: [Given]], environment: [String: String],
        file: ConfigurationFile
    ) throws(CommandFailure) {
        var values: [String: any Sendable] = [:]
        var origins: [String: Given.Origin] = [:]
        for declaration in declarations {
            let own = commandLine[declaration.name] ?? Self.fromEnvironment(declaration, environment)
            let given = if let own { own } else { try file.given(for: declaration) ?? [] }
            values[declaration.name] = try declaration.value(declaration, given)
            origins[declaration.name] = given.first?.origin
        }
        self.values = values
        self.origins = origins
    }

    func declares<Value>(_ parameter: Parameter<Value>) -> Bool { values[parameter.declaration.name] != nil }

    /// Who said what it is; nil where nobody did.
    func origin<Value>(of parameter: Parameter<Value>) -> Given.Origin? { origins[parameter.declaration.name] }

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
