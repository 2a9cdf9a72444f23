import JSONSchemas
import Testing

@testable import CustomerLifecycle
@testable import Wire

@Suite struct `A restatement` {
    @Test func `says what a change would, but not what was before and what brought it`() {
        #expect(
            SampleChange.full.restatedJSON
                == #"{"customer_id":"u:C-7","stage":"at_risk","entered_at":"2024-10-02T00:00:00.000Z","entry_count":2,"cycle":1,"phases":{"steps":"keep","old":"risk"},"policy":{"name":"default","version":3,"hash":"ab12"},"reason":{"rule":"at_risk, line 21","facts":[{"name":"silence","value":7862400000,"threshold":7776000000,"unit":"milliseconds"},{"name":"last survey","value":null,"threshold":700,"unit":"thousandths"}],"facts_count":2,"evidence":[{"kind":"order","id":"o-\"1\""}],"evidence_count":1},"forecast":{"next_stage":"dormant","at":"2025-04-02T00:00:00.000Z"},"segments":[],"segments_count":0,"orders":2,"revenue":{"amount":12345,"currency":"EUR"},"revenue_is":"exact","first_seen_at":"2023-11-14T22:13:20.000Z","first_order_at":"2024-03-09T16:00:00.000Z","last_order_at":"2024-10-02T00:00:00.000Z","acquisition":{"source":"google","campaign":null},"contactable":{"email":{"allowed":true,"basis":"news","reason":null,"updated_at":"2023-11-14T22:13:20.000Z"},"sms":{"allowed":false,"basis":null,"reason":"withdrawn","updated_at":"2023-11-14T22:13:20.000Z"}},"offer_context":{"last_order_id":"o-2","last_products":["p-1","p-2"],"last_products_count":2,"cart_id":null,"coupon":"TEN","referral_code":null},"locale":"de-DE","timezone":"Europe/Berlin","truncated":false}"#
        )
    }

    @Test(arguments: [SampleChange.full, .least])
    func `fits its closed schema`(change: SampleChange) throws {
        let schema = try JSONSchema("profile.restated.v1.json")
        #expect(schema.id == OutputType.restatement.schema)
        #expect(try schema.problems(of: change.restatedJSON) == [])
        #expect(try !schema.problems(of: change.json).isEmpty)
    }
}

