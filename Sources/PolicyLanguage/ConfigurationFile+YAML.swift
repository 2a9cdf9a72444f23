package import CommandLine

/// Configuration files in the same strict YAML as policies.
extension ConfigurationFile {
    /// Reads the text of a file; `path` is for messages.
    package init(path: String, text: [UInt8]) throws(CommandFailure) {
        let settings = SettingsText(text)
        guard settings.problems.isEmpty else {
            let lines = settings.problems.map { Printable($0.rendered(fileName: path)).description }
            throw CommandFailure(.usage, lines.joined(separator: "\n"))
        }
        self.init(path: path, entries: settings.entries.map(Entry.init))
    }
}

extension ConfigurationFile.Entry {
    fileprivate init(_ entry: SettingsText.Entry) {
        self.init(
            name: entry.name, place: ConfigurationFile.Place(entry.place),
            values: entry.values.map {
                ConfigurationFile.Value(text: $0.text, place: ConfigurationFile.Place($0.place))
            })
    }
}

extension ConfigurationFile.Place {
    fileprivate init(_ place: PolicyLanguage.Place) { self.init(line: place.line, column: place.column) }
}
