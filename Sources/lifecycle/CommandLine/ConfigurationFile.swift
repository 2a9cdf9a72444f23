import Glibc
import PolicyLanguage

/// The settings of a configuration file (`--config FILE`, else `lifecycle.yaml` where it exists): for each name its
/// values, and where they stand.
struct ConfigurationFile: Equatable, Sendable {
    /// Reads the file named by `--config`; with nil the one at the usual place, which need not exist.
    typealias Reader = @Sendable (String?) throws(CommandFailure) -> ConfigurationFile

    static let usualPath = "lifecycle.yaml"
    static let none = ConfigurationFile(path: "", entries: [:])

    let path: String
    private let entries: [String: SettingsText.Entry]

    private init(path: String, entries: [String: SettingsText.Entry]) {
        self.path = path
        self.entries = entries
    }

    /// `path` is for messages.
    init(path: String, text: [UInt8]) throws(CommandFailure) {
        let settings = SettingsText(text)
        guard settings.problems.isEmpty else {
            let lines = settings.problems.map { Printable($0.rendered(fileName: path)).description }
            throw CommandFailure(.usage, lines.joined(separator: "\n"))
        }
        self.init(path: path, entries: Dictionary(settings.entries.map { ($0.name, $0) }) { first, _ in first })
    }

    /// What the program itself reads.
    static let reader: Reader = { named throws(CommandFailure) in
        let path = named ?? usualPath
        guard named != nil || access(path, F_OK) == 0 else { return .none }
        return try ConfigurationFile(path: path, text: PolicyCommands.read(path))
    }

    func given(for declaration: Declaration) throws(CommandFailure) -> [Given]? {
        guard declaration.place != .argument, let entry = entries[declaration.name] else { return nil }
        guard declaration.isRepeated || entry.values.count == 1 else {
            throw CommandFailure(.usage, "\(place(entry.place)): \(entry.name) takes one value, not a list")
        }
        return entry.values.map { Given(text: $0.text, origin: .file(place($0.place))) }
    }

    /// A name that no command knows is a mistake; one of another command is not.
    func check(against known: Set<String>) throws(CommandFailure) {
        for entry in entries.values.sorted(by: { $0.place < $1.place }) where !known.contains(entry.name) {
            throw CommandFailure(
                .usage,
                "\(place(entry.place)): unknown setting \(Printable(entry.name))"
                    + "\(Suggestion(for: entry.name, among: known))")
        }
    }

    private func place(_ place: Place) -> String { "\(path):\(place.line):\(place.column)" }
}
