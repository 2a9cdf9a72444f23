import CustomerLifecycle

@testable import Wire

/// Decodes one event from its JSON text, with the padding that a broker gives.
struct Decoding {
    var event: StorefrontEvent
    var unreadable: [EventField]

    static let claimed = Instant(milliseconds: 1_735_689_600_000)
    static let received = Instant(milliseconds: 1_735_689_601_500)

    init(_ json: String) throws(EventError) {
        try self.init(Array(json.utf8))
    }

    init(_ bytes: [UInt8]) throws(EventError) {
        var decoder = EventDecoder()
        try self.init(bytes, with: &decoder)
    }

    init(_ bytes: [UInt8], with decoder: inout EventDecoder) throws(EventError) {
        event = StorefrontEvent(claimed: .never, received: .never, tieBreaker: 0, kind: .unrelated)
        unreadable = []
        try decode(bytes, with: &decoder)
    }

    mutating func decode(
        _ bytes: [UInt8], with decoder: inout EventDecoder, claimed: Instant = Self.claimed,
        received: Instant = Self.received, flags: LogFlags = []
    ) throws(EventError) {
        let padded = bytes + [UInt8](repeating: 0x22, count: 64)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: padded.count, alignment: 1)
        defer { buffer.deallocate() }
        buffer.copyBytes(from: padded)
        try decoder.decode(
            UnsafeRawBufferPointer(rebasing: buffer[..<bytes.count]), claimed: claimed, received: received,
            flags: flags, into: &event)
        unreadable = decoder.unreadable
        if let refusal = decoder.refusal { throw refusal }
    }

    /// Decodes a `track` call of that name with these properties.
    static func track(_ name: String, _ properties: String, message: String = "m-1") throws(EventError) -> Self {
        try Self(
            #"{"messageId":"\#(message)","type":"track","event":"\#(name)","properties":\#(properties)}"#)
    }

    static func order(_ properties: String) throws(EventError) -> (content: OrderContent?, unreadable: [EventField]) {
        let decoded = try track("Order Completed", #"{"order_id":"o-1",\#(properties)}"#)
        guard case .orderCompleted(_, let content) = decoded.event.kind else { return (nil, []) }
        return (content, decoded.unreadable)
    }
}

/// Makes ids for expectations.
func id(_ text: String) -> BusinessID {
    guard let id = BusinessID(text) else { preconditionFailure("\(text) is no id") }
    return id
}

func currency(_ letters: String) -> Currency {
    guard let currency = Currency(letters.utf8) else { preconditionFailure("\(letters) is no currency") }
    return currency
}

func euros(_ cents: Int64) -> Money { Money(minorUnits: cents, currency: currency("EUR")) }

func score(_ thousandths: Int) -> Score {
    guard let score = Score(thousandths: thousandths) else { preconditionFailure("\(thousandths) is no score") }
    return score
}
