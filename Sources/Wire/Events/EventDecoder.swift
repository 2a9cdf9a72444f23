package import CustomerLifecycle

/// Decodes the body of an event record into what the fold folds. One decoder a thread, reused: order events allocate
/// nothing.
///
/// Total over any bytes: a required field that cannot be read is an error, an optional one is absent and listed.
package struct EventDecoder: ~Copyable {
    var reader = EventReader()
    private let names = EventNames()
    private var lastName = LastName()
    private var canonical = CanonicalBytes()
    /// Whether the currency of the event being decoded is the shop's own, by the Router.
    private(set) var isCurrencyFilledIn = false
    /// Whether the event being decoded came by an input that only the shop writes.
    private(set) var isOfOperator = false
    /// What the event decoded last would mean, if it is the shop's alone to say and came by another input.
    var notAllowed: EventMeaning?

    package init() {}

    /// The optional fields of the last event that were there and could not be read.
    package var unreadable: [EventField] { reader.unreadable }

    /// Why a Router may not let in the event decoded last. A fold takes what can be read of it: an older Router may
    /// have let it in, and its customer is there.
    package internal(set) var refusal: EventError?

    /// The name of the event decoded last, if it is none that is known; good until the next.
    package private(set) var unknownName: UnsafeRawBufferPointer?

    /// The message id of the event decoded last; good until the next, and only while its body is.
    package private(set) var messageID: UnsafeRawBufferPointer?

    /// Decodes `body` (64 bytes after it must be readable) into `event`, whose memory is reused. After an error
    /// `event` means nothing.
    package mutating func decode(
        _ body: UnsafeRawBufferPointer, claimed: Instant, received: Instant, flags: LogFlags = [],
        into event: inout StorefrontEvent
    ) throws(EventError) {
        try reader.open(body)
        isCurrencyFilledIn = flags.contains(.currencyFilledIn)
        isOfOperator = flags.contains(.ofOperator)
        if notAllowed != nil { notAllowed = nil }
        if refusal != nil { refusal = nil }
        if unknownName != nil { unknownName = nil }
        event.claimed = claimed
        event.received = received
        event.statement = .none
        if !event.consents.isEmpty { event.consents.removeAll(keepingCapacity: true) }
        read(.locale, into: &event.locale)
        read(.timeZone, into: &event.timeZone)
        if event.acquisition != nil { event.acquisition = nil }
        event.kind = try kind(&event.consents)
        var isSignup = false
        if case .subscribed = event.kind { isSignup = true }
        if isSignup || reader.isThere(.campaignSource) || reader.isThere(.campaignName) {
            event.acquisition = acquisition(ofSignup: isSignup)
        }
        if let field = reader.ambiguousID {
            refusal = .field(reader.fieldError(field, expected: "an id without half of a surrogate pair in it"))
        }
        guard let messageID = reader.textOrNumber(.messageID), !messageID.isEmpty else {
            throw .field(reader.fieldError(.messageID, expected: "the message's id as text"))
        }
        self.messageID = messageID
        canonical.begin(messageID)
        canonical.append(&event)
        event.tieBreaker = canonical.hash
    }

    /// The same for a record of the log.
    package mutating func decode(
        _ body: UnsafeRawBufferPointer, header: LogHeader, into event: inout StorefrontEvent
    ) throws(EventError) {
        try decode(body, claimed: header.claimed, received: header.received, flags: header.flags, into: &event)
        event.statement = header.statement
    }

    /// A locale or a time zone. Mostly there is none, and there was none before.
    @inline(__always) private mutating func read(_ field: EventField, into name: inout BusinessID?) {
        if name != nil { name = nil }
        guard reader.isFilled(field) else { return }
        readFilled(field, into: &name)
    }

    private mutating func readFilled(_ field: EventField, into name: inout BusinessID?) {
        name = reader.text(field).flatMap { BusinessID(IDText.trimmingBlanks($0)) }
        if name == nil { reader.note(field) }
    }

    @inline(__always) private mutating func kind(_ consents: inout [ConsentChange]) throws(EventError)
        -> StorefrontEvent.Kind
    {
        switch callType() {
        case .page: return .visited
        case .identify: return .identified(traits())
        case .alias: return .noticed
        case .other: return .unrelated
        case .track: break
        }
        guard let name = reader.text(.event) else {
            throw .field(reader.fieldError(.event, expected: "the event's name as text"))
        }
        return try kind(of: meaning(of: name), &consents)
    }

    /// Most events are called as the one before them was.
    private mutating func meaning(of name: UnsafeRawBufferPointer) -> EventMeaning {
        if lastName.is(name) { return lastName.meaning }
        let meaning = names.meaning(of: name)
        // An unknown one is told of each time.
        if meaning == .unknown { unknownName = name } else { lastName = LastName(name, meaning) }
        return meaning
    }

    @inline(__always) private mutating func kind(
        of meaning: EventMeaning, _ consents: inout [ConsentChange]
    ) throws(EventError) -> StorefrontEvent.Kind {
        switch meaning {
        case .unknown, .unrelated: .unrelated
        case .noticed: .noticed
        case .seen: .seen
        case .visited: .visited
        case .cartTouched: .cartTouched(reader.optionalID(.cartID))
        case .productAdded: cartChange(isAdded: true)
        case .productRemoved: cartChange(isAdded: false)
        case .couponApplied: couponApplied()
        case .couponRemoved: couponRemoved()
        case .signedUp: .signedUp
        case .shared: .shared(reader.optionalID(.referralCode))
        case .advocated: advocated()
        case .clicked(let channel): .clicked(channel)
        case .bounced(let channel): bounce(of: channel)
        case .messageDelivered(let channel): .messageDelivered(channel, try deliveredMessage())
        case .shipped: delivery(.shipped)
        case .delivered: delivery(.delivered)
        case .deliveryTroubled: delivery(.troubled)
        case .costRecorded, .overrideSet, .overrideCleared, .deletionRequested, .split: shopWord(meaning)
        case .orderCompleted: orderCompleted(try orderID(), orderContent())
        case .orderUpdated: .orderUpdated(try orderID(), orderContent())
        case .orderCancelled: .orderCancelled(try orderID())
        case .orderRefunded: .orderRefunded(try orderID(), refund())
        case .subscribed(let channel): subscription(channel, &consents)
        case .unsubscribed(let channel): unsubscription(channel, &consents)
        case .consentUpdated: consentUpdate(&consents)
        case .complaintOpened: .complaintOpened(try reader.id(.complaintID, expected: "the complaint's id"))
        case .complaintResolved: .complaintResolved(try reader.id(.complaintID, expected: "the complaint's id"))
        case .conversationOpened: .complaintOpened(try conversationID())
        case .conversationClosed: .complaintResolved(try conversationID())
        case .markedAsSpam: try spamMark(&consents)
        case .reviewed: .reviewed(try reviewID(), try rating())
        case .surveyAnswered: .surveyAnswered(try surveyScore())
        }
    }
}

