internal import CSimdJSON

/// What a record's events are written from.
struct RecordSource {
    let mapping: RecordMapping
    let record: ShopRecord
    let value: JSONTokens
    let schema: ConnectSchema?
    let key: JSONTokens?

    /// The document that a slot's token stands in.
    func json(of slot: PathSlot) -> JSONTokens {
        let scope = mapping.scopes[mapping.slots[slot.number].scope.number]
        return scope.document == .key ? key ?? value : value
    }

    /// The place as the mapping writes it.
    func text(of place: MappedPlace) -> String {
        switch place {
        case .path(let slot): mapping.slots[slot.number].text
        case .header(let index): "header \(mapping.headers[index])"
        case .key: "key"
        case .topic: "topic"
        case .sum(let index): mapping.slots[mapping.sums[index].list.number].text + "[]"
        }
    }
}

/// What a record has at a place. Blank texts and `null` are nothing.
struct MappedReading {
    enum Kind { case nothing, text, escapedText, plainBytes, number, flag, structure }

    let kind: Kind
    /// Of a text in JSON what stands between its quotes.
    let bytes: UnsafeRawBufferPointer
    /// Of what stands in JSON.
    let token: Int?

    static var nothing: Self {
        Self(kind: .nothing, bytes: UnsafeRawBufferPointer(start: nil, count: 0), token: nil)
    }
}

extension RecordMapper {
    func reading(_ place: MappedPlace, _ source: RecordSource) -> MappedReading {
        switch place {
        case .path(let slot):
            let token = Int(found[slot.number])
            return token < 0 ? .nothing : reading(token, source.json(of: slot))
        case .header(let index):
            return reading(index < source.record.headers.count ? source.record.headers[index] : nil)
        case .key: return reading(source.record.key)
        case .topic: return reading(source.record.topic)
        case .sum: return .nothing
        }
    }

    private func reading(_ bytes: UnsafeRawBufferPointer?) -> MappedReading {
        guard let bytes, !bytes.allSatisfy(\.isASCIIBlank) else { return .nothing }
        return MappedReading(kind: .plainBytes, bytes: bytes, token: nil)
    }

    private func reading(_ token: Int, _ json: JSONTokens) -> MappedReading {
        let raw = json.raw(token)
        let kind: MappedReading.Kind
        switch json[token].shape {
        case .null: return .nothing
        case .string:
            if raw.allSatisfy(\.isASCIIBlank) { return .nothing }
            kind = json[token].has(walk_has_escape) ? .escapedText : .text
        case .number: kind = .number
        case .yes, .no: kind = .flag
        case .object, .array, .key: kind = .structure
        }
        return MappedReading(kind: kind, bytes: raw, token: token)
    }

    /// The text, its escapes resolved: good until the next one is.
    mutating func text(_ reading: MappedReading, at place: MappedPlace, _ source: RecordSource)
        -> UnsafeRawBufferPointer
    {
        guard reading.kind == .escapedText, let token = reading.token, case .path(let slot) = place else {
            return reading.bytes
        }
        let json = source.json(of: slot)
        return unescaper.text(json[token], in: json)
    }

    // MARK: Conditions

    enum Answer: Equatable {
        case yes, no
        case unknown(MappedPlace)
    }

    mutating func answer(_ condition: MappedCondition, _ source: RecordSource) -> Answer {
        let reading = reading(condition.place, source)
        switch condition.test {
        case .isPresent: return reading.kind == .nothing ? .no : .yes
        case .isAbsent: return reading.kind == .nothing ? .yes : .no
        case .isOneOf(let words):
            guard reading.kind != .nothing else { return .unknown(condition.place) }
            guard reading.kind != .structure else { return .no }
            let text = text(reading, at: condition.place, source)
            return words.contains { $0.matches(text) } ? .yes : .no
        }
    }

    /// Whether an event applies. What stands in a record decides in the order in which the conditions are written;
    /// unknown from the first one on whose value is missing.
    mutating func applies(
        _ plan: EventPlan, _ source: RecordSource, _ isAnswered: inout Bool, isItemMissing: Bool = false
    ) -> Answer {
        for condition in plan.event.when {
            if isItemMissing, case .path(let slot) = condition.place,
                source.mapping.slots[slot.number].scope == plan.event.each?.items
            {
                continue
            }
            let answer = answer(condition, source)
            if case .unknown = answer { return answer }
            isAnswered = true
            if answer == .no { return .no }
        }
        // Without an item nothing is written, and what was found in the last one is not to be looked at.
        if isItemMissing { return .yes }
        for condition in plan.event.unless where answer(condition, source) == .yes { return .no }
        return .yes
    }
}
