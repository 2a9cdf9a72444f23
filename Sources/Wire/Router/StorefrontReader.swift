internal import CSimdJSON
import CustomerLifecycle

/// The Router's pure half: the bytes of one storefront record in; out what goes to the log, or why nothing does.
///
/// One reader per thread. Everything it lends is good until it reads the next record; the usual record allocates
/// nothing.
package struct StorefrontReader: ~Copyable {
    private let settings: RouterSettings
    private var document = JSONDocument()
    private var notes = KeyNotes()
    private var hash = RecordHash()
    private var ids: RecordIDs
    private var unescaper = Unescaper()
    private var redactor: Redactor
    private let names = EventNames()
    /// The shop's own names of events, squeezed.
    private let ownNames: [(name: [UInt8], means: String)]
    private let links: UnsafeMutableBufferPointer<RoutedRecord.Link>

    package init(settings: RouterSettings) {
        self.settings = settings
        ids = RecordIDs(settings: settings)
        redactor = Redactor(settings: settings)
        ownNames = settings.eventNames.compactMap { name, means in EventNames.squeezed(name).map { ($0, means) } }
        links = .allocate(capacity: 3)  // Deallocated in `deinit`.
    }

    deinit { links.deallocate() }

    /// 32 bytes: the SHA-256 of the value that was read last, taken or rejected; of a tombstone that of no bytes.
    package var original: UnsafeRawBufferPointer { hash.bytes }

    package mutating func read(_ input: RouterInput) throws(Rejection) -> RoutedRecord {
        note(original: input.value)
        return try route(input)
    }

    /// The record's value is this: what a mapping makes of it is read by `readEvent`.
    @inline(__always) package mutating func note(original value: UnsafeRawBufferPointer?) {
        hash.hash(value ?? UnsafeRawBufferPointer(start: nil, count: 0))
    }

    /// Reads an event of the record whose value was noted.
    package mutating func readEvent(_ input: RouterInput) throws(Rejection) -> RoutedRecord { try route(input) }

    @inline(__always) private mutating func route(_ input: RouterInput) throws(Rejection) -> RoutedRecord {
        let json = try tokens(of: input.value)
        let envelope = Envelope(json)
        let call = try call(envelope, of: json)
        let time = try ClaimedTime(envelope, of: json, input: input, zone: settings.zone, unescaper: &unescaper)
        let people = try people(envelope, of: json, call: call)
        let message = ids.readMessageID(envelope.messageID, of: json, hash: hash.bytes)
        let name = newName(envelope, of: json)
        redactor.write(
            Redactor.Plan(
                json: json, envelope: envelope, type: call, event: event(envelope, of: json, newName: name),
                newName: name, newMessageID: message.isNew ? ids.bytes(message.range) : nil))
        try check(redactor.writer.bytes.count)
        return RoutedRecord(
            subject: ids.bytes(people.subject), claimed: time.claimed, received: time.received,
            flags: time.flags.union(redactor.flags),
            unreadable: time.unreadable.union(people.unreadable).union(redactor.unreadable),
            body: redactor.writer.bytes, original: hash.bytes, messageID: ids.bytes(message.range),
            links: UnsafeBufferPointer(rebasing: links[..<people.linkCount]))
    }

    /// A rejected record without personal data, where it is a JSON object at all; good until the next call.
    package mutating func redacted(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        do {
            let json = try tokens(of: value)
            let envelope = Envelope(json)
            let name = newName(envelope, of: json)
            redactor.write(
                Redactor.Plan(
                    json: json, envelope: envelope, type: nil, event: event(envelope, of: json, newName: name),
                    newName: nil, newMessageID: nil))
            return redactor.writer.bytes
        } catch {
            return nil  // Not one JSON object: nothing in it can be told from personal data.
        }
    }

    /// Whether a key must not be kept where personal data is not.
    package static func holdsMailAddress(_ key: UnsafeRawBufferPointer) -> Bool { MailAddress.stands(in: key) }

    // MARK: Document

    private mutating func tokens(of value: UnsafeRawBufferPointer?) throws(Rejection) -> JSONTokens {
        guard let value else {
            throw Rejection(.tombstone, "The record has no value (a tombstone); expected a JSON event.")
        }
        try check(value.count)
        let json: JSONTokens
        do {
            json = try document.walk(Self.withoutByteOrderMark(value))
        } catch {
            // No JSON begins so: only what would be rejected pays for the look.
            if RegistryPrefix.stands(before: value) { return try tokens(of: RegistryPrefix.json(behind: value)) }
            throw error.rejection(
                depthMax: JSONDocument.depthMax, shift: value.count - Self.withoutByteOrderMark(value).count)
        }
        guard json[0].shape == .object else {
            throw Rejection(.unknownShape, "The value is \(Shown.kind(json[0].shape)); expected a JSON object.")
        }
        notes.take(on: json)
        return json
    }

    private func check(_ byteCount: Int) throws(Rejection) {
        guard byteCount > settings.inputByteCountMax else { return }
        throw .tooLarge(byteCount: byteCount, byteCountMax: settings.inputByteCountMax)
    }

    /// Some producers begin a text with U+FEFF; to JSON it is nothing.
    static func withoutByteOrderMark(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard value.count >= 3, value[0] == 0xEF, value[1] == 0xBB, value[2] == 0xBF else { return value }
        return UnsafeRawBufferPointer(rebasing: value.dropFirst(3))
    }

    // MARK: Shape

    private mutating func call(_ envelope: Envelope, of json: JSONTokens) throws(Rejection) -> RouterCall {
        guard let type = envelope.type else {
            guard envelope.event != nil else {
                throw Rejection(
                    .unknownShape, "There is no `type` and no `event`; expected an event of the Segment specification.")
            }
            return .track
        }
        if json[type].shape == .string, let call = RouterCall(unescaper.text(json[type], in: json)) { return call }
        let found =
            json[type].shape == .string
            ? Shown.text(unescaper.text(json[type], in: json)) : Shown.kind(json[type].shape)
        throw Rejection(
            .unknownType, "`type` is \(found); expected track, identify, page, screen, group or alias.")
    }

    /// What the shop says that an event of this name is.
    private mutating func newName(_ envelope: Envelope, of json: JSONTokens) -> String? {
        guard !ownNames.isEmpty, let event = envelope.event, json[event].shape == .string else { return nil }
        let text = unescaper.text(json[event], in: json)
        return ownNames.first { EventNames.isSame(text, squeezed: $0.name) }?.means
    }

    private mutating func event(_ envelope: Envelope, of json: JSONTokens, newName: String?) -> KnownEvent? {
        guard let event = envelope.event, json[event].shape == .string else { return nil }
        guard var newName else { return KnownEvent(names.meaning(of: unescaper.text(json[event], in: json))) }
        return KnownEvent(newName.withUTF8 { names.meaning(of: UnsafeRawBufferPointer($0)) })
    }

    // MARK: People

    private struct People {
        let subject: Range<Int>
        let linkCount: Int
        let unreadable: RoutedRecord.Unreadable
    }

    private mutating func people(
        _ envelope: Envelope, of json: JSONTokens, call: RouterCall
    ) throws(Rejection) -> People {
        ids.removeAll()
        var unreadable: RoutedRecord.Unreadable = []
        let user = try required(ids.read(envelope.userID, of: json, as: .user), "userId")
        let anonymous = ids.read(envelope.anonymousID, of: json, as: .anonymous)
        guard let user else {
            guard call != .alias, let subject = try required(anonymous, "anonymousId") else {
                throw noSubject(call)
            }
            return People(subject: subject, linkCount: 0, unreadable: unreadable)
        }
        var linkCount = 0
        let anonymousID = try optional(anonymous, "anonymousId", .anonymousID, &unreadable)
        if let anonymousID { add(anonymousID, user, &linkCount) }
        let previous = call == .alias ? ids.read(envelope.previousID, of: json, as: .anonymous) : .absent
        if let previousID = try optional(previous, "previousId", .previousID, &unreadable),
            !ids.bare(previousID).elementsEqual(ids.bare(user))
        {
            let isLinked = anonymousID.map { ids.bare(previousID).elementsEqual(ids.bare($0)) } ?? false
            if !isLinked { add(previousID, user, &linkCount) }
            add(ids.copy(previousID, as: .user), user, &linkCount)
        }
        return People(subject: user, linkCount: linkCount, unreadable: unreadable)
    }

    private mutating func add(_ subject: Range<Int>, _ user: Range<Int>, _ count: inout Int) {
        links.initializeElement(at: count, to: RoutedRecord.Link(subject: ids.bytes(subject), user: ids.bare(user)))
        count += 1
    }

    private func required(_ reading: RecordIDs.Reading, _ field: StaticString) throws(Rejection) -> Range<Int>? {
        switch reading {
        case .absent: return nil
        case .id(let range): return range
        case .tooLong(let byteCount):
            throw Rejection(
                .idTooLong, "`\(field)` has \(byteCount) bytes; at most \(IDText.personByteCountMax) are taken.")
        case .ambiguous: throw .ambiguousID(field)
        }
    }

    private func optional(
        _ reading: RecordIDs.Reading, _ name: StaticString, _ field: RoutedRecord.Unreadable,
        _ unreadable: inout RoutedRecord.Unreadable
    ) throws(Rejection) -> Range<Int>? {
        switch reading {
        case .absent: return nil
        case .id(let range): return range
        case .ambiguous: throw .ambiguousID(name)
        case .tooLong:
            unreadable.insert(field)
            return nil
        }
    }

    private func noSubject(_ call: RouterCall) -> Rejection {
        call == .alias
            ? Rejection(.noSubject, "An alias has no usable `userId`; expected the id that `previousId` belongs to.")
            : Rejection(
                .noSubject,
                "Neither `userId` nor `anonymousId` is an id; expected one of them, not empty and no placeholder.")
    }
}
