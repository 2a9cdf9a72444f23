import FoundationEssentials

/// All settings of a run, checked. An option on the command line overrides the environment, which overrides the
/// configuration file, which overrides the default. Nothing else in the program reads the environment.
package struct Settings: Sendable {
    private let values: [String: any Sendable]
    private let origins: [String: Given.Origin]

    /// The environment of this process.
    package static var processEnvironment: [String: String] { ProcessInfo.processInfo.environment }

    /// Where this machine keeps files that nobody needs later.
    package static var temporaryDirectory: String {
        processEnvironment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    }

    /// Checks every parameter in `declarations`, so that a command starts only with valid settings.
    package init(
        _ declarations: [Declaration], commandLine: [String: [Given]], environment: [String: String],
        file: ConfigurationFile
    ) throws(CommandFailure) {
        try self.init(declarations) { declaration throws(CommandFailure) in
            let own = commandLine[declaration.name] ?? Self.fromEnvironment(declaration, environment)
            return if let own { own } else { try file.given(for: declaration) ?? [] }
        }
    }

    /// Reads the query of a URL, `stage=lost&limit=20`, and neither the environment nor a file. Errors are worded as on
    /// the command line, with the parameter's name in a query.
    package init(_ declarations: [Declaration], query: String) throws(CommandFailure) {
        try self.init(declarations, try QueryReader(query, for: declarations))
    }

    /// The same of a query that is read already.
    package init(_ declarations: [Declaration], _ query: QueryReader) throws(CommandFailure) {
        let pairs = query.given
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

    /// Returns where the parameter's value came from; nil where it is the default.
    package func origin<Value>(of parameter: Parameter<Value>) -> Given.Origin? { origins[parameter.declaration.name] }

    package subscript<Value>(_ parameter: Parameter<Value>) -> Value {
        guard let value = values[parameter.declaration.name] as? Value else {
            preconditionFailure("The command reads \(parameter.declaration.label), which it does not declare.")
        }
        return value
    }

    /// Returns what the environment gives; nil where it gives nothing. Arguments have no variable, and an empty
    /// variable counts as none. Blanks separate the values of a repeated parameter.
    private static func fromEnvironment(_ declaration: Declaration, _ environment: [String: String]) -> [Given]? {
        guard declaration.place != .argument, let text = environment[declaration.environmentName], !text.isEmpty else {
            return nil
        }
        let texts = declaration.isRepeated ? text.split(whereSeparator: \.isWhitespace).map(String.init) : [text]
        return texts.map { Given(text: $0, origin: .environment) }
    }
}
