import FoundationEssentials

/// Everything a run was told, checked: a flag beats the environment, which beats the configuration file, which beats
/// the default. Nothing else in the program reads the environment.
package struct Settings: Sendable {
    private let values: [String: any Sendable]
    private let origins: [String: Given.Origin]

    /// The environment of this process.
    package static var processEnvironment: [String: String] { ProcessInfo.processInfo.environment }

    /// Checks every parameter that `declarations` names, so that a command starts with all its settings good.
    package init(
        _ declarations: [Declaration], commandLine: [String: [Given]], environment: [String: String],
        file: ConfigurationFile
    ) throws(CommandFailure) {
        try self.init(declarations) { declaration throws(CommandFailure) in
            let own = commandLine[declaration.name] ?? Self.fromEnvironment(declaration, environment)
            return if let own { own } else { try file.given(for: declaration) ?? [] }
        }
    }

    /// What the query of a URL says, `stage=lost&limit=20`, and nothing else: neither the environment nor a file. What
    /// is wrong is told in the words of the command line, by the parameter's name in a query.
    package init(_ declarations: [Declaration], query: String) throws(CommandFailure) {
        let pairs = try QueryReader(query, for: declarations).given
        try self.init(declarations) { declaration throws(CommandFailure) in
            let given = pairs[declaration.name] ?? []
            guard !declaration.isRequired || !given.isEmpty else {
                throw CommandFailure(.usage, "\(declaration.queryName) is missing: \(declaration.help)")
            }
            return given
        }
    }

    private init(
        _ declarations: [Declaration], given: (Declaration) throws(CommandFailure) -> [Given]
    ) throws(CommandFailure) {
        var values: [String: any Sendable] = [:]
        var origins: [String: Given.Origin] = [:]
        for declaration in declarations {
            let given = try given(declaration)
            values[declaration.name] = try declaration.value(declaration, given)
            origins[declaration.name] = given.first?.origin
        }
        self.values = values
        self.origins = origins
    }

    package func declares<Value>(_ parameter: Parameter<Value>) -> Bool { values[parameter.declaration.name] != nil }

    /// Who said what it is; nil where nobody did.
    package func origin<Value>(of parameter: Parameter<Value>) -> Given.Origin? { origins[parameter.declaration.name] }

    package subscript<Value>(_ parameter: Parameter<Value>) -> Value {
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
