internal import CSimdJSON
internal import CustomerLifecycle

/// A field's value, read as its form says and written as JSON.
extension RecordMapper {
    /// Appends the field; nothing where nothing stands at its places and it has no constant.
    mutating func write(
        _ field: MappedField, of plan: EventPlan, _ source: RecordSource
    ) throws(Rejection) -> Bool {
        for place in field.value.places {
            if case .sum(let index) = place {
                guard let sum = try sum(source.mapping.sums[index], field, plan, source) else { continue }
                out.append(field.key)
                appendQuoted(sum)
                return true
            }
            let reading = reading(place, source)
            guard reading.kind != .nothing else { continue }
            out.append(field.key)
            try write(reading, at: place, field, plan, source)
            return true
        }
        guard let constant = field.value.constant else { return false }
        out.append(field.key)
        constant.withUnsafeBytes { out.appendQuoted($0) }
        return true
    }

    private mutating func write(
        _ reading: MappedReading, at place: MappedPlace, _ field: MappedField, _ plan: EventPlan,
        _ source: RecordSource
    ) throws(Rejection) {
        if !field.value.words.isEmpty { return try writeWord(reading, at: place, field, source) }
        switch field.form {
        case .text: try writeText(reading, at: place, field, source, expected: "a text or a number")
        case .id:
            guard reading.kind != .flag, reading.kind != .number || IDText.integer(reading.bytes) != nil else {
                throw unreadable(place, field, source, reading, expected: "an id: a text or a whole number")
            }
            try writeText(reading, at: place, field, source, expected: "an id: a text or a whole number")
        case .number:
            guard reading.kind != .flag else {
                throw unreadable(place, field, source, reading, expected: "a number")
            }
            try writeText(reading, at: place, field, source, expected: "a number")
        case .currency:
            let text = text(reading, at: place, source)
            guard reading.kind != .structure, let currency = currencies.currency(text) else {
                throw unreadable(place, field, source, reading, expected: "an ISO 4217 code such as EUR")
            }
            out.append("\"")
            for letter in currency.letters.utf8 { out.append(letter) }
            out.append("\"")
        case .amount(let form):
            appendQuoted(try amount(reading, at: place, form, field, plan, source))
        case .time(let form):
            appendQuoted(try time(reading, at: place, form, field, source))
        }
    }

    private mutating func writeText(
        _ reading: MappedReading, at place: MappedPlace, _ field: MappedField, _ source: RecordSource, expected: String
    ) throws(Rejection) {
        switch reading.kind {
        case .structure, .nothing: throw unreadable(place, field, source, reading, expected: expected)
        case .plainBytes: out.appendQuoted(reading.bytes)
        // As it stands: its escapes are JSON's.
        case .text, .escapedText, .number, .flag:
            out.append("\"")
            out.append(reading.bytes)
            out.append("\"")
        }
    }

    private mutating func writeWord(
        _ reading: MappedReading, at place: MappedPlace, _ field: MappedField, _ source: RecordSource
    ) throws(Rejection) {
        let words = field.value.words
        if reading.kind != .structure {
            let text = text(reading, at: place, source)
            if let word = words.first(where: { $0.said.elementsEqual(text) }) {
                return word.meant.withUnsafeBytes { out.appendQuoted($0) }
            }
            if let other = field.value.otherWord { return other.withUnsafeBytes { out.appendQuoted($0) } }
        }
        let known = words.prefix(5).map { String(decoding: $0.said, as: UTF8.self) }.joined(separator: ", ")
        throw unreadable(place, field, source, reading, expected: "one of \(known)\(words.count > 5 ? "…" : "")")
    }

    private mutating func appendQuoted(_ number: ExactDecimal) {
        out.append("\"")
        number.append(to: &out)
        out.append("\"")
    }

    mutating func appendQuoted(_ instant: Instant) {
        out.append("\"")
        out.append(atMost: 24) { target in
            instant.write(to: UnsafeMutableRawBufferPointer(start: target, count: 24))
            return 24
        }
        out.append("\"")
    }

