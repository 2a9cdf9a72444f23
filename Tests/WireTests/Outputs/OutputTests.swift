import CustomerLifecycle
import Testing

@testable import Wire

@Suite struct `A stage change` {
    private static let change = StageChangeOutput(
        customer: "u:C-7", sequence: 4, recorded: Instant(milliseconds: 1_735_689_601_500),
        position: LogPosition(partition: 3, offset: 42, ordinal: 0), generation: 1, prefix: "shop1.",
        causationID: "m-1",
        previousStage: "active", stage: "at_risk", previousEnteredAt: Instant(milliseconds: 1_727_827_200_000),
        enteredAt: Instant(milliseconds: 1_735_689_600_000), entryCount: 2, cycle: 1,
        policy: PolicyReference(name: "default", version: 3, hash: "ab12"),
        reason: .init(
            rule: "at_risk, line 21", trigger: .silence,
            facts: ShortList([
                FactOutput(name: "silence", value: .duration(.days(91)), threshold: .duration(.days(90))),
                FactOutput(name: "last survey", value: nil, threshold: .score(thousandths: 700)),
            ]), evidence: ShortList([EvidenceOutput(kind: "order", id: "o-\"1\"")])),
        forecast: ForecastOutput(nextStage: "dormant", at: Instant(milliseconds: 1_743_552_000_000)),
        orders: 2, revenue: euros(12_345), firstSeenAt: Instant(milliseconds: 1_700_000_000_000),
        firstOrderAt: Instant(milliseconds: 1_710_000_000_000), lastOrderAt: Instant(milliseconds: 1_727_827_200_000),
        contactable: [.init(channel: .email, isAllowed: true, updatedAt: Instant(milliseconds: 1_700_000_000_000))],
        locale: "de-DE", timeZone: "Europe/Berlin")

    private static var least: StageChangeOutput {
        StageChangeOutput(
            customer: "a:x", sequence: 1, recorded: Instant(milliseconds: 0),
            position: LogPosition(partition: 0, offset: 1, ordinal: 2), generation: 2, prefix: "",
            replayMode: .backfill,
            previousStage: nil, stage: "prospect", previousEnteredAt: nil, enteredAt: Instant(milliseconds: 0),
            entryCount: 1, cycle: 0, policy: PolicyReference(name: "p", version: 1, hash: ""),
            reason: .init(
                rule: "prospect, line 9", trigger: .event,
                facts: ShortList(first: Array(repeating: fact, count: 11), of: 30),
                evidence: ShortList((0..<11).map { EvidenceOutput(kind: "order", id: "\($0)") })),
            orders: 0, revenue: Money(minorUnits: 0, currency: currency("JPY")), isTruncated: true)
    }

    private static let fact = FactOutput(name: "orders", value: .count(1), threshold: .count(1))

