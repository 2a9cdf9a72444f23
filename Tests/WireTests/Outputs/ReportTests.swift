import CustomerLifecycle
import Testing

@testable import Wire

@Suite struct `A report` {
    private let epoch = Instant(milliseconds: 0)

    @Test func `of stages keeps the policy's order`() {
        var report = StagesReport(
            asOf: epoch, readUpTo: Instant(milliseconds: 5),
            stages: [.init(name: "won_back", count: 0), .init(name: "active", count: 7, visitorCount: 3)],
            transitions: [.init(from: nil, to: "active", count: 8), .init(from: "active", to: "won_back", count: 1)],
            behind: 2)
        report.segments = [.init(name: "big", count: 2, enteredCount: 3, leftCount: 1)]
        report.policy = PolicyReference(name: "p", version: 2, hash: "h")
        report.orders.kept = 9
        report.orders.unvalued = 2
        report.orders.inOtherCurrencies = [currency("USD"): 3, currency("GBP"): 1]
        report.currency = currency("EUR")
        report.notes = ["a note"]
        #expect(
            report.json
                == #"{"as_of":"1970-01-01T00:00:00.000Z","read_up_to":"1970-01-01T00:00:00.005Z","stages":{"won_back":0,"active":7},"transitions":{"none->active":8,"active->won_back":1},"segments":{"big":{"customers":2,"entered":3,"left":1}},"behind":2,"known_customers":4,"anonymous_visitors":3,"visitors_by_stage":{"won_back":0,"active":3},"orders":9,"orders_without_value":2,"orders_with_unknown_refunds":0,"orders_in_other_currencies":{"GBP":1,"USD":3},"truncated_customers":0,"currency":"EUR","policy":{"name":"p","version":2,"hash":"h"},"policy_then":null,"policy_now":null,"notes":["a note"]}"#
        )
    }

    @Test func `of an empty log has no time`() {
        #expect(
            StagesReport(asOf: nil, readUpTo: nil, stages: [], transitions: [], behind: 0).json
                == #"{"as_of":null,"read_up_to":null,"stages":{},"transitions":{},"segments":{},"behind":0,"known_customers":0,"anonymous_visitors":0,"visitors_by_stage":{},"orders":0,"orders_without_value":0,"orders_with_unknown_refunds":0,"orders_in_other_currencies":{},"truncated_customers":0,"currency":null,"policy":null,"policy_then":null,"policy_now":null,"notes":[]}"#
        )
    }

    @Test func `of a digest names what it covers`() {
        #expect(
            DigestReport(asOf: epoch, digest: "00ff", subjects: 3, foldVersion: 1).json
                == #"{"as_of":"1970-01-01T00:00:00.000Z","digest":"00ff","subjects":3,"fold_version":1}"#)
    }

    @Test func `of an import lists the first hundred bad lines and counts all`() {
        var report = ImportReport(file: "orders \"2024\".csv", rows: 250, appended: 99, alreadyThere: 1)
        report.unreadable = ["total": 1_204, "currency": 2]
        for line in 1...150 { report.reject(.init(line: line, field: "amount", expected: "a number", found: "ten")) }
        #expect(report.rejectedLines.count == 100)
        #expect(
            report.json.hasPrefix(
                #"{"file":"orders \"2024\".csv","rows":250,"appended":99,"already_there":1,"unreadable_fields":{"currency":2,"total":1204},"rejected":150,"rejected_lines":[{"line":1,"field":"amount","expected":"a number","found":"ten"},"#
            ))
        #expect(
            report.json.hasSuffix(
                #"{"line":100,"field":"amount","expected":"a number","found":"ten"}],"passed_over":0,"unknown_events":{},"other_unknown_events":0,"credits":0,"unmatched_credits":[],"unmatched_credits_count":0,"notes":[],"dry_run":false,"imported_before":false,"follows_closed_history":false}"#
            ))
    }

    @Test func `of customers holds their rows`() {
        let json = SampleRow.full.json
        let row = CustomerRow(
            customer: "u:1", stage: "active", enteredAt: epoch, orders: 1, revenue: euros(1), lastOrderAt: nil,
            forecast: nil, json: Array(json.utf8))
        #expect(
            CustomersReport(asOf: nil, rows: [row, row], count: 12).json
                == #"{"as_of":null,"customers":[\#(json),\#(json)],"count":12,"shown":2}"#)
    }

    @Test func `of one customer explains the stage`() {
        let fact = FactOutput(name: "silence", value: .duration(.days(1)), threshold: .duration(.days(90)))
        var report = ExplainReport(
            customer: "u:1", asOf: epoch, stage: "active", since: epoch, rule: "orders >= 2", ruleLine: 12,
            findings: [.init(fact: fact, phrase: "silence is 1 day")],
            evidence: ShortList([.init(kind: "order", id: "o")]),
            timeline: [
                .init(
                    at: epoch, kind: .event, text: "order o", position: LogPosition(partition: 0, offset: 1, ordinal: 0)
                ),
                .init(at: epoch, kind: .change, text: "prospect → active"),
            ], forecast: nil)
        report.pending = [
            .init(
                key: "hello/hi/o-1", startedAt: epoch, plannedAt: epoch, expiresAt: epoch + .days(3),
                nextAt: epoch + .days(1), held: "frequency")
        ]
        report.segments = [.init(name: "big", since: epoch, entryCount: 2, phrases: ["orders is 9"])]
        #expect(
            report.json
                == #"{"customer_id":"u:1","as_of":"1970-01-01T00:00:00.000Z","stage":"active","since":"1970-01-01T00:00:00.000Z","rule":{"text":"orders >= 2","line":12},"findings":[{"name":"silence","value":86400000,"threshold":7776000000,"unit":"milliseconds","phrase":"silence is 1 day"}],"evidence":[{"kind":"order","id":"o"}],"evidence_count":1,"timeline":[{"at":"1970-01-01T00:00:00.000Z","kind":"event","text":"order o","log":{"partition":0,"offset":1}},{"at":"1970-01-01T00:00:00.000Z","kind":"change","text":"prospect → active","log":null}],"forecast":null,"pending":[{"action_key":"hello/hi/o-1","started_at":"1970-01-01T00:00:00.000Z","planned_at":"1970-01-01T00:00:00.000Z","expires_at":"1970-01-04T00:00:00.000Z","next_at":"1970-01-02T00:00:00.000Z","held":"frequency"}],"segments":[{"segment":"big","since":"1970-01-01T00:00:00.000Z","entry_count":2,"findings":["orders is 9"]}],"unmatched_credits":[],"unmatched_credits_count":0,"revenue":null,"revenue_is":"exact","orders_without_value":0,"orders_with_unknown_refunds":0,"truncated":false,"deletion_request":null}"#
        )
    }

    @Test func `of a policy says where it is wrong`() {
        let wrong = PolicyReport(
            file: "shop.yaml", errors: [.init(line: 6, column: 11, message: #"unknown word "oders""#)],
            notes: [.init(line: 4, column: 5, message: "note")])
        #expect(
            wrong.json
                == #"{"ok":false,"file":"shop.yaml","errors":[{"line":6,"column":11,"message":"unknown word \"oders\""}],"notes":[{"line":4,"column":5,"message":"note"}],"name":null,"hash":null,"stages":[],"rules":[]}"#
        )
        let right = PolicyReport(
            file: "shop.yaml", errors: [], notes: [], name: "p", hash: "h", stages: ["a"],
            rules: [.init(stage: "a", line: 3, text: "otherwise")])
        #expect(
            right.json
                == #"{"ok":true,"file":"shop.yaml","errors":[],"notes":[],"name":"p","hash":"h","stages":["a"],"rules":[{"stage":"a","line":3,"text":"otherwise"}]}"#
        )
    }

    @Test func `of a policy gives each rule its example, or says why there is none`() {
        let report = PolicyReport(
            file: "shop.yaml", errors: [], notes: [],
            rules: [
                .init(
                    stage: "a", line: 3, text: "orders = 1",
                    example: .found(asOf: Instant(milliseconds: 5), history: [.init(at: epoch, text: "first order")])),
                .init(stage: "b", line: 4, text: "otherwise", example: .none(because: "no reason")),
            ])
        #expect(
            report.json.hasSuffix(
                #""rules":[{"stage":"a","line":3,"text":"orders = 1","example":{"as_of":"1970-01-01T00:00:00.005Z","#
                    + #""history":[{"at":"1970-01-01T00:00:00.000Z","text":"first order"}]}},"#
                    + #"{"stage":"b","line":4,"text":"otherwise","example":{"not_found":"no reason"}}]}"#))
    }

    @Test(arguments: [
        (FactOutputValue.count(3), "3", "count"), (.money(minorUnits: -5), "-5", "minor_units"),
        (.score(thousandths: 800), "800", "thousandths"),
        (.instant(Instant(milliseconds: 0)), #""1970-01-01T00:00:00.000Z""#, "instant"), (.flag(true), "true", "flag"),
        (.label("x"), #""x""#, "label"), (.duration(.seconds(1)), "1000", "milliseconds"),
    ])
    func `gives a fact's value with its unit`(value: FactOutputValue, written: String, unit: String) {
        var json = JSONWriter()
        json.beginObject()
        FactOutput(name: "f", value: value, threshold: nil).writeMembers(to: &json)
        json.endObject()
        #expect(json.text == #"{"name":"f","value":\#(written),"threshold":null,"unit":"\#(unit)"}"#)
    }
}
