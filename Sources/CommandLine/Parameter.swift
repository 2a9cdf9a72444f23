/// A parameter of a command, given by an option, an environment variable, a line in the configuration file, or an
/// argument. `Value` is the type that `Settings` returns for it.
package struct Parameter<Value: Sendable>: Sendable {
    package let declaration: Declaration

    fileprivate init(
        _ name: String, _ place: Declaration.Place, format: Format<some Sendable>, help: String,
        defaultText: String? = nil, isRequired: Bool = false, isRepeated: Bool = false,
        value: @escaping @Sendable (Declaration, [Given]) throws(CommandFailure) -> Value
    ) {
        declaration = Declaration(
            name: name, place: place, valueName: format.valueName, help: help, defaultText: defaultText,
            isRequired: isRequired, isRepeated: isRepeated, offer: format.offer, value: value)
    }
}

/// A text given for a parameter, and where it came from.
package struct Given: Equatable, Sendable {
    package enum Origin: Equatable, Sendable {
        case commandLine
        /// The query of a URL.
        case query
        case environment
        /// The place in the file: `lifecycle.yaml:3:7`.
        case file(String)

        /// Decides between two settings that exclude each other: the one of the higher rank counts.
        package var rank: Int {
            switch self {
            case .commandLine, .query: 2
            case .environment: 1
            case .file: 0
            }
        }
    }

    package let text: String
    package let origin: Origin
}

/// A parameter without its type, as parsing, help and completion need it.
package struct Declaration: Sendable {
    package enum Place: Equatable, Sendable {
        case option
        /// An option without a value.
        case flag
        case argument
    }

    package let name: String
    package let place: Place
    package let valueName: String
    package let help: String
    package let defaultText: String?
    package let isRequired: Bool
    package let isRepeated: Bool
    package let offer: Offer
    /// Checks the given texts and makes the parameter's value of them.
    package let value: @Sendable (Declaration, [Given]) throws(CommandFailure) -> any Sendable

    /// `--data`, or `FILE`.
    package var label: String { place == .argument ? name : "--\(name)" }

    /// `--data DIR`, `--json`, or `FILE`.
    package var spelled: String { place == .option ? "\(label) \(valueName)" : label }

    /// `limit` for `--limit`, and `customer` for `CUSTOMER`.
    package var queryName: String { place == .argument ? name.lowercased() : name }

    package static let environmentPrefix = "LIFECYCLE_"

    package var environmentName: String { Self.environmentPrefix + name.uppercased().replacing("-", with: "_") }

    /// Returns what to call the parameter in a message, so that the reader looks in the right place.
    package func label(of origin: Given.Origin) -> String {
        switch origin {
        case .commandLine: label
        case .query: queryName
        case .environment: environmentName
        case .file(let place): "\(place): \(name)"
        }
    }
}

extension Parameter {
    package static func flag(_ name: String, help: String) -> Parameter<Bool> where Value == Bool {
        Parameter<Bool>(name, .flag, format: .yesOrNo, help: help) { declaration, given throws(CommandFailure) in
            try declaration.read(given.last, as: .yesOrNo) ?? false
        }
    }

    package static func optional<Wrapped>(_ name: String, _ format: Format<Wrapped>, help: String) -> Self
    where Value == Wrapped? {
        Self(name, .option, format: format, help: help) { declaration, given throws(CommandFailure) in
            try declaration.read(given.last, as: format)
        }
    }

    package static func required(_ name: String, _ format: Format<Value>, help: String) -> Self {
        Self(name, .option, format: format, help: help, isRequired: true) { declaration, given throws(CommandFailure) in
            try declaration.require(given.last, as: format)
        }
    }

    /// `standard` is read like what a user writes, and shown in help.
    package static func standard(_ name: String, _ format: Format<Value>, _ standard: String, help: String) -> Self {
        Self(name, .option, format: format, help: help, defaultText: standard) {
            declaration, given throws(CommandFailure) in
            try declaration.require(given.last ?? Given(text: standard, origin: .commandLine), as: format)
        }
    }

    package static func repeated<Element>(_ name: String, _ format: Format<Element>, help: String) -> Self
    where Value == [Element] {
        Self(name, .option, format: format, help: help, isRepeated: true) { declaration, given throws(CommandFailure) in
            try declaration.readAll(given, as: format)
        }
    }

    package static func argument(_ name: String, _ format: Format<Value>, help: String) -> Self {
        Self(name, .argument, format: format, help: help, isRequired: true) {
            declaration, given throws(CommandFailure) in
            try declaration.require(given.last, as: format)
        }
    }

    package static func optionalArgument<Wrapped>(_ name: String, _ format: Format<Wrapped>, help: String) -> Self
    where Value == Wrapped? {
        Self(name, .argument, format: format, help: help) { declaration, given throws(CommandFailure) in
            try declaration.read(given.last, as: format)
        }
    }

    /// Takes all arguments that are left. It must be the last of a command's arguments.
    package static func arguments<Element>(_ name: String, _ format: Format<Element>, help: String) -> Self
    where Value == [Element] {
        Self(name, .argument, format: format, help: help, isRepeated: true) {
            declaration, given throws(CommandFailure) in
            try declaration.readAll(given, as: format)
        }
    }
}

extension Declaration {
    fileprivate func read<Value>(_ given: Given?, as format: Format<Value>) throws(CommandFailure) -> Value? {
        guard let given else { return nil }
        guard let value = format.read(given.text) else {
            throw CommandFailure(
                .usage, "\(label(of: given.origin)): expected \(format.expected), not \"\(Printable(given.text))\"")
        }
        return value
    }

    fileprivate func require<Value>(_ given: Given?, as format: Format<Value>) throws(CommandFailure) -> Value {
        guard let value = try read(given, as: format) else {
            throw CommandFailure(.usage, "\(spelled) is missing: \(help)")
        }
        return value
    }

    fileprivate func readAll<Value>(_ given: [Given], as format: Format<Value>) throws(CommandFailure) -> [Value] {
        var values: [Value] = []
        for each in given { values.append(try require(each, as: format)) }
        return values
    }
}

extension Format<Bool> {
    fileprivate static var yesOrNo: Self {
        Self("", expected: "true or false") { text in
            switch text.lowercased() {
            case "true", "yes", "on", "1": true
            case "false", "no", "off", "0", "": false
            default: nil
            }
        }
    }
}