@Suite struct `A stage change` {
    @Test func `is written as downstream reads it`() {
        #expect(
            SampleChange.full.json
                == #"{"customer_id":"u:C-7","previous_stage":"active","stage":"at_risk","previous_entered_at":"2024-10-02T00:00:00.000Z","seconds_in_previous_stage":7862400,"entered_at":"2025-01-01T00:00:00.000Z","entry_count":2,"cycle":1,"phases":{"steps":"keep","old":"risk"},"policy":{"name":"default","version":3,"hash":"ab12"},"reason":{"rule":"at_risk, line 21","trigger":"silence","facts":[{"name":"silence","value":7862400000,"threshold":7776000000,"unit":"milliseconds"},{"name":"last survey","value":null,"threshold":700,"unit":"thousandths"}],"facts_count":2,"evidence":[{"kind":"order","id":"o-\"1\""}],"evidence_count":1},"forecast":{"next_stage":"dormant","at":"2025-04-02T00:00:00.000Z"},"corrects":null,"late_by_seconds":null,"orders":2,"revenue":{"amount":12345,"currency":"EUR"},"revenue_is":"exact","first_seen_at":"2023-11-14T22:13:20.000Z","first_order_at":"2024-03-09T16:00:00.000Z","last_order_at":"2024-10-02T00:00:00.000Z","acquisition":{"source":"google","campaign":null},"contactable":{"email":{"allowed":true,"basis":"news","reason":null,"updated_at":"2023-11-14T22:13:20.000Z"},"sms":{"allowed":false,"basis":null,"reason":"withdrawn","updated_at":"2023-11-14T22:13:20.000Z"}},"offer_context":{"last_order_id":"o-2","last_products":["p-1","p-2"],"last_products_count":2,"cart_id":null,"coupon":"TEN","referral_code":null},"locale":"de-DE","timezone":"Europe/Berlin","truncated":false}"#
        )
    }

    @Test(arguments: [SampleChange.full, .least])
    func `fits its closed schema`(change: SampleChange) throws {
        let schema = try JSONSchema("stage.changed.v1.json")
        #expect(schema.id == OutputType.stageChange.schema)
        #expect(try schema.problems(of: change.json) == [])
    }

    @Test func `would not fit it with a member more, less, or of another type`() throws {
        let schema = try JSONSchema("stage.changed.v1.json")
        let good = SampleChange.full.json
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
        let json = SampleChange.least.json
        #expect(json.ranges(of: #"{"name":"orders""#).count == 10)
        #expect(json.contains(#""facts_count":11,"#))
        #expect(json.ranges(of: #"{"kind":"#).count == 10)
        #expect(json.contains(#""evidence_count":30}"#))
    }

    @Test func `carries its attributes as CloudEvents headers`() {
        #expect(
            SampleChange.full.headers == [
                "content-type=application/json", "ce_specversion=1.0", "ce_id=1-3-42-0", "ce_source=/lifecycle/shop1/1",
                "ce_type=lifecycle.stage.changed.v1", "ce_subject=u:C-7", "ce_time=2025-01-01T00:00:00.000Z",
                "ce_dataschema=urn:lifecycle:schemas:stage.changed.v1", "ce_partitionkey=u:C-7",
                "ce_life=3-17", "ce_sequence=0000000004",
                "ce_recordedtime=2025-01-01T00:00:01.500Z", "ce_expirytime=2025-01-04T00:00:00.000Z",
                "ce_policyversion=3",
                "ce_replaymode=live", "ce_logpartition=3", "ce_logoffset=42", "ce_logordinal=0", "ce_causationid=m-1",
            ])
    }

    @Test func `expires when the shop says so, and is otherwise the same`() {
        var change = SampleChange.full
        change.terms.actableFor = .hours(1)
        #expect(change.json == SampleChange.full.json)
        let differing = zip(change.headers, SampleChange.full.headers).filter { $0 != $1 }.map(\.0)
        #expect(differing == ["ce_expirytime=2025-01-01T01:00:00.000Z"])
    }

    @Test(arguments: [
        ("", "/lifecycle/default/1"), ("shop1.", "/lifecycle/shop1/1"), ("a_b", "/lifecycle/a_b/1"),
        (".", "/lifecycle/default/1"),
    ])
    func `names the shop it comes from`(prefix: String, source: String) {
        var change = SampleChange.full
        change.terms.prefix = prefix
        #expect(change.headers.contains("ce_source=\(source)"))
    }

    @Test func `made by time alone or in backfill says so`() {
        let headers = SampleChange.least.headers
        #expect(headers.contains("ce_causationid=review-1970-01-01T00:00:00.000Z"))
        #expect(headers.contains("ce_replaymode=backfill"))
        #expect(headers.contains("ce_source=/lifecycle/default/2"))
    }

    @Test(arguments: [
        (UInt64(0), "0000000000"), (1, "0000000001"), (99, "0000000099"), (100, "0000000100"),
        (9_999_999_999, "9999999999"), (12_345_678_901, "12345678901"),
    ])
    func `has a sequence whose text order is number order`(sequence: UInt64, text: String) {
        var change = SampleChange.full
        change.sequence = sequence
        #expect(change.headers.contains("ce_sequence=\(text)"))
    }
}