    // MARK: Amounts

    private mutating func amount(
        _ reading: MappedReading, at place: MappedPlace, _ form: MappedAmount, _ field: MappedField,
        _ plan: EventPlan, _ source: RecordSource
    ) throws(Rejection) -> ExactDecimal {
        if let variable = variableScale(reading, at: place, source) { return variable }
        var form = form
        if reading.kind == .text, case .decimal(let scale) = meaning(of: place, source) { form = .base64(scale: scale) }
        let text = text(reading, at: place, source)
        let number: ExactDecimal?
        switch form {
        case _ where reading.kind == .structure || reading.kind == .flag: number = nil
        case .decimal(let mark, let grouping):
            // JSON has one decimal mark of its own.
            number =
                reading.kind == .number
                ? ExactDecimal(text, mark: UInt8(ascii: "."), grouping: nil)
                : ExactDecimal(text, mark: mark, grouping: grouping)
        case .minorUnits:
            let digits = try currencyDigits(plan, field, source)
            number = ExactDecimal(text, mark: UInt8(ascii: "."), grouping: nil).flatMap {
                $0.scale == 0 ? ExactDecimal($0.mantissa, scale: digits) : nil
            }
        case .base64(let scale):
            number = reading.kind == .number ? nil : ExactDecimal(base64: text, scale: scale)
        }
        guard let number else { throw unreadable(place, field, source, reading, expected: form.expected) }
        // Few amounts are near the limit, so the currency's decimals are looked up for those alone.
        if number.minorUnits(digits: 4) == nil {
            var digits = 2
            do throws(Rejection) { digits = try currencyDigits(plan, field, source) } catch { _ = error }
            guard number.minorUnits(digits: digits) != nil else {
                let most = MoneyText.decimal(minorUnits: Money.minorUnitsMax, digits: digits)
                throw unreadable(place, field, source, reading, expected: "at most \(most)")
            }
        }
        return number
    }

    /// What Debezium makes of a decimal without a fixed scale.
    private func variableScale(
        _ reading: MappedReading, at place: MappedPlace, _ source: RecordSource
    ) -> ExactDecimal? {
        guard reading.kind == .structure, let token = reading.token, case .path(let slot) = place else { return nil }
        let json = source.json(of: slot)
        guard let scale = json.member("scale", of: token), let value = json.member("value", of: token),
            json[scale].shape == .number, json[value].shape == .string
        else { return nil }
        var cursor = TextCursor(trimming: json.raw(scale))
        guard let count = cursor.integer(), cursor.isAtEnd, count <= ExactDecimal.digitCountMax else { return nil }
        return ExactDecimal(base64: json.raw(value), scale: Int(count))
    }

    private mutating func sum(
        _ sum: MappedSum, _ field: MappedField, _ plan: EventPlan, _ source: RecordSource
    ) throws(Rejection) -> ExactDecimal? {
        guard case .amount(let form) = field.form else { return nil }
        let json = source.json(of: sum.list)
        let token = Int(found[sum.list.number])
        guard token >= 0, json[token].shape != .null else { return nil }
        guard json[token].shape == .array else {
            throw rejected(.unreadableField, .path(sum.list), field.name, source, token, expected: "a list")
        }
        var total: ExactDecimal?
        for (number, item) in json.elements(of: token).enumerated() {
            guard number < Self.itemCountMax else { throw tooMany(.path(sum.list), source) }
            guard json[item].shape == .object else {
                throw rejected(
                    .unreadableField, .path(sum.list), field.name, source, item, expected: "a list of objects")
            }
            find(sum.items, from: item, in: json, of: source.mapping)
            let reading = reading(sum.amount, source)
            guard reading.kind != .nothing else { continue }
            let next = try amount(reading, at: sum.amount, form, field, plan, source)
            guard let added = (total ?? .zero).adding(next) else {
                throw unreadable(sum.amount, field, source, reading, expected: "amounts that can be added up")
            }
            total = added
        }
        return total
    }

