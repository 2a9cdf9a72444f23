internal import CSimdJSON
internal import CustomerLifecycle

/// Which events a record is, and how each is written.
extension RecordMapper {
    /// Appends all events of the record.
    mutating func write(_ source: RecordSource) throws(Rejection) -> Outcome {
        var unknown: [MappedPlace] = []
        var isAnswered = false
        for plan in source.mapping.events {
            guard let each = plan.event.each else {
                try write(plan, source, &unknown, &isAnswered)
                continue
            }
            let list = Int(found[each.list.number])
            let json = source.json(of: each.list)
            var isEmpty = true
            if list >= 0, json[list].shape != .null {
                guard json[list].shape == .array else {
                    throw rejected(.unreadableField, .path(each.list), nil, source, list, expected: "a list")
                }
                for item in json.elements(of: list) {
                    isEmpty = false
                    find(each.items, from: item, in: json, of: source.mapping)
                    try write(plan, source, &unknown, &isAnswered)
                }
            }
            guard isEmpty else { continue }
            note(applies(plan, source, &isAnswered, isItemMissing: true), &unknown)
            // A list that is not there, or has nothing in it, says so itself.
            isAnswered = isAnswered || plan.event.when.isEmpty
        }
        guard ranges.isEmpty else { return .events(ranges.count) }
        guard isAnswered else { throw nothingSays(unknown, source) }
        return .nothing(.noEvent)
    }

    private mutating func write(
        _ plan: EventPlan, _ source: RecordSource, _ unknown: inout [MappedPlace], _ isAnswered: inout Bool
    ) throws(Rejection) {
        let answer = applies(plan, source, &isAnswered)
        switch answer {
        case .no: break
        case .unknown: note(answer, &unknown)
        case .yes:
            guard ranges.count < Self.eventCountMax else {
                throw Rejection(.tooLarge, "The record gives more than \(Self.eventCountMax) events.")
            }
            let start = out.count
            try write(plan, source)
            ranges.append(start..<out.count)
        }
    }

    func tooMany(_ list: MappedPlace, _ source: RecordSource) -> Rejection {
        Rejection(.tooLarge, "`\(source.text(of: list))` has more than \(Self.itemCountMax) items.")
    }

    private func note(_ answer: Answer, _ unknown: inout [MappedPlace]) {
        guard case .unknown(let place) = answer, unknown.count < Self.eventCountMax else { return }
        unknown.append(place)
    }

    private func nothingSays(_ unknown: [MappedPlace], _ source: RecordSource) -> Rejection {
        var names: [String] = []
        for place in unknown where names.count < 5 {
            let name = "`\(source.text(of: place))`"
            if !names.contains(name) { names.append(name) }
        }
        return Rejection(
            .unknownShape,
            "Nothing says which event this is: \(names.joined(separator: ", ")) \(names.count == 1 ? "is" : "are") "
                + "missing; expected a record as mapping \(source.mapping.name) describes it.")
    }

    /// Appends one event. What its message id is made of comes first: all that is the event's own.
    private mutating func write(_ plan: EventPlan, _ source: RecordSource) throws(Rejection) {
        let start = out.count
        out.append(plan.event.head)
        if let time = plan.event.time {
            out.append(",")
            guard try write(time, of: plan, source) else { throw missing(time, .noTime, source) }
        }
        out.append(",\"properties\":{")
        var isFirst = true
        for field in plan.event.properties { try write(field, of: plan, source, &isFirst) }
        if let products = plan.event.products { try write(products, of: plan, source, &isFirst) }
        out.append("}")
        try sign(from: start, plan, source)
        if plan.event.time == nil, let time = source.record.time {
            out.append(",\"timestamp\":")
            appendQuoted(time)
        }
        var hasSubject = false
        for field in [plan.event.user, plan.event.anonymous] {
            guard let field else { continue }
            var isFirst = false
            let before = out.count
            try write(field, of: plan, source, &isFirst)
            hasSubject = hasSubject || out.count > before
        }
        guard hasSubject else { throw missing(plan.event.user ?? plan.event.anonymous, .noSubject, source) }
        try write(plan.event.traits, as: ",\"traits\":{", of: plan, source)
        try write(plan.event.context, as: ",\"context\":{", of: plan, source)
        out.append("}")
    }

    private mutating func write(
        _ fields: [MappedField], as opening: StaticString, of plan: EventPlan, _ source: RecordSource
    ) throws(Rejection) {
        guard !fields.isEmpty else { return }
        out.append(opening)
        var isFirst = true
        for field in fields { try write(field, of: plan, source, &isFirst) }
        out.append("}")
    }

    private mutating func write(
        _ list: MappedList, of plan: EventPlan, _ source: RecordSource, _ isFirst: inout Bool
    ) throws(Rejection) {
        let token = Int(found[list.list.number])
        let json = source.json(of: list.list)
        guard token >= 0, json[token].shape != .null else { return }
        guard json[token].shape == .array else {
            throw rejected(.unreadableField, .path(list.list), "products", source, token, expected: "a list")
        }
        if !isFirst { out.append(",") }
        isFirst = false
        out.append(list.key)
        out.append("[")
        for (number, item) in json.elements(of: token).enumerated() {
            guard number < Self.itemCountMax else { throw tooMany(.path(list.list), source) }
            if number > 0 { out.append(",") }
            find(list.items, from: item, in: json, of: source.mapping)
            out.append("{")
            var isFirst = true
            for field in list.fields { try write(field, of: plan, source, &isFirst) }
            out.append("}")
        }
        out.append("]")
    }

    /// Appends the message id: half the SHA-256 of the event's name, time and properties, and of what else the mapping
    /// says tells two of them apart. Whose event it is, is left out: a hash of it could be undone by trying addresses.
    private mutating func sign(from start: Int, _ plan: EventPlan, _ source: RecordSource) throws(Rejection) {
        let end = out.count
        if let identity = plan.event.identity {
            guard try write(identity, of: plan, source) else { throw missing(identity, .missingField, source) }
        }
        hash.hash(out.bytes(start..<out.count))
        out.removeLast(out.count - end)
        out.append(",\"messageId\":\"mapped:")
        out.appendHexadecimal(UnsafeRawBufferPointer(rebasing: hash.bytes[..<16]))
        out.append("\"")
    }

    private mutating func write(
        _ field: MappedField, of plan: EventPlan, _ source: RecordSource, _ isFirst: inout Bool
    ) throws(Rejection) {
        let start = out.count
        if !isFirst { out.append(",") }
        if try write(field, of: plan, source) {
            isFirst = false
        } else {
            out.removeLast(out.count - start)
            if field.isRequired { throw missing(field, .missingField, source) }
        }
    }
}