@Suite struct `A change of consent` {
    @Test func `says whether, by what right and why`() {
        let end = Instant(milliseconds: 1_743_552_000_000)
        #expect(
            SampleChange.full.consentJSON(.allowed, until: end)
                == #"{"customer_id":"u:C-7","channel":"email","purpose":"marketing","allowed":true,"basis":"news","why":"granted","changed_at":"2025-01-01T00:00:00.000Z","valid_until":"2025-04-02T00:00:00.000Z","contactable":true}"#
        )
        #expect(
            SampleChange.full.consentJSON(.expired).contains(
                #""allowed":false,"basis":null,"why":"expired","changed_at":"2025-01-01T00:00:00.000Z","valid_until":null"#
            ))
        #expect(SampleChange.full.consentJSON(.withdrawn).contains(#""why":"withdrawn""#))
        #expect(SampleChange.full.consentJSON(.neverGranted).contains(#""why":"never_granted""#))
    }

    @Test(arguments: [ConsentStanding.State.allowed, .withdrawn, .expired, .neverGranted])
    func `fits its closed schema`(state: ConsentStanding.State) throws {
        let schema = try JSONSchema("consent.changed.v1.json")
        #expect(schema.id == OutputType.consentChange.schema)
        #expect(try schema.problems(of: SampleChange.full.consentJSON(state)) == [])
        #expect(try !schema.problems(of: SampleChange.full.json).isEmpty)
    }
}

@Suite struct `A visitor who is forgotten` {
    @Test func `is told of with where it stood`() {
        #expect(
            SampleChange.full.forgottenJSON
                == #"{"customer_id":"u:C-7","previous_stage":"at_risk","entered_at":"2024-10-02T00:00:00.000Z","last_event_at":"2025-01-01T00:00:00.000Z","forgotten_at":"2025-01-01T00:00:00.000Z"}"#
        )
    }

    @Test func `fits its closed schema`() throws {
        let schema = try JSONSchema("profile.forgotten.v1.json")
        #expect(schema.id == OutputType.forgetting.schema)
        #expect(try schema.problems(of: SampleChange.full.forgottenJSON) == [])
        #expect(try !schema.problems(of: SampleChange.full.consentJSON(.allowed)).isEmpty)
    }
}

@Suite struct `A customer row` {
    @Test func `is written as downstream reads it`() {
        #expect(
            SampleRow.full.json
                == #"{"customer_id":"u:ü\n","stage":"loyal","entered_at":"1970-01-01T00:00:00.000Z","rule":"loyal, line 7","entry_count":1,"cycle":1,"sequence":1,"life":"1-2","generation":1,"phases":{},"segments":[],"segments_count":0,"forecast":{"next_stage":"at_risk","at":"1970-01-02T00:00:00.000Z"},"orders":1,"revenue":{"amount":0,"currency":"EUR"},"revenue_is":"exact","first_order_at":"1970-01-01T00:00:00.000Z","last_order_at":"1970-01-01T00:00:00.000Z","first_seen_at":"1970-01-01T00:00:00.000Z","last_seen_at":"1970-01-01T00:00:00.000Z","acquisition":null,"contactable":{"email":{"allowed":false,"basis":null,"reason":"never_granted","updated_at":"1970-01-01T00:00:00.000Z"},"sms":{"allowed":false,"basis":null,"reason":"withdrawn","updated_at":"1970-01-01T00:00:00.000Z"}},"offer_context":{"last_order_id":"o0","last_products":[],"last_products_count":0,"cart_id":null,"coupon":null,"referral_code":null},"value":{"margin":null,"acquisition_cost":0,"contact_cost":0,"total_cost":0,"net":null,"average_order":0,"currency":"EUR","contacts":0,"contacts_since_last_order":0,"referrals":null,"friends_invited":null,"rewards_granted":null},"consents":[{"channel":"email","purpose":"news","granted":true,"since":"1970-01-01T00:00:00.000Z","valid_until":"1970-01-01T00:00:00.006Z"},{"channel":"sms","purpose":"marketing","granted":false,"since":"1970-01-01T00:00:00.000Z","valid_until":null}],"consents_count":2,"policy":{"name":"p","version":1,"hash":"h"},"unmatched_credits":[{"id":"o1","at":"1970-01-01T00:00:00.002Z","amount":{"amount":-1,"currency":"EUR"}}],"unmatched_credits_count":1,"truncated":false,"log":{"partition":1,"offset":2},"as_of":"1970-01-01T00:00:00.005Z"}"#
        )
    }

    @Test(arguments: [SampleRow.full, .least])
    func `fits its closed schema`(row: SampleRow) throws {
        let schema = try JSONSchema("customer.v1.json")
        #expect(schema.id == CustomerRow.schema)
        #expect(try schema.problems(of: row.json) == [])
    }
}
