import CSimdJSON
import CustomerLifecycle

/// The wanted fields of one event body, read as what the fold needs: text, ids, amounts. Optional fields that are
/// there and cannot be read are listed.
struct EventReader: ~Copyable {
    private var selector = FieldSelector(EventField.allCases.map(\.description))
    private var body = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Where escaped texts are resolved; good until the next event.
    private var scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 1)
    private var scratchUsed = 0
    private let currencies = KnownCurrencies()
    private(set) var unreadable: [EventField] = []
    /// An id of the event with half a surrogate pair in it, which could be any other such id.
    private(set) var ambiguousID: EventField?

    init() { unreadable.reserveCapacity(EventField.allCases.count) }

    deinit { scratch.deallocate() }

    mutating func open(_ body: UnsafeRawBufferPointer) throws(EventError) {
        do {
            try selector.run(body)
        } catch {
            switch error {
            case .malformed, .notAnObject: throw .malformed
            case .outOfMemory: throw .outOfMemory
            }
        }
        self.body = body
        scratchUsed = 0
        if ambiguousID != nil { ambiguousID = nil }
        if !unreadable.isEmpty { unreadable.removeAll(keepingCapacity: true) }
        // Each field is read at most a few times, and no text grows when its escapes are resolved.
        if scratch.count < body.count * 4 {
            scratch.deallocate()
            scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: body.count * 8, alignment: 1)
        }
    }

    mutating func note(_ field: EventField) {
        if !unreadable.contains(field) { unreadable.append(field) }
    }

    func kind(of field: EventField) -> JSONKind { selector.value(field.rawValue).valueKind }

    /// The bytes as they stand in the body; of a text, its escapes not resolved.
    func raw(_ field: EventField) -> UnsafeRawBufferPointer { selector.value(field.rawValue).bytes(in: body) }

    /// A text, its escapes resolved; nil where there is none.
    mutating func text(_ field: EventField) -> UnsafeRawBufferPointer? {
        let value = selector.value(field.rawValue)
        guard value.valueKind == .text else { return nil }
        let text = value.bytes(in: body)
        return value.is_escaped == 0 ? text : resolved(text)
    }

    /// The same of a text or of a number as it is spelled.
    mutating func textOrNumber(_ field: EventField) -> UnsafeRawBufferPointer? {
        switch kind(of: field) {
        case .text: text(field)
        case .number: raw(field)
        case .absent, .null, .no, .yes, .array, .object: nil
        }
    }

    /// A text with escapes.
    mutating func resolved(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard scratch.count - scratchUsed >= text.count else { return nil }
        let target = UnsafeMutableRawBufferPointer(rebasing: scratch[scratchUsed...])
        guard let count = JSONEscapes.resolve(text, into: target) else { return nil }
        scratchUsed += count
        return UnsafeRawBufferPointer(rebasing: target[..<count])
    }

    /// How many products are listed; 0 where there is no list.
    var productCount: Int { selector.value(EventField.products.rawValue).elementNumber }

    /// Calls `body` with what the products say: the field, the number of the product, from 1, and the text or number.
    mutating func eachOfProducts(_ body: (EventField, Int, UnsafeRawBufferPointer) -> Void) {
        for value in selector.repeated {
            let kind = value.valueKind
            guard let field = EventField(rawValue: value.pathIndex),
                kind == .text || kind == .number && field != .productCategory
            else { continue }
            let text = value.bytes(in: self.body)
            if let text = value.is_escaped == 0 ? text : resolved(text) { body(field, value.elementNumber, text) }
        }
    }

    @inline(__always) func isThere(_ field: EventField) -> Bool { kind(of: field) != .absent }

    /// Whether something stands there: a text that is not empty, a number, true…
    @inline(__always) mutating func isFilled(_ field: EventField) -> Bool {
        kind(of: field) == .absent ? false : isFilledWhereThere(field)
    }

    private mutating func isFilledWhereThere(_ field: EventField) -> Bool {
        switch kind(of: field) {
        case .absent, .null, .no: false
        case .text: !(text(field).map(IDText.trimmingBlanks)?.isEmpty ?? true)
        case .yes, .number, .array, .object: true
        }
    }
}

// MARK: Ids

extension EventReader {
    /// A business id: text or whole number, 1 to 64 bytes after trimming.
    mutating func id(_ field: EventField, expected: String) throws(EventError) -> BusinessID {
        if let text = idText(field), let id = BusinessID(text) { return id }
        throw .field(fieldError(field, expected: expected + " as text or whole number, 1 to 64 bytes"))
    }

    /// The same where it may be absent; unreadable is absent, and listed.
    mutating func optionalID(_ field: EventField) -> BusinessID? {
        guard kind(of: field) != .absent, kind(of: field) != .null else { return nil }
        guard let text = idText(field) else {
            note(field)
            return nil
        }
        if text.isEmpty { return nil }
        guard let id = BusinessID(text) else {
            note(field)
            return nil
        }
        return id
    }

    private mutating func idText(_ field: EventField) -> UnsafeRawBufferPointer? {
        switch kind(of: field) {
        case .text:
            if selector.value(field.rawValue).is_escaped != 0, JSONEscapes.holdHalf(raw(field)) { ambiguousID = field }
            return text(field).map(IDText.trimming)
        case .number: return IDText.integer(raw(field))
        case .absent, .null, .no, .yes, .array, .object: return nil
        }
    }

    /// Describes what stands in a required field; only failures get here, so it may allocate.
    mutating func fieldError(_ field: EventField, expected: String) -> FieldError {
        let kind = kind(of: field)
        let found =
            switch kind {
            case .absent: "nothing"
            case .null: "null"
            case .no: "false"
            case .yes: "true"
            case .array: "an array"
            case .object: "an object"
            case .number: "the number \(excerpt(raw(field)))"
            case .text: "the text \"\(excerpt(raw(field)))\""
            }
        return FieldError(
            field: field, isMissing: kind == .absent || kind == .null, found: found, expected: expected)
    }

    private func excerpt(_ bytes: UnsafeRawBufferPointer) -> String {
        bytes.count <= 40
            ? String(decoding: bytes, as: UTF8.self) : String(decoding: bytes.prefix(40), as: UTF8.self) + "…"
    }
}

// MARK: Money

extension EventReader {
    /// The currency of the event's amounts; nil where there is none or no such one.
    mutating func currency() -> Currency? {
        if let text = text(.currency), let currency = currencies.currency(text) { return currency }
        if isFilled(.currency) { note(.currency) }
        return nil
    }

    /// The known currency whose code an amount's text begins or ends with.
    func currency(in text: UnsafeRawBufferPointer) -> Currency? {
        let text = IDText.trimmingBlanks(text)
        for letters in [text.prefix(3), text.suffix(3)] {
            let currency = currencies.currency(UnsafeRawBufferPointer(rebasing: letters))
            if text.count > 3, let currency { return currency }
        }
        return nil
    }

    /// An amount in `currency`; absent where it is null, empty or cannot be read, and listed in the last case.
    mutating func amount(_ field: EventField, _ currency: Currency?) -> Money? {
        guard kind(of: field) != .absent, let currency, let digits = currencies.digits(of: currency) else { return nil }
        if let text = textOrNumber(field),
            let minorUnits = MoneyText.minorUnits(text, digits: digits, code: currency)
        {
            return Money(minorUnits: minorUnits, currency: currency)
        }
        if isFilled(field) || kind(of: field) == .no { note(field) }
        return nil
    }
}
