import Foundation
import JSONSchemas
import Testing

@testable import CustomerLifecycle
@testable import Wire

@Suite struct `The schemas of events` {
    static let files = EventContract.all.map { "events/\($0.fileName).v1.json" }

    @Test func `are what the table of events makes, and no more`() throws {
        for (contract, file) in zip(EventContract.all, Self.files) {
            try SchemaFolder.hold(file, to: contract.schema)
            try SchemaFolder.hold("examples/events/\(contract.fileName).json", to: contract.record + "\n")
        }
        try SchemaFolder.hold("events/envelope.v1.json", to: EventContract.envelopeSchema)
        let names = EventContract.all.map(\.fileName)
        #expect(try SchemaFolder.files(in: "events") == (names + ["envelope"]).map { $0 + ".v1.json" }.sorted())
        #expect(try SchemaFolder.files(in: "examples/events") == names.map { $0 + ".json" }.sorted())
    }

    @Test(arguments: EventContract.all)
    func `take their example, and need what the Router needs`(contract: EventContract) throws {
        let schema = try JSONSchema("events/\(contract.fileName).v1.json")
        let example = try JSONValue(contract.record)
        #expect(schema.problems(of: example) == [])
        #expect(try Reading(of: example).isTaken)
        let visit = schema.visit(example)
        #expect(visit.needed.count > 1)
        for place in visit.needed {
            let less = example.without(place)
            #expect(!schema.problems(of: less).isEmpty, "\(place)")
            // An event that has a name needs no type, and one without a name is of a call that we say is needed.
            #expect(try !Reading(of: less).isTaken, "\(place)")
        }
    }

    @Test(arguments: EventContract.all)
    func `refuse of whom and when what the Router refuses, and nothing else`(contract: EventContract) throws {
        let schema = try JSONSchema("events/\(contract.fileName).v1.json")
        let example = try JSONValue(contract.record)
        // Beside the other one it is not looked at.
        let others = ["userId": "anonymousId", "anonymousId": "userId", "originalTimestamp": "timestamp"]
        for name in ["userId", "anonymousId", "timestamp", "originalTimestamp", "sentAt", "receivedAt"] {
            let alone = others[name].map { example.without(JSONPlace(steps: [.member($0)])) } ?? example
            for value in Self.values {
                let event = alone.with(value, at: JSONPlace(steps: [.member(name)]))
                let reading = try Reading(of: event)
                // Clocks, and a shop's placeholders, are beyond a schema.
                guard ![.tooEarly, .tooLate].contains(reading.rejection), value as? String != "true" else { continue }
                let isRead = reading.isTaken && reading.passedOver.isEmpty
                #expect(schema.problems(of: event).isEmpty == isRead, "\(name): \(value)")
            }
        }
    }

    @Test(arguments: EventContract.all)
    func `need properties where the Router does`(contract: EventContract) throws {
        let schema = try JSONSchema("events/\(contract.fileName).v1.json")
        let bare = try JSONValue(contract.record).with(NSNull(), at: JSONPlace(steps: [.member("properties")]))
        #expect(try schema.problems(of: bare).isEmpty == Reading(of: bare).isTaken)
    }

    /// What a shop may write into any field.
    private static var values: [Any] {
        [
            NSNull(), "", " ", "x", "7", "12.50", "12%", "2026-02-31", "2026-04-31", "2026-13-01", "EUR", "true",
            "2026-05-05", "2026-05-05T10:00:00Z", "4/5", true,
            false,
            0,
            7, 7.5, -1, 1_767_225_600, [Any](), ["x"], [String: Any](), ["x": 1], String(repeating: "x", count: 65),
        ]
    }

    @Test(arguments: EventContract.all)
    func `refuse in a field what is not read there, and nothing else`(contract: EventContract) throws {
        let schema = try JSONSchema("events/\(contract.fileName).v1.json")
        let example = try JSONValue(contract.record)
        let ofAll: [EventField] = [.locale, .timeZone, .campaignSource, .campaignName]
        for field in contract.required + contract.optional + ofAll {
            guard let place = JSONPlace(field) else { continue }
            let absent = try Reading(of: example.ensuring(place).without(place))
            for value in Self.values {
                // Of a range the last number is the scale, whatever stands before it.
                if field.form == .scale, "\(value)".hasPrefix("2026-") { continue }
                let event = example.ensuring(place).with(value, at: place)
                let reading = try Reading(of: event)
                let isRead = reading.isTaken && !reading.unreadable.contains(field)
                let problems = schema.problems(of: event)
                if isRead, reading.kind != absent.kind, !field.taintsOthers {
                    #expect(problems == [], "\(field): \(value) is read")
                } else if !isRead, !field.dependsOnOthers || !"\(value)".contains(/[0-9]/) {
                    #expect(!problems.isEmpty, "\(field): \(value) is not read")
                }
            }
        }
    }
}

/// What the Router and the fold make of an event.
private struct Reading {
    var isTaken = false
    /// The Router's, not the decoder's.
    var rejection: RejectionReason?
    var passedOver: RoutedRecord.Unreadable = []
    var unreadable: [EventField] = []
    var kind = StorefrontEvent.Kind.unrelated

    init(of document: JSONValue) throws {
        let json = try JSONSerialization.data(withJSONObject: document.value)
        guard let euro = Currency("EUR".utf8) else { preconditionFailure("The euro exists.") }
        var router = StorefrontReader(settings: RouterSettings(currency: euro))
        var decoder = EventDecoder()
        var event = StorefrontEvent(claimed: .never, received: .never, tieBreaker: 0, kind: .unrelated)
        let now = Instant(milliseconds: 1_780_000_000_000)
        json.withUnsafeBytes { value in
            do {
                let input = RouterInput(value: value, kafkaTime: now, clock: now, mode: .live, isOfOperator: true)
                let routed = try router.read(input)
                passedOver = routed.unreadable
                try decoder.decode(
                    routed.body, claimed: routed.claimed, received: routed.received, flags: routed.flags, into: &event)
                isTaken = decoder.refusal == nil && decoder.unknownName == nil
            } catch {
                rejection = (error as? Rejection)?.reason
            }
        }
        unreadable = decoder.unreadable
        kind = event.kind
    }
}

extension EventField {
    /// One that cannot be read makes the sum of the products unknown.
    fileprivate var taintsOthers: Bool { self == .productQuantity }

    /// A score may not be above its scale, which no schema can say.
    fileprivate var dependsOnOthers: Bool { form == .score || form == .scale }
}

extension JSONPlace {
    /// Where the field stands, in the first item of a list; nil of what is read of every event.
    fileprivate init?(_ field: EventField) {
        let steps = field.description.split(separator: ".").map { $0 == "[]" ? Step.item(0) : .member(String($0)) }
        guard steps.count > 1 else { return nil }
        self.init(steps: steps)
    }
}

extension JSONValue {
    /// The document with objects and lists around the place where there are none.
    fileprivate func ensuring(_ place: JSONPlace) -> Self {
        var document = self
        for count in place.steps.indices.dropFirst() {
            let outer = JSONPlace(steps: Array(place.steps[..<count]))
            guard document.value(at: outer) == nil else { continue }
            let isList = place.steps[count] == .item(0)
            document = document.with(isList ? [[String: Any]()] as Any : [String: Any](), at: outer)
        }
        return document
    }
}

extension EventContract: CustomTestStringConvertible {
    package var testDescription: String { fileName }
}
