import CustomerLifecycle
import Wire

/// A shop's Router: texts in, texts out.
struct RouterScenario {
    struct Routed: Equatable {
        struct Link: Equatable {
            var subject: String
            var user: String
        }

        var subject: String
        var body: String
        var claimed: Instant
        var received: Instant
        var flags: LogFlags
        var unreadable: RoutedRecord.Unreadable
        var messageID: String
        var original: [UInt8]
        var links: [Link]

        init(_ record: RoutedRecord) {
            subject = Self.text(record.subject)
            body = Self.text(record.body)
            claimed = record.claimed
            received = record.received
            flags = record.flags
            unreadable = record.unreadable
            messageID = Self.text(record.messageID)
            original = Array(record.original)
            links = record.links.map { Link(subject: Self.text($0.subject), user: Self.text($0.user)) }
        }

        private static func text(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }
    }

    /// 2026-01-01T00:00:00Z, which is the time of every record and the broker's clock.
    static let now = Instant(milliseconds: 1_767_225_600_000)

    var settings: RouterSettings
    var mode = RouterInput.Mode.live
    var kafkaTime: Instant? = now

    init(_ change: (inout RouterSettings) -> Void = { _ in }) {
        guard let euro = Currency("EUR".utf8) else { preconditionFailure("The euro exists.") }
        settings = RouterSettings(currency: euro)
        change(&settings)
    }

    func route(_ text: String) throws(Rejection) -> Routed { try route(Array(text.utf8)) }

    func route(_ bytes: [UInt8]?) throws(Rejection) -> Routed {
        var reader = StorefrontReader(settings: settings)
        return try Self.route(bytes, with: &reader, mode: mode, kafkaTime: kafkaTime)
    }

    static func route(
        _ bytes: [UInt8]?, with reader: inout StorefrontReader, mode: RouterInput.Mode = .live,
        kafkaTime: Instant? = now
    ) throws(Rejection) -> Routed {
        guard let bytes else {
            return Routed(
                try reader.read(RouterInput(value: nil, kafkaTime: kafkaTime, clock: now, mode: mode)))
        }
        // The buffer has no byte too many, so that an address sanitizer sees a read behind it.
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        defer { copy.deallocate() }
        copy.copyBytes(from: bytes)
        let input = RouterInput(value: UnsafeRawBufferPointer(copy), kafkaTime: kafkaTime, clock: now, mode: mode)
        return Routed(try reader.read(input))
    }

    /// Returns the reason of the rejection, or nil.
    func reason(_ text: String) -> RejectionReason? { reason(Array(text.utf8)) }

    func reason(_ bytes: [UInt8]?) -> RejectionReason? {
        do {
            _ = try route(bytes)
            return nil
        } catch {
            return error.reason
        }
    }

    /// Returns the body of a `track` call with these properties, without its envelope.
    func properties(_ properties: String, event: String = "Product Viewed") throws(Rejection) -> String {
        let start = #"{"type":"track","event":"\#(event)","userId":"u1","messageId":"m1","timestamp":1700000000"#
        let body = try route(start + #","properties":\#(properties)}"#).body
        return String(body.dropFirst(start.count + 1).dropLast())
    }

    /// Returns what is left of the members that an event has besides its envelope.
    func rest(_ members: String) throws(Rejection) -> String {
        let start = #"{"type":"identify","userId":"u1","messageId":"m1","timestamp":1700000000"#
        let body = try route(start + "," + members + "}").body
        return body.count == start.count + 1 ? "" : String(body.dropFirst(start.count + 1).dropLast())
    }
}

extension ZoneTable {
    /// Winter and summer time of 1990 and of 2026, enough for these tests.
    static let berlin = ZoneTable(
        name: "Europe/Berlin",
        transitions: [
            Transition(at: Instant(milliseconds: 0), offset: .hours(1)),
            Transition(at: Instant(milliseconds: 638_326_800_000), offset: .hours(2)),
            Transition(at: Instant(milliseconds: 654_656_400_000), offset: .hours(1)),
            Transition(at: Instant(milliseconds: 1_774_746_000_000), offset: .hours(2)),
            Transition(at: Instant(milliseconds: 1_792_890_000_000), offset: .hours(1)),
        ])
}
