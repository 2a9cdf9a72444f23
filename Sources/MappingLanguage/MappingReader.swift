import CommandLine
import PolicyLanguage
import Wire

/// Reads a mapping's document into its compiled form, and collects what is wrong with it.
struct MappingReader: DocumentReader {
    let source: SourceText
    var problems: [Problem] = []
    private(set) var name = ""
    private(set) var about = ""
    var paths = MappedPaths()
    var headers: [String] = []
    var sums: [MappedSum] = []
    private var history: [MappedCondition] = []
    private var events: [MappedEvent] = []
    /// What `item` stands for at present; nil outside an `each`.
    var items: PathScope?

    init(source: SourceText) { self.source = source }

    /// What was read; of use where there is no error.
    var mapping: RecordMapping {
        RecordMapping(name: name, headers: headers, paths: paths, history: history, events: events, sums: sums)
    }

    private enum Section: String, CaseIterable { case mapping, about, source, history, events }

    mutating func read(_ root: YAMLNode) {
        guard case .map = root.content else { return error(root, "expected a mapping as \"key: value\" lines") }
        var sections: Set<Section> = []
        for entry in entries(root, of: "a mapping", allowed: Section.allCases.map(\.rawValue)) {
            guard let section = Section(rawValue: entry.key.text) else { continue }
            sections.insert(section)
            switch section {
            case .mapping: name = text(entry.value, "the mapping's name") ?? ""
            case .about: about = text(entry.value, "one sentence") ?? ""
            case .source: _ = text(entry.value, "where the records' shape is described")
            case .history: history = conditions(entry.value, "what must hold of a record that is history")
            case .events: readEvents(entry.value)
            }
        }
        for needed in [Section.mapping, .events] where !sections.contains(needed) {
            error(root, "\"\(needed.rawValue):\" is missing")
        }
    }

    // MARK: Events

    private static let eventCountMax = 100

    private mutating func readEvents(_ node: YAMLNode) {
        guard case .list(let list) = node.content, !list.isEmpty else {
            return error(node, "expected a list of events, each beginning with \"- event: \"")
        }
        guard list.count <= Self.eventCountMax else {
            return error(node, "a mapping has at most \(Self.eventCountMax) events; this one has \(list.count)")
        }
        for node in list { readEvent(node) }
    }

    /// Keys of an event besides its fields.
    enum EventKey: String, CaseIterable {
        case event, each, when, unless, customer, visitor, time
        case messageID = "message id"
        case products
    }

    private mutating func readEvent(_ node: YAMLNode) {
        let allowed = EventKey.allCases.map(\.rawValue) + MappableField.allCases.map(\.rawValue)
        let entries = entries(node, of: "an event", allowed: allowed)
        func entry(_ key: EventKey) -> YAMLNode.Entry? { entries.first { $0.key.text == key.rawValue } }
        guard let named = entry(.event) else { return error(node, "\"event:\" is missing: which event is it?") }
        let known = mappable(named.value)
        var event = known.map { MappedEvent(tracking: $0.name) } ?? MappedEvent()
        let isIdentify = named.value.scalar?.text == Self.identify

        items = nil
        if let each = entry(.each), let list = path(each.value, "the path of a list") {
            let scope = paths.items(of: list)
            event.each = (list, scope)
            items = scope
        }
        if let when = entry(.when) { event.when = conditions(when.value, "what must hold, as \"field: word\"") }
        if let unless = entry(.unless) { event.unless = conditions(unless.value, "what must not hold") }
        readWho(entry(.customer), entry(.visitor), of: node, into: &event)
        if let time = entry(.time) {
            event.time = time.value.scalar?.text == "record time" ? nil : timestamp(time.value)
        } else {
            error(node, "\"time:\" is missing; \"time: record time\" takes the time that the record has in Kafka")
        }
        event.identity = entry(.messageID).flatMap {
            value($0.value, .id).map { MappedField("message id", $0.value, $0.form, isRequired: true) }
        }
        if let products = entry(.products) { event.products = list(products.value) }
        let required = known?.required ?? []
        for entry in entries {
            guard let field = MappableField(rawValue: entry.key.text) else { continue }
            if field.part == .traits, !isIdentify {
                error(entry.key, "\"\(field.rawValue)\" goes only with \"event: \(Self.identify)\"")
            }
            read(field, entry.value, isRequired: required.contains([field]), into: &event)
        }
        check(required, of: named.value, event, entries)
        items = nil
        events.append(event)
    }

