/// The members of an event that some fields name, object in object.
struct EventMembers {
    /// The file whose `$defs` the fields' types are; empty is this one.
    private let definitions: String
    private var members: [(name: String, isNeeded: Bool, content: Content)] = []

    private indirect enum Content {
        case field(EventFieldForm)
        case object(EventMembers)
        case list(EventMembers)
    }

    init(definitions: String = EventContract.envelopeFile) { self.definitions = definitions }

    mutating func add(_ field: EventField, isNeeded: Bool) {
        add(field.description.split(separator: ".").map(String.init)[...], field.form, isNeeded: isNeeded)
    }

    private mutating func add(_ path: ArraySlice<String>, _ form: EventFieldForm, isNeeded: Bool) {
        guard let name = path.first else { return }
        var rest = path.dropFirst()
        guard !rest.isEmpty else { return members.append((name, isNeeded, .field(form))) }
        let isList = rest.first == "[]"
        if isList { rest = rest.dropFirst() }
        let place = members.firstIndex { $0.name == name } ?? members.count
        if place == members.count {
            let none = EventMembers(definitions: definitions)
            members.append((name, false, isList ? .list(none) : .object(none)))
        }
        members[place].isNeeded = members[place].isNeeded || isNeeded
        switch members[place].content {
        case .field: preconditionFailure("A field holds no other field: \(name)")
        case .object(var inner):
            inner.add(rest, form, isNeeded: isNeeded)
            members[place].content = .object(inner)
        case .list(var inner):
            inner.add(rest, form, isNeeded: isNeeded)
            members[place].content = .list(inner)
        }
    }

    var needed: [String] { members.filter(\.isNeeded).map(\.name) }

    var properties: [(name: String, value: JSONLayout)] {
        members.map { name, isNeeded, content in
            switch content {
            case .field(let form):
                (name, ["$ref": .text("\(definitions)#/$defs/\(form.rawValue)\(isNeeded ? "" : "_or_none")")])
            case .object(let inner): (name, inner.schema(isNeeded: isNeeded))
            case .list(let inner):
                (name, .object([("type", ["array", "null"]), ("items", inner.schema(isNeeded: true))]))
            }
        }
    }

    private func schema(isNeeded: Bool) -> JSONLayout {
        .object(
            [(name: "type", value: isNeeded ? "object" : ["object", "null"])]
                + (needed.isEmpty ? [] : [(name: "required", value: .list(needed.map(JSONLayout.text)))])
                + [(name: "properties", value: .object(properties))])
    }
}
