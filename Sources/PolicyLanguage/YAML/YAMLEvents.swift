import CYAML

/// What stops the reading of a file as YAML.
struct YAMLError: Error {
    let place: Place
    let message: String
}

/// One step of libyaml through the text, copied out of its memory.
struct YAMLEvent {
    enum Kind {
        case boundary
        case documentStart(hasDirectives: Bool)
        case alias
        /// Style nil: a block of text (`|` or `>`).
        case scalar(String, YAMLScalar.Style?)
        case listStart
        case mapStart
        case collectionEnd
        case streamEnd
    }

    let kind: Kind
    let isFlow: Bool
    let hasAnchor: Bool
    let hasTag: Bool
    let start: Place
    let startIndex: Int
    let endLine: Int
}

/// Sole owner of one libyaml parser. The bytes it reads must outlive it.
struct YAMLEvents: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeBufferPointer<UInt8>

    init(_ bytes: UnsafeBufferPointer<UInt8>) throws(YAMLError) {
        self.bytes = bytes
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            throw YAMLError(place: Place(line: 1, column: 1), message: "no memory to read the file")
        }
        // Said, because libyaml would guess UTF-16 from the first bytes.
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    mutating func next() throws(YAMLError) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        return YAMLEvent(event)
    }

    private func failure() -> YAMLError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "unreadable"
        if parser.pointee.error == YAML_READER_ERROR {
            return YAMLError(place: place(ofByte: parser.pointee.problem_offset), message: "not YAML: \(problem)")
        }
        let mark = parser.pointee.problem_mark
        let known = "found character that cannot start any token"
        let shown = problem == known ? named(character: mark) : problem
        return YAMLError(place: Place(mark), message: "not YAML: \(shown)")
    }

    /// libyaml does not say which character it stumbled over.
    private func named(character mark: yaml_mark_t) -> String {
        let characters = String(decoding: bytes, as: UTF8.self).unicodeScalars.dropFirst(mark.index)
        let shown = characters.first.map { $0 == "\t" ? "\\t" : String(Character($0)) } ?? ""
        return "found character '\(shown)' that cannot start any token"
    }

    private func place(ofByte offset: Int) -> Place {
        let before = String(decoding: bytes.prefix(max(0, offset)), as: UTF8.self).unicodeScalars
        let line = before.count { $0 == "\n" } + 1
        let column = before.reversed().prefix { $0 != "\n" }.count + 1
        return Place(line: line, column: column)
    }
}

extension Place {
    fileprivate init(_ mark: yaml_mark_t) { self.init(line: mark.line + 1, column: mark.column + 1) }
}

extension YAMLEvent {
    fileprivate init(_ event: yaml_event_t) {
        var isFlow = false
        var hasAnchor = false
        var hasTag = false
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            let start = event.data.document_start
            kind = .documentStart(
                hasDirectives: start.version_directive != nil || start.tag_directives.start != start.tag_directives.end)
        case YAML_ALIAS_EVENT:
            kind = .alias
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            hasAnchor = scalar.anchor != nil
            hasTag = scalar.tag != nil
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            kind = .scalar(text, YAMLScalar.Style(scalar.style))
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            hasAnchor = start.anchor != nil
            hasTag = start.tag != nil
            isFlow = start.style == YAML_FLOW_SEQUENCE_STYLE
            kind = .listStart
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            hasAnchor = start.anchor != nil
            hasTag = start.tag != nil
            isFlow = start.style == YAML_FLOW_MAPPING_STYLE
            kind = .mapStart
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            kind = .collectionEnd
        case YAML_STREAM_END_EVENT:
            kind = .streamEnd
        default:  // C's numbers: stream start, document end
            kind = .boundary
        }
        self.isFlow = isFlow
        self.hasAnchor = hasAnchor
        self.hasTag = hasTag
        start = Place(event.start_mark)
        startIndex = event.start_mark.index
        endLine = event.end_mark.line + 1
    }
}

extension YAMLScalar.Style {
    fileprivate init?(_ style: yaml_scalar_style_t) {
        switch style {
        case YAML_PLAIN_SCALAR_STYLE: self = .plain
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: self = .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: self = .doubleQuoted
        default: return nil
        }
    }
}