    private static let identify = "identify"

    /// Returns the event; nil where it is an `identify`, or none.
    private mutating func mappable(_ node: YAMLNode) -> MappableEvent? {
        guard let name = text(node, "the name of an event such as Order Completed"), name != Self.identify else {
            return nil
        }
        if let event = MappableEvent(name) { return event }
        let known = MappableEvent.names + [Self.identify]
        error(node, Suggestion.message(unknown: "event", name.lowercased(), among: known))
        return nil
    }

    private mutating func readWho(
        _ customer: YAMLNode.Entry?, _ visitor: YAMLNode.Entry?, of node: YAMLNode, into event: inout MappedEvent
    ) {
        if customer == nil, visitor == nil {
            error(node, "\"customer:\" is missing: whose event is it? (\"visitor:\" of one who is not known)")
        }
        event.user = customer.flatMap { who($0.value, "userId") }
        event.anonymous = visitor.flatMap { who($0.value, "anonymousId") }
    }

    private mutating func who(_ node: YAMLNode, _ field: String) -> MappedField? {
        value(node, .id).map { MappedField(field, $0.value, $0.form, isRequired: false) }
    }

    private mutating func timestamp(_ node: YAMLNode) -> MappedField? {
        value(node, .time).map { MappedField("timestamp", $0.value, $0.form, isRequired: true) }
    }

    private mutating func read(
        _ field: MappableField, _ node: YAMLNode, isRequired: Bool, into event: inout MappedEvent
    ) {
        guard let read = value(node, field.kind) else { return }
        let mapped = MappedField(field.rawValue, read.value, read.form, isRequired: isRequired)
        switch field.part {
        case .properties: event.properties.append(mapped)
        case .traits: event.traits.append(mapped)
        case .context: event.context.append(mapped)
        }
    }

    private mutating func list(_ node: YAMLNode) -> MappedList? {
        let entries = entries(
            node, of: "products", allowed: ["each"] + MappableProductField.allCases.map(\.rawValue))
        guard let each = entries.first(where: { $0.key.text == "each" }) else {
            error(node, "\"each:\" is missing: the path of the list of products")
            return nil
        }
        guard let list = path(each.value, "the path of a list") else { return nil }
        let outer = items
        defer { items = outer }
        let scope = paths.items(of: list)
        items = scope
        let fields: [MappedField] = entries.compactMap { entry in
            guard let field = MappableProductField(rawValue: entry.key.text),
                let read = value(entry.value, field.kind)
            else { return nil }
            return MappedField(field.rawValue, read.value, read.form, isRequired: false)
        }
        return MappedList("products", list: list, items: scope, fields: fields)
    }

    // MARK: Checks of a whole event

    private mutating func check(
        _ required: [[MappableField]], of name: YAMLNode, _ event: MappedEvent, _ entries: [YAMLNode.Entry]
    ) {
        for choice in required
        where !entries.contains(where: { entry in
            choice.contains { $0.rawValue == entry.key.text }
        }) {
            let needed = choice.map { "\"\($0.rawValue):\"" }.joined(separator: " or ")
            error(name, "\(needed) is missing: without it this event says nothing")
        }
        let hasCurrency = entries.contains { $0.key.text == MappableField.currency.rawValue }
        guard !hasCurrency else { return }
        for entry in entries {
            guard case .map(let form) = entry.value.content,
                let writing = form.first(where: { $0.value.scalar?.text == ValueForms.minorUnits })
            else { continue }
            error(writing.value, "minor units are those of a currency: say \"currency:\" too")
        }
    }
}
