package import PolicyLanguage
package import Wire

/// A mapping's text and what became of it.
package struct CompiledMapping: Sendable {
    package let fileName: String
    package let text: [UInt8]
    package let about: String
    /// What is said of records of any shape; nil where the text has errors, or is an export's.
    package let mapping: RecordMapping?
    /// What is said of a shop's export of orders; nil where the text has errors, or is a mapping's.
    package let export: OrderExport?
    /// Errors first, then by place.
    package let problems: [Problem]

    package var errors: [Problem] { problems.filter { $0.severity == .error } }

    /// Compiles the text of a file. Total over any bytes: what is wrong comes back as problems.
    package init(_ text: [UInt8], fileName: String) {
        self.fileName = fileName
        self.text = text
        var draft = Self.draft(text)
        draft.problems.sort {
            ($0.severity == .error ? 0 : 1, $0.place, $0.message) < (
                $1.severity == .error ? 0 : 1, $1.place, $1.message
            )
        }
        problems = draft.problems
        about = draft.about
        let isSound = !problems.contains { $0.severity == .error }
        mapping = isSound ? draft.mapping : nil
        export = isSound ? draft.export : nil
    }

    private struct Draft {
        var problems: [Problem]
        var about = ""
        var mapping: RecordMapping?
        var export: OrderExport?
    }

    private static func draft(_ text: [UInt8]) -> Draft {
        let start = Place(line: 1, column: 1)
        guard text.count <= YAMLReader.byteCountMax else {
            let message = "a mapping has at most 64 KiB; this file has \(text.count) bytes"
            return Draft(problems: [Problem(.error, at: start, message)])
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = text.starts(with: mark) ? Array(text.dropFirst(mark.count)) : text
        let (root, problems) = YAMLReader.read(bytes, as: .mapping)
        guard let root else {
            let empty = Problem(
                .error, at: start, "the file is empty; a mapping begins with \"mapping: \" and its name")
            return Draft(problems: problems.isEmpty ? [empty] : problems)
        }
        if case .map(let entries) = root.content, entries.first?.key.text == ExportReader.Section.export.rawValue {
            var reader = ExportReader(source: SourceText(bytes))
            reader.read(root)
            return Draft(problems: problems + reader.problems, about: reader.export.about, export: reader.export)
        }
        var reader = MappingReader(source: SourceText(bytes))
        reader.read(root)
        return Draft(problems: problems + reader.problems, about: reader.about, mapping: reader.mapping)
    }
}
