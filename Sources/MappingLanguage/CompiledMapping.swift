package import PolicyLanguage
package import Wire

/// A mapping's text and what became of it.
package struct CompiledMapping: Sendable {
    package let fileName: String
    package let text: [UInt8]
    package let about: String
    /// Nil where the text has errors.
    package let mapping: RecordMapping?
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
        mapping = problems.contains { $0.severity == .error } ? nil : draft.mapping
    }

    private static func draft(_ text: [UInt8]) -> (problems: [Problem], about: String, mapping: RecordMapping?) {
        let start = Place(line: 1, column: 1)
        guard text.count <= YAMLReader.byteCountMax else {
            let message = "a mapping has at most 64 KiB; this file has \(text.count) bytes"
            return ([Problem(.error, at: start, message)], "", nil)
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = text.starts(with: mark) ? Array(text.dropFirst(mark.count)) : text
        let (root, problems) = YAMLReader.read(bytes, as: .mapping)
        guard let root else {
            let empty = Problem(
                .error, at: start, "the file is empty; a mapping begins with \"mapping: \" and its name")
            return (problems.isEmpty ? [empty] : problems, "", nil)
        }
        var reader = MappingReader(source: SourceText(bytes))
        reader.read(root)
        return (problems + reader.problems, reader.about, reader.mapping)
    }
}
