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
        let change = StageChangeOutput(
            customer: "u:C-\u{E9}", sequence: 4, recorded: Instant(milliseconds: 2),
            position: LogPosition(partition: 3, offset: 42, ordinal: 0), generation: 1, prefix: "",
            previousStage: "active", stage: "at_risk", previousEnteredAt: nil, enteredAt: Instant(milliseconds: 1),
            entryCount: 2, cycle: 1, policy: PolicyReference(name: "p", version: 3, hash: "ab"),
            reason: .init(
                rule: "at_risk, line 21", trigger: .correction, facts: ShortList(facts), evidence: evidence),
            lateBySeconds: 90, orders: 2, revenue: euros(1))
        var json = JSONWriter()
        change.write(to: &json)
        let notice = try #require(Self.read(json.bytes))
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
