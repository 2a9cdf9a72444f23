@testable import CustomerLifecycle
@testable import Wire

/// A stage change as a fold could give it, with the terms of its policy.
struct SampleChange: Sendable {
    var terms: OutputTerms
    var subject: String
    var sequence: UInt64
    var from: Int?
    var time: Instant
    var previousSince: Instant?
    var position: OutputPosition
    var trigger: StageChange.Trigger
    var isBackfill: Bool
    var recorded: Instant
    var messageID: String
    var description: ChangeDescription

    static var full: SampleChange {
        var description = ChangeDescription()
        description.orders = OrderSummary(
            .of([
                (Instant(milliseconds: 1_710_000_000_000), euros(10_000)),
                (Instant(milliseconds: 1_727_827_200_000), euros(2_345)),
            ]), under: .inEuros)
        description.firstSeen = Instant(milliseconds: 1_700_000_000_000)
        description.findings = [
            .init(node: 0, value: Milliseconds.days(91).count, threshold: Milliseconds.days(90).count),
            .init(node: 1, value: nil, threshold: 700),
        ]
        description.evidence = BusinessID("o-\"1\"").map { [.init(kind: .order, id: $0)] } ?? []
        description.evidenceCount = 1
        description.forecast = .init(stage: 2, at: Instant(milliseconds: 1_743_552_000_000))
        description.contactable = [
            .init(
                channel: .email,
                consent: .init(
                    channel: .email, purpose: Facts.marketing, state: .allowed, basis: BusinessID("news"),
                    until: .never,
                    since: .distantPast),
                hasBounced: false, updatedAt: Instant(milliseconds: 1_700_000_000_000)),
            .init(
                channel: .sms,
                consent: .init(
                    channel: .sms, purpose: Facts.marketing, state: .withdrawn, basis: nil, until: .never,
                    since: .distantPast),
                hasBounced: true, updatedAt: Instant(milliseconds: 1_700_000_000_000)),
        ]
        description.acquisition = BusinessID("google").map {
            Acquisition(source: Label(text: $0, hash: 1), campaign: nil)
        }
        description.offer.lastOrder = BusinessID("o-2")
        for id in ["p-1", "p-2"] { Array(id.utf8).withUnsafeBytes { description.offer.lastProducts.append($0) } }
        description.offer.coupon = BusinessID("TEN")
        description.locale = BusinessID("de-DE")
        description.timeZone = BusinessID("Europe/Berlin")
        return SampleChange(
            terms: OutputTerms(
                prefix: "shop1.", partition: 3, generation: 1,
                policy: PolicyReference(name: "default", version: 3, hash: "ab12"), currency: currency("EUR"),
                stages: ["active", "at_risk", "dormant"],
                phases: [[("steps", "keep")], [("steps", "keep"), ("old", "risk")], []],
                policyStages: ["active", "at_risk", "dormant"],
                rules: ["at_risk, line 21"],
                facts: [
                    .init(name: "silence", unit: .duration, threshold: Milliseconds.days(90).count),
                    .init(name: "last survey", unit: .score),
                ]),
            subject: "u:C-7", sequence: 4, from: 0, time: Instant(milliseconds: 1_735_689_600_000),
            previousSince: Instant(milliseconds: 1_727_827_200_000), position: OutputPosition(offset: 42, ordinal: 0),
            trigger: .silence, isBackfill: false, recorded: Instant(milliseconds: 1_735_689_601_500), messageID: "m-1",
            description: description)
    }

    static var least: SampleChange {
        var description = ChangeDescription()
        description.findings = Array(repeating: .init(node: 0, value: 1, threshold: 1), count: 11)
        description.evidence = (0..<10).compactMap { BusinessID("\($0)") }.map { .init(kind: .order, id: $0) }
        description.evidenceCount = 30
        description.isTruncated = true
        return SampleChange(
            terms: OutputTerms(
                prefix: "", partition: 0, generation: 2, policy: PolicyReference(name: "p", version: 1, hash: ""),
                currency: currency("JPY"), stages: ["lead", "prospect"], phases: [[], []], policyStages: ["prospect"],
                rules: ["prospect, line 9"], facts: [.init(name: "orders", unit: .count, threshold: 1)]),
            subject: "a:x", sequence: 1, from: nil, time: Instant(milliseconds: 0), previousSince: nil,
            position: OutputPosition(offset: 1, ordinal: 2), trigger: .event, isBackfill: true,
            recorded: Instant(milliseconds: 0), messageID: "", description: description)
    }

    var json: String { encoded { String(decoding: $0.value, as: UTF8.self) } }

    /// The same standing said again.
    var restatedJSON: String {
        let standing = Restatement(stage: 1, rule: 0, since: previousSince ?? time, entryCount: 2)
        return encoded(.restatement(standing)) { String(decoding: $0.value, as: UTF8.self) }
    }

    /// A consent of the same customer.
    func consentJSON(_ state: ConsentStanding.State, until: Instant = .never) -> String {
        let standing = ConsentStanding(
            channel: .email, purpose: Facts.marketing, state: state,
            basis: state == .allowed ? BusinessID("news") : nil, until: until, since: .distantPast)
        var told = self
        told.description.consent = standing
        let change = PublishedConsent(channel: .email, purpose: standing.purpose.digest, state: state)
        return told.encoded(.consentChange(change)) { String(decoding: $0.value, as: UTF8.self) }
    }