    @Test func `is written as downstream reads it`() {
        #expect(
            json(Self.change)
                == #"{"customer_id":"u:C-7","previous_stage":"active","stage":"at_risk","previous_entered_at":"2024-10-02T00:00:00.000Z","entered_at":"2025-01-01T00:00:00.000Z","entry_count":2,"cycle":1,"policy":{"name":"default","version":3,"hash":"ab12"},"reason":{"rule":"at_risk, line 21","trigger":"silence","facts":[{"name":"silence","value":7862400000,"threshold":7776000000,"unit":"milliseconds"},{"name":"last survey","value":null,"threshold":700,"unit":"thousandths"}],"facts_count":2,"evidence":[{"kind":"order","id":"o-\"1\""}],"evidence_count":1},"forecast":{"next_stage":"dormant","at":"2025-04-02T00:00:00.000Z"},"corrects":null,"late_by_seconds":null,"orders":2,"revenue":{"amount":12345,"currency":"EUR"},"first_seen_at":"2023-11-14T22:13:20.000Z","first_order_at":"2024-03-09T16:00:00.000Z","last_order_at":"2024-10-02T00:00:00.000Z","contactable":{"email":{"allowed":true,"updated_at":"2023-11-14T22:13:20.000Z"}},"locale":"de-DE","timezone":"Europe/Berlin","truncated":false}"#
        )
    }

    @Test(arguments: [change, least])
    func `fits its closed schema`(change: StageChangeOutput) throws {
        let schema = try ClosedSchema("stage.changed.v1")
        #expect(schema.id == StageChangeOutput.schema)
        #expect(try schema.problems(of: json(change)) == [])
    }

    @Test func `would not fit it with a member more, less, or of another type`() throws {
        let schema = try ClosedSchema("stage.changed.v1")
        let good = json(Self.change)
        for (old, new) in [
            (#""cycle":1,"#, ""), (#""cycle":1,"#, #""cycle":1,"x":1,"#), (#""cycle":1"#, #""cycle":"1""#),
            (#""truncated":false"#, #""truncated":0"#), ("silence\",\"facts", "boredom\",\"facts"),
            (#"00.000Z","entry"#, #"00Z","entry"#),
        ] {
            let bad = good.replacing(old, with: new)
            #expect(bad != good)
            #expect(try !schema.problems(of: bad).isEmpty, "\(old) → \(new)")
        }
    }

    @Test func `lists at most ten and says how many there were`() {
        #expect(Self.least.reason.facts.elements.count == 10)
        #expect(Self.least.reason.facts.count == 30)
        #expect(Self.least.reason.evidence.elements.count == 10)
        #expect(Self.least.reason.evidence.count == 11)
    }

    @Test func `carries its attributes as CloudEvents headers`() {
        let headers = Self.change.attributes.headers.map { "\($0.name)=\($0.value)" }
        #expect(
            headers == [
                "content-type=application/json", "ce_specversion=1.0", "ce_id=1-3-42-0", "ce_source=/lifecycle/shop1/1",
                "ce_type=lifecycle.stage.changed.v1", "ce_subject=u:C-7", "ce_time=2025-01-01T00:00:00.000Z",
                "ce_dataschema=urn:lifecycle:schemas:stage.changed.v1", "ce_partitionkey=u:C-7",
                "ce_sequence=0000000004",
                "ce_recordedtime=2025-01-01T00:00:01.500Z", "ce_expirytime=2025-01-04T00:00:00.000Z",
                "ce_policyversion=3",
                "ce_replaymode=live", "ce_logpartition=3", "ce_logoffset=42", "ce_logordinal=0", "ce_causationid=m-1",
            ])
    }

    @Test(arguments: [
        ("", "/lifecycle/default/1"), ("shop1.", "/lifecycle/shop1/1"), ("a_b", "/lifecycle/a_b/1"),
        (".", "/lifecycle/default/1"),
    ])
    func `names the shop it comes from`(prefix: String, source: String) {
        var change = Self.change
        change.prefix = prefix
        #expect(change.attributes.source == source)
    }

    @Test func `without a cause or in backfill says so`() {
        let headers = Self.least.attributes.headers
        #expect(!headers.contains { $0.name == "ce_causationid" })
        #expect(headers.contains { $0.name == "ce_replaymode" && $0.value == "backfill" })
        #expect(headers.contains { $0.name == "ce_source" && $0.value == "/lifecycle/default/2" })
    }

    private func json(_ change: StageChangeOutput) -> String {
        var json = JSONWriter()
        change.write(to: &json)
        return json.text
    }
}

@Suite struct `A customer row` {
    static let full = CustomerRow(
        customer: "u:ü\n", stage: "loyal", enteredAt: Instant(milliseconds: 0), rule: "loyal, line 7", entryCount: 1,
        cycle: 2, sequence: 9, phases: [.init(vocabulary: "five_steps", name: "retain")],
        segments: ShortList(["big_spender"]),
        forecast: ForecastOutput(nextStage: "at_risk", at: Instant(milliseconds: 86_400_000)), orders: 3,
        revenue: euros(-1), firstOrderAt: Instant(milliseconds: 0), lastOrderAt: Instant(milliseconds: 0),
        firstSeenAt: Instant(milliseconds: 0), lastSeenAt: Instant(milliseconds: 0),
        consents: ShortList([
            .init(channel: .sms, purpose: "marketing", isGranted: false, since: Instant(milliseconds: 0)),
            .init(
                channel: .email, purpose: "news", isGranted: true, since: Instant(milliseconds: 0),
                validUntil: Instant(milliseconds: 1)),
        ]), policy: PolicyReference(name: "p", version: 1, hash: "h"), logPartition: 1, logOffset: 2,
        asOf: Instant(milliseconds: 5))

    private static let least = CustomerRow(
        customer: "a:x", stage: "prospect", enteredAt: Instant(milliseconds: 0), rule: "prospect, line 9",
        entryCount: 1,
        cycle: 0, sequence: 0, orders: 0, revenue: euros(0), policy: PolicyReference(name: "p", version: 1, hash: "h"),
        logPartition: 0, logOffset: 0, asOf: Instant(milliseconds: 0))

    @Test func `is written as downstream reads it`() {
        #expect(
            json(Self.full)
                == #"{"customer_id":"u:ü\n","stage":"loyal","entered_at":"1970-01-01T00:00:00.000Z","rule":"loyal, line 7","entry_count":1,"cycle":2,"sequence":9,"phases":{"five_steps":"retain"},"segments":["big_spender"],"segments_count":1,"forecast":{"next_stage":"at_risk","at":"1970-01-02T00:00:00.000Z"},"orders":3,"revenue":{"amount":-1,"currency":"EUR"},"first_order_at":"1970-01-01T00:00:00.000Z","last_order_at":"1970-01-01T00:00:00.000Z","first_seen_at":"1970-01-01T00:00:00.000Z","last_seen_at":"1970-01-01T00:00:00.000Z","consents":[{"channel":"sms","purpose":"marketing","granted":false,"since":"1970-01-01T00:00:00.000Z","valid_until":null},{"channel":"email","purpose":"news","granted":true,"since":"1970-01-01T00:00:00.000Z","valid_until":"1970-01-01T00:00:00.001Z"}],"consents_count":2,"policy":{"name":"p","version":1,"hash":"h"},"truncated":false,"log":{"partition":1,"offset":2},"as_of":"1970-01-01T00:00:00.005Z"}"#
        )
    }

    @Test(arguments: [full, least])
    func `fits its closed schema`(row: CustomerRow) throws {
        let schema = try ClosedSchema("customer.v1")
        #expect(schema.id == CustomerRow.schema)
        #expect(try schema.problems(of: json(row)) == [])
    }

    private func json(_ row: CustomerRow) -> String {
        var json = JSONWriter()
        row.write(to: &json)
        return json.text
    }
}
