/// The settings of a configuration file (`--config FILE`, else the one at the usual place, where it exists): for each
/// name its values and their places. The program is given a reader, which alone knows the file's format.
package struct ConfigurationFile: Equatable, Sendable {
    /// Reads the file named by `--config`; with nil the one at the usual place, which need not exist.
    package typealias Reader = @Sendable (String?) throws(CommandFailure) -> ConfigurationFile

    /// A line and a column of the file, both from 1.
    package struct Place: Comparable, Sendable {
        package let line: Int
        package let column: Int

        package init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }

        package static func < (a: Self, b: Self) -> Bool { (a.line, a.column) < (b.line, b.column) }
    }

    package struct Value: Equatable, Sendable {
        package let text: String
        package let place: Place

        package init(text: String, place: Place) {
            self.text = text
            self.place = place
        }
    }

    /// A name with at least one value.
    package struct Entry: Equatable, Sendable {
        package let name: String
        package let place: Place
        package let values: [Value]

        package init(name: String, place: Place, values: [Value]) {
            self.name = name
            self.place = place
            self.values = values
        }
    }

    package static let none = ConfigurationFile(path: "", entries: [])

    package let path: String
    private let entries: [String: Entry]

    /// `path` is for messages. Each name must occur once in `entries`.
    package init(path: String, entries: [Entry]) {
        self.path = path
        self.entries = Dictionary(entries.map { ($0.name, $0) }) { first, _ in first }
    }

    package func given(for declaration: Declaration) throws(CommandFailure) -> [Given]? {
        guard declaration.place != .argument, let entry = entries[declaration.name] else { return nil }
        guard declaration.isRepeated || entry.values.count == 1 else {
            throw CommandFailure(.usage, "\(place(entry.place)): \(entry.name) takes one value, not a list")
        }
        return entry.values.map { Given(text: $0.text, origin: .file(place($0.place))) }
    }

    /// Throws for the first name that no command knows. Names of other commands are allowed.
    package func check(against known: Set<String>) throws(CommandFailure) {
        for entry in entries.values.sorted(by: { $0.place < $1.place }) where !known.contains(entry.name) {
            throw CommandFailure(
                .usage,
                "\(place(entry.place)): unknown setting \(Printable(entry.name))"
                    + "\(Suggestion(for: entry.name, among: known))")
        }
    }

    private func place(_ place: Place) -> String { "\(path):\(place.line):\(place.column)" }
}
