import CustomerLifecycle
import Wire

/// What the Router makes of a live event: checked, redacted, and decoded again as the log's reader does.
final class Router {
    private var reader: StorefrontReader
    private var decoder = EventDecoder()

    init(_ currency: Currency) { reader = StorefrontReader(settings: RouterSettings(currency: currency)) }

    /// Returns the event, and its record: appended at its time, or when it was received, whichever is later.
    func route(_ json: [UInt8], to offset: Int64, before end: Instant) throws -> (StorefrontEvent, RecordContext) {
        var event = StorefrontEvent(claimed: end, received: end, tieBreaker: 0, kind: .unrelated)
        try (json + [UInt8](repeating: 0, count: 64)).withUnsafeBytes { padded in
            var input = RouterInput(
                value: UnsafeRawBufferPointer(rebasing: padded[..<json.count]), kafkaTime: end, clock: end, mode: .live,
                isOfOperator: true)
            // Where nothing says when it was received, it was at once.
            input.kafkaTime = try reader.read(input).claimed
            let routed = try reader.read(input)
            try decoder.decode(
                routed.body, claimed: routed.claimed, received: routed.received, flags: routed.flags, into: &event)
        }
        return (event, RecordContext(offset: offset, appended: max(event.claimed, event.received)))
    }

    /// The event alone, received when it says or else at an instant.
    func decode(_ json: [UInt8], receivedAt instant: Instant) throws -> StorefrontEvent {
        var event = StorefrontEvent(claimed: instant, received: instant, tieBreaker: 0, kind: .unrelated)
        try (json + [UInt8](repeating: 0, count: 64)).withUnsafeBytes { padded in
            let input = RouterInput(
                value: UnsafeRawBufferPointer(rebasing: padded[..<json.count]), kafkaTime: instant,
                clock: max(instant, Instant(milliseconds: 2_000_000_000_000)), mode: .live, isOfOperator: true)
            let routed = try reader.read(input)
            try decoder.decode(
                routed.body, claimed: routed.claimed, received: routed.received, flags: routed.flags, into: &event)
        }
        return event
    }

    /// Returns what a category's name is hashed to.
    func hash(ofCategory name: String) throws -> UInt32 {
        var event = StorefrontEvent(claimed: .never, received: .never, tieBreaker: 0, kind: .unrelated)
        let json = Array(
            (#"{"messageId":"m","type":"track","event":"Order Completed","properties":{"order_id":"o","products":"#
                + #"[{"category":"\#(name)"}]}}"#).utf8)
        try (json + [UInt8](repeating: 0, count: 64)).withUnsafeBytes { padded in
            let body = UnsafeRawBufferPointer(rebasing: padded[..<json.count])
            try decoder.decode(body, claimed: .never, received: .never, into: &event)
        }
        guard case .orderCompleted(_, let content) = event.kind, content.categories.count == 1 else {
            throw NoCategory()
        }
        return content.categories.hashes[0]
    }

    private struct NoCategory: Error {}
}