    /// The same customer, forgotten.
    var forgottenJSON: String {
        let forgetting = Forgetting(stage: 1, since: previousSince ?? time, lastEvent: time)
        return encoded(.forgetting(forgetting)) { String(decoding: $0.value, as: UTF8.self) }
    }

    /// The headers as `name=value`, in their order.
    var headers: [String] { encoded { TextHeaders.read($0.headers) } }

    private func encoded<Result>(_ output: Output? = nil, _ body: (OutputEncoder) -> Result) -> Result {
        let encoder = OutputEncoder(terms, packHeaders: TextHeaders.pack)
        let head = OutputHead(
            subject: 0..<0, sequence: sequence, life: 17, time: time, position: position, isBackfill: isBackfill)
        let change = StageChange(
            from: from, to: 1, rule: 0, previousSince: previousSince, previous: nil,
            entryCount: from == nil ? 1 : 2, trigger: trigger, lateBy: nil)
        Array(subject.utf8).withUnsafeBytes { subject in
            Array(messageID.utf8).withUnsafeBytes { id in
                encoder.encode(
                    output ?? .stageChange(change), head, description, of: subject,
                    cause: OutputCause(recorded: recorded, messageID: id))
            }
        }
        return body(encoder)
    }
}

/// A customer as a fold could give it.
struct SampleRow: Sendable {
    let subject: String
    let facts: Facts
    let forecast: ChangeDescription.Forecast?
    let partition: Int
    let position: OutputPosition
    let at: Instant

    static var full: SampleRow {
        var facts = Facts()
        facts.ownFirstSeen = Instant(milliseconds: 0)
        facts.ownLastSeen = Instant(milliseconds: 0)
        facts.orders = .of([(Instant(milliseconds: 0), euros(0)), (Instant(milliseconds: 2), euros(-1))])
        let stamp = Stamp(time: Instant(milliseconds: 0), tieBreaker: 1)
        if let news = BusinessID("news") {
            var consent = Consent(channel: .email, purpose: news)
            consent.granted = Register(
                Consent.Grant(validUntil: Instant(milliseconds: 6), isMarketing: false), stamp: stamp)
            facts.consents.append(consent)
        }
        var withdrawn = Consent(channel: .sms, purpose: Facts.marketing)
        withdrawn.withdrawn = stamp.time
        facts.consents.append(withdrawn)
        return SampleRow(
            subject: "u:\u{FC}\n", facts: facts,
            forecast: .init(stage: 1, at: Instant(milliseconds: 86_400_000)), partition: 1,
            position: OutputPosition(offset: 2, ordinal: 0), at: Instant(milliseconds: 5))
    }

    static var least: SampleRow {
        SampleRow(
            subject: "a:x", facts: Facts(), forecast: nil, partition: 0,
            position: OutputPosition(offset: 0, ordinal: 0), at: Instant(milliseconds: 0))
    }

    var json: String {
        let terms = OutputTerms(
            prefix: "", partition: partition, generation: 1,
            policy: PolicyReference(name: "p", version: 1, hash: "h"), currency: currency("EUR"),
            stages: ["loyal"], phases: [[]], policyStages: ["loyal", "at_risk"], rules: ["loyal, line 7"], facts: [])
        let encoder = OutputEncoder(terms, packHeaders: TextHeaders.pack)
        var said = Said()
        said.epoch = Epoch(policyNumber: 1, generation: 1)
        said.publish(stage: 0, rule: 0, at: Instant(milliseconds: 0), position: position)
        let judge = Judge(facts, under: .inEuros)
        Array(subject.utf8).withUnsafeBytes { encoder.encode(judge, said, forecast, of: $0, at: at) }
        return String(decoding: encoder.value, as: UTF8.self)
    }
}

/// Headers packed so that a test can read them: length of the value, name, `=`, value.
enum TextHeaders {
    static func pack(_ headers: [(name: String, value: String?)]) -> [(bytes: [UInt8], lengthDistance: Int)] {
        var pieces: [(bytes: [UInt8], lengthDistance: Int)] = []
        var piece: [UInt8] = []
        for header in headers {
            let text = Array("\(header.name)=".utf8)
            let value = Array((header.value ?? "").utf8)
            piece += [UInt8(value.count), 0, 0, 0] + text + value
            guard header.value == nil else { continue }
            pieces.append((piece, 4 + text.count))
            piece = []
        }
        return pieces + [(piece, 0)]
    }

    static func read(_ bytes: UnsafeRawBufferPointer) -> [String] {
        var headers: [String] = []
        var rest = bytes[...]
        while let count = rest.first {
            rest = rest.dropFirst(4)
            let name = rest.prefix { $0 != UInt8(ascii: "=") }
            headers.append(String(decoding: rest.prefix(name.count + 1 + Int(count)), as: UTF8.self))
            rest = rest.dropFirst(name.count + 1 + Int(count))
        }
        return headers
    }
}

extension OrderList {
    fileprivate static func of(_ orders: [(placed: Instant, value: Money)]) -> OrderList {
        var list = OrderList()
        for (number, given) in orders.enumerated() {
            guard let id = BusinessID("o\(number)") else { continue }
            var order = Order(id: id)
            order.reported.placed = given.placed
            order.reported.value = OrderField(
                given.value, isUpdate: false, stamp: Stamp(time: given.placed, tieBreaker: 0))
            list.insert(order)
        }
        return list
    }
}

extension Policy {
    fileprivate static var inEuros: Policy {
        Policy(
            name: "p", currency: euros(0).currency, stages: ["a"], rules: [Rule(stage: 0, condition: nil, line: 1)],
            nodes: [])
    }
}
