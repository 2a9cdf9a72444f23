package import CustomerLifecycle

/// The Router's reading of a storefront event with the fold's decoder behind it: what the fold could not read must not
/// get into the log.
package struct CheckedReader: ~Copyable {
    @usableFromInline var reader: StorefrontReader
    private var decoder = EventDecoder()
    private var event = StorefrontEvent(
        claimed: .distantPast, received: .distantPast, tieBreaker: 0, kind: .unrelated)
    /// What is not in the body, since it could not be read.
    private var leftOut: RoutedRecord.Unreadable = []

    package init(settings: RouterSettings) { reader = StorefrontReader(settings: settings) }

    /// The SHA-256 of the record's value that was looked at last, taken or not.
    package var original: SHA256Digest { SHA256Digest(stored: reader.original) }

    /// The optional fields of the last event that were there and could not be read, by name.
    package var unreadable: [String] {
        let left = leftOut
        return decoder.unreadable.map(\.description)
            + RoutedRecord.Unreadable.names.filter { left.contains($0.field) }.map(\.name)
    }
    /// Mostly there are none; to hand over an empty list costs more than to say so.
    package var hasUnreadable: Bool { !decoder.unreadable.isEmpty || !leftOut.isEmpty }

    /// The name of the last event, if it is none that is known.
    package var unknownName: UnsafeRawBufferPointer? { decoder.unknownName }

    /// Lends the last event as it was checked.
    package mutating func withEvent(_ body: (inout StorefrontEvent) -> Void) { body(&event) }

    /// Whether the last event is a credit note.
    package var isCredit: Bool { if case .orderCredited = event.kind { true } else { false } }

    /// The currency of the last event's value, where it is an order that has one.
    package var orderCurrency: Currency? {
        if case .orderCompleted(_, let content) = event.kind { content.value?.currency } else { nil }
    }

    /// Reads an event, which `check` has to see before it is appended. These are two calls, since a routed record is
    /// copied on its way out of each.
    @inlinable @inline(__always)
    package mutating func read(_ input: RouterInput) throws(Rejection) -> RoutedRecord { try reader.read(input) }

    /// Throws what the fold could not read of it.
    package mutating func check(_ routed: RoutedRecord) throws(Rejection) {
        leftOut = routed.unreadable
        do throws(EventError) {
            try decoder.decode(
                routed.body, claimed: routed.claimed, received: routed.received, flags: routed.flags, into: &event)
        } catch {
            throw Rejection(error)
        }
        if let refusal = decoder.refusal { throw Rejection(refusal) }
        if let meaning = decoder.notAllowed { throw Rejection.notAllowedHere(meaning) }
    }

    // MARK: Mapped records

    /// The record's value is this: what a mapping makes of it is read by `read(_:of:_:)`.
    package mutating func note(original value: UnsafeRawBufferPointer?) { reader.note(original: value) }

    /// Reads and checks an event of the record that `mapper` mapped last. `input` is what is known of the record
    /// besides.
    package mutating func read(
        _ index: Int, of mapper: borrowing RecordMapper, _ input: RouterInput
    ) throws(Rejection) -> RoutedRecord {
        var event = input
        event.value = mapper.event(index)
        if mapper.isHistory { event.mode = .backfill }
        let routed = try reader.readEvent(event)
        try check(routed)
        return routed
    }
}

extension Rejection {
    fileprivate static func notAllowedHere(_ meaning: EventMeaning) -> Self {
        let name = EventMeaning.byName.first { $0.meaning == meaning }.map { KnownEventName.written($0.name) }
        return Self(
            .notAllowedHere,
            "\"\(name ?? "This")\" is for the shop alone to say; expected it in an input marked "
                + "`--input TOPIC:operator`, or in a file imported with `--operator`.")
    }

    fileprivate init(_ error: EventError) {
        switch error {
        case .field(let field):
            self.init(field.isMissing ? .missingField : .unreadableField, field.description)
        case .malformed, .outOfMemory:
            self.init(.notJSON, error.description)
        }
    }
}