/// An event's name of 8 to 16 bytes, whole in two words, and what it means.
private struct LastName {
    private var count = 0
    private var first: UInt64 = 0
    private var last: UInt64 = 0
    private(set) var meaning = EventMeaning.unrelated

    init() {}

    init(_ name: UnsafeRawBufferPointer, _ meaning: EventMeaning) {
        guard (8...16).contains(name.count) else { return }
        count = name.count
        first = name.loadUnaligned(as: UInt64.self)
        last = name.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        self.meaning = meaning
    }

    func `is`(_ name: UnsafeRawBufferPointer) -> Bool {
        count > 0 && name.count == count && name.loadUnaligned(as: UInt64.self) == first
            && name.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self) == last
    }
}

/// The specification's call types, as far as they differ here.
private enum CallType {
    case track, page, identify, alias, other
}

extension EventDecoder {
    private static let trac = UInt32(littleEndian: 0x6361_7274)

    /// An event without a type, but with a name, is a `track`.
    private mutating func callType() -> CallType {
        guard let type = reader.text(.type) else { return .track }
        // By far the most.
        if type.count == 5, type.loadUnaligned(as: UInt32.self) == Self.trac, type[4] == UInt8(ascii: "k") {
            return .track
        }
        let text = IDText.trimmingBlanks(type)
        if text.equals("track") { return .track }
        if text.equals("page") { return .page }
        if text.equals("identify") { return .identify }
        if text.equals("alias") { return .alias }
        return text.equals("screen") || text.equals("group") ? .other : .track
    }
}

extension UnsafeRawBufferPointer {
    /// Compares with small letters, the case of ASCII letters aside.
    func equals(_ small: StaticString) -> Bool {
        guard count == small.utf8CodeUnitCount else { return false }
        for index in indices {
            let byte = self[index]
            guard ((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) == small.utf8Start[index] else { return false }
        }
        return true
    }
}