    private mutating func currencyDigits(
        _ plan: EventPlan, _ field: MappedField, _ source: RecordSource
    ) throws(Rejection) -> Int {
        let currency = plan.event.properties.first { if case .currency = $0.form { true } else { false } }
        for place in currency?.value.places ?? [] {
            let reading = reading(place, source)
            guard reading.kind != .nothing else { continue }
            let text = text(reading, at: place, source)
            if let digits = currencies.currency(text).flatMap({ currencies.digits(of: $0) }) { return digits }
        }
        let constant = currency?.value.constant ?? []
        let digits = constant.withUnsafeBytes { currencies.currency($0).flatMap { currencies.digits(of: $0) } }
        guard let digits else {
            throw Rejection(
                .missingField,
                "There is no currency, so nobody knows what the minor units of \(field.name) are; expected an ISO 4217 "
                    + "code such as EUR.")
        }
        return digits
    }

    // MARK: Times

    private mutating func time(
        _ reading: MappedReading, at place: MappedPlace, _ form: MappedTime, _ field: MappedField,
        _ source: RecordSource
    ) throws(Rejection) -> Instant {
        var form = form
        switch meaning(of: place, source) {
        case .time(let unit) where reading.kind == .number: form.writing = .epoch(unit)
        case .zonedTime: form.writing = .rfc3339
        case .time, .decimal, nil: break
        }
        let text = text(reading, at: place, source)
        guard reading.kind != .structure, reading.kind != .flag, let instant = form.read(text) else {
            throw unreadable(place, field, source, reading, expected: form.expected, .badTime)
        }
        return instant
    }

    /// What a schema that came with the record says of the place.
    private func meaning(of place: MappedPlace, _ source: RecordSource) -> ConnectSchema.Meaning? {
        guard let schema = source.schema, case .path(let slot) = place else { return nil }
        let path = source.mapping.slots[slot.number]
        guard path.scope == .value else { return nil }
        return schema.meaning(of: path.steps)
    }

    // MARK: Rejections

    func missing(_ field: MappedField?, _ reason: RejectionReason, _ source: RecordSource) -> Rejection {
        let places = (field?.value.places ?? []).map { "`\(source.text(of: $0))`" }.joined(separator: " or ")
        let name = field?.name ?? ""
        return Rejection(reason, "There is no \(places) (\(name)); expected \(expected(field)).")
    }

    private func expected(_ field: MappedField?) -> String {
        switch field?.form {
        case .id: "an id: a text or a whole number"
        case .number: "a number"
        case .currency: "an ISO 4217 code such as EUR"
        case .amount(let form): form.expected
        case .time(let form): form.expected
        case .text, nil: "a text or a number"
        }
    }

    private func unreadable(
        _ place: MappedPlace, _ field: MappedField, _ source: RecordSource, _ reading: MappedReading,
        expected: String, _ reason: RejectionReason = .unreadableField
    ) -> Rejection {
        guard reading.kind == .plainBytes || reading.token == nil else {
            return rejected(reason, place, field.name, source, reading.token, expected: expected)
        }
        return Rejection(
            reason,
            "`\(source.text(of: place))` (\(field.name)) is \(Shown.text(reading.bytes)); expected \(expected).")
    }

    func rejected(
        _ reason: RejectionReason, _ place: MappedPlace, _ name: String?, _ source: RecordSource, _ token: Int?,
        expected: String
    ) -> Rejection {
        var found = "missing"
        if let token, case .path(let slot) = place {
            let json = source.json(of: slot)
            let shape = json[token].shape
            found = shape == .string || shape == .number ? Shown.text(json.raw(token)) : Shown.kind(shape)
        }
        let target = name.map { " (\($0))" } ?? ""
        return Rejection(reason, "`\(source.text(of: place))`\(target) is \(found); expected \(expected).")
    }
}
