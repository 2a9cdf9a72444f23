import CustomerLifecycle
import Testing

@testable import Wire

@Suite struct `A change read back for people` {
    private static func read(_ bytes: [UInt8]) -> ChangeNotice? {
        var reader = ChangeNoticeReader()
        return (bytes + [UInt8](repeating: 0, count: 64)).withUnsafeBytes {
            reader.read(UnsafeRawBufferPointer(rebasing: $0[..<bytes.count]))
        }
    }

    @Test func `says what was written, each kind of value in its own type`() throws {
        let facts = [
            FactOutput(name: "silence", value: .duration(.days(91)), threshold: .duration(.days(90))),
            FactOutput(name: "revenue", value: .money(minorUnits: -5), threshold: .money(minorUnits: 10)),
            FactOutput(name: "last survey", value: nil, threshold: .score(thousandths: 700)),
            FactOutput(name: "known since", value: .instant(Instant(milliseconds: 86_400_000)), threshold: nil),
            FactOutput(name: "identified", value: .flag(true), threshold: nil),
            FactOutput(name: "orders", value: .count(.max), threshold: .count(2)),
            FactOutput(name: "named \"it\"", value: .label("a\\b\u{1F600}"), threshold: nil),
        ]
        let evidence = ShortList(first: [EvidenceOutput(kind: "order", id: "o-\"1\"")], of: 7)
        let json = #"""
            {"customer_id":"u:C-\#u{E9}","previous_stage":"active","stage":"at_risk","previous_entered_at":null,
            "entered_at":"1970-01-01T00:00:00.001Z","reason":{"rule":"at_risk, line 21","trigger":"correction","facts":[
            {"name":"silence","value":7862400000,"threshold":7776000000,"unit":"milliseconds"},
            {"name":"revenue","value":-5,"threshold":10,"unit":"minor_units"},
            {"name":"last survey","value":null,"threshold":700,"unit":"thousandths"},
            {"name":"known since","value":"1970-01-02T00:00:00.000Z","threshold":null,"unit":"instant"},
            {"name":"identified","value":true,"threshold":null,"unit":"flag"},
            {"name":"orders","value":9223372036854775807,"threshold":2,"unit":"count"},
            {"name":"named \"it\"","value":"a\\b\#u{1F600}","threshold":null,"unit":"label"}],"facts_count":7,
            "evidence":[{"kind":"order","id":"o-\"1\""}],"evidence_count":7},"late_by_seconds":90,
            "revenue":{"amount":1,"currency":"EUR"}}
            """#
        let notice = try #require(Self.read(Array(json.utf8)))
        #expect(
            notice
                == ChangeNotice(
                    customer: "u:C-\u{E9}", previousStage: "active", stage: "at_risk",
                    enteredAt: Instant(milliseconds: 1), rule: "at_risk, line 21", trigger: .correction, facts: facts,
                    evidence: evidence, lateBySeconds: 90, currency: currency("EUR")))
    }

    @Test(arguments: ["", "{", "[]", "{}", "{\"customer_id\":\"u:x\",\"stage\":\"new\"}", "{\"customer_id\":1}"])
    func `is none where the value is no change of ours`(text: String) {
        #expect(Self.read(Array(text.utf8)) == nil)
    }

    @Test func `in the structured mode has attributes by their names and its value as it was`() {
        let headers = [
            CloudEvent.Header(name: "content-type", value: "application/json"),
            CloudEvent.Header(name: "ce_id", value: "1-0-4-0"), CloudEvent.Header(name: "trace", value: "x"),
        ]
        Array("{\"a\":1}".utf8).withUnsafeBytes { data in
            #expect(
                CloudEvent.structured(headers: headers, data: data)
                    == #"{"datacontenttype":"application/json","id":"1-0-4-0","data":{"a":1}}"#)
        }
    }
}
