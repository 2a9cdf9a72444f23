/// Reads the strict YAML of policies, settings and mappings: block maps and lists, `[a, b]` and `{a: b}` on one line,
/// plain and quoted scalars, comments. Anything else that YAML has is a problem, named with its place.
package struct YAMLReader: ~Copyable {
    /// The whole text travels in adoption records.
    package static let byteCountMax = 64 * 1_024
    /// Deeper than any policy, and far from what a stack holds.
    static let depthMax = 24

    /// What the file is for: what its problems call it.
    package enum Use {
        case policy
        case settings
        case mapping

        var plural: String {
            switch self {
            case .policy: "policies"
            case .settings: "settings"
            case .mapping: "mappings"
            }
        }

        var single: String {
            switch self {
            case .policy: "policy"
            case .settings: "document"
            case .mapping: "mapping"
            }
        }

        /// What to do where YAML would share a value.
        var instead: String {
            switch self {
            case .policy: "write it out, or use define:"
            case .settings, .mapping: "write it out"
            }
        }
    }

    private var events: YAMLEvents
    private let use: Use
    private(set) var problems: [Problem] = []

    /// The tree of `bytes`, nil if it is not YAML at all, and what is wrong with it.
    package static func read(_ bytes: [UInt8], as use: Use = .policy) -> (root: YAMLNode?, problems: [Problem]) {
        bytes.withUnsafeBufferPointer { buffer in
            do throws(YAMLError) {
                var reader = try YAMLReader(events: YAMLEvents(buffer), use: use)
                let root = try reader.document()
                return (root, reader.problems)
            } catch {
                return (nil, [Problem(.error, at: error.place, error.message)])
            }
        }
    }

    private init(events: consuming YAMLEvents, use: Use) {
        self.events = events
        self.use = use
    }

    private mutating func document() throws(YAMLError) -> YAMLNode? {
        var root: YAMLNode?
        while true {
            let event = try events.next()
            switch event.kind {
            case .boundary, .collectionEnd:
                continue
            case .documentStart(let hasDirectives):
                if hasDirectives { refuse(event, "directives (%) are not used in \(use.plural)") }
                guard root == nil else {
                    throw YAMLError(
                        place: event.start, message: "one \(use.single) a file; a second document begins here")
                }
            case .streamEnd:
                return root
            case .alias, .scalar, .listStart, .mapStart:
                root = try node(event, depth: 0)
            }
        }
    }

    private mutating func node(_ event: YAMLEvent, depth: Int) throws(YAMLError) -> YAMLNode {
        guard depth <= Self.depthMax else {
            throw YAMLError(place: event.start, message: "more than \(Self.depthMax) levels of YAML")
        }
        if event.hasAnchor { refuse(event, "anchors (&) are not used in \(use.plural); \(use.instead)") }
        if event.hasTag { refuse(event, "tags (!) are not used in \(use.plural); every value is text") }
        switch event.kind {
        case .scalar(let text, let style):
            return YAMLNode(start: event.start, content: .scalar(scalar(text, style, event)))
        case .listStart:
            return YAMLNode(start: event.start, content: .list(try list(event, depth: depth)))
        case .mapStart:
            return YAMLNode(start: event.start, content: .map(try map(event, depth: depth)))
        case .alias, .boundary, .documentStart, .collectionEnd, .streamEnd:
            refuse(event, "aliases (*) are not used in \(use.plural); \(use.instead)")
            return YAMLNode(start: event.start, content: .scalar(scalar("", .plain, event)))
        }
    }

    private mutating func scalar(_ text: String, _ style: YAMLScalar.Style?, _ event: YAMLEvent) -> YAMLScalar {
        if style == nil {
            refuse(event, "blocks of text (| and >) are not used in \(use.plural); write it on one line")
        }
        return YAMLScalar(text: text, style: style ?? .plain, start: event.start, startIndex: event.startIndex)
    }

    private mutating func list(_ start: YAMLEvent, depth: Int) throws(YAMLError) -> [YAMLNode] {
        var items: [YAMLNode] = []
        while true {
            let event = try events.next()
            if case .collectionEnd = event.kind {
                refuseLongFlow(from: start, to: event)
                return items
            }
            items.append(try node(event, depth: depth + 1))
        }
    }

    private mutating func map(_ start: YAMLEvent, depth: Int) throws(YAMLError) -> [YAMLNode.Entry] {
        var entries: [YAMLNode.Entry] = []
        var lines: [String: Int] = [:]
        while true {
            let event = try events.next()
            if case .collectionEnd = event.kind {
                refuseLongFlow(from: start, to: event)
                return entries
            }
            guard let key = try node(event, depth: depth + 1).scalar else {
                throw YAMLError(place: event.start, message: "a key must be text")
            }
            if key.style == .plain, key.text == "<<" {
                refuse(event, "merge keys (<<) are not used in \(use.plural); \(use.instead)")
            }
            if let line = lines[key.text] { refuse(event, "\"\(key.text)\" is already given on line \(line)") }
            lines[key.text] = event.start.line
            entries.append(YAMLNode.Entry(key: key, value: try node(try events.next(), depth: depth + 1)))
        }
    }

    private mutating func refuseLongFlow(from start: YAMLEvent, to end: YAMLEvent) {
        guard start.isFlow, end.endLine != start.start.line else { return }
        refuse(start, "[ ] and { } stand on one line; write one item a line with \"- \" or \"key: value\" instead")
    }

    private mutating func refuse(_ event: YAMLEvent, _ message: String) {
        problems.append(Problem(.error, at: event.start, message))
    }
}
