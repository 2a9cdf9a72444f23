import CustomerLifecycle
import Testing

@testable import Wire

@Suite struct `A published change` {
    private static var change: StageChangeOutput {
        StageChangeOutput(
            customer: "u:C-7", sequence: 4, recorded: Instant(milliseconds: 1_735_689_601_500),
            position: LogPosition(partition: 3, offset: 42, ordinal: 0), generation: 1, prefix: "shop1.",
            causationID: "m-1", previousStage: "active", stage: "at_risk",
            previousEnteredAt: Instant(milliseconds: 1_727_827_200_000),
            enteredAt: Instant(milliseconds: 1_735_689_600_000), entryCount: 2, cycle: 1,
            policy: PolicyReference(name: "default", version: 3, hash: "ab12"),
            reason: .init(
                rule: "at_risk, line 21", trigger: .silence, facts: ShortList(facts),
                evidence: ShortList(first: [EvidenceOutput(kind: "order", id: "o-\"1\"")], of: 12)),
            orders: 2, revenue: euros(12_345))
    }

    /// One of each unit.
    private static let facts = [
        FactOutput(name: "silence", value: .duration(.days(91)), threshold: .duration(.days(90))),
        FactOutput(name: "last survey", value: nil, threshold: .score(thousandths: 700)),
        FactOutput(name: "orders", value: .count(2), threshold: .count(3)),
        FactOutput(name: "revenue", value: .money(minorUnits: -12_345), threshold: nil),
        FactOutput(name: "identified", value: .flag(true), threshold: nil),
        FactOutput(name: "last seen", value: .instant(Instant(milliseconds: 1_700_000_000_000)), threshold: nil),
        FactOutput(name: "country", value: .label("NZ"), threshold: nil),
    ]

    private func read(_ json: String) -> ChangeNotice? {
        var reader = ChangeNoticeReader()
        let bytes = Array(json.utf8) + [UInt8](repeating: 0, count: 64)
        return bytes.withUnsafeBytes { reader.read(UnsafeRawBufferPointer(rebasing: $0.dropLast(64))) }
    }

    private func json(_ change: StageChangeOutput) -> String {
        var json = JSONWriter()
        change.write(to: &json)
        return json.text
    }

    @Test func `is read as it was written`() throws {
        let notice = try #require(read(json(Self.change)))
        #expect(notice.customer == "u:C-7")
        #expect(notice.previousStage == "active" && notice.stage == "at_risk")
        #expect(notice.enteredAt == Instant(milliseconds: 1_735_689_600_000))
        #expect(notice.rule == "at_risk, line 21" && notice.trigger == .silence)
        #expect(notice.facts == Self.facts)
        #expect(notice.evidence == ShortList(first: [EvidenceOutput(kind: "order", id: "o-\"1\"")], of: 12))
        #expect(notice.lateBySeconds == nil)
        #expect(notice.currency == Currency("EUR".utf8))
    }

    @Test(arguments: ["", "{}", "[]", "{\"customer_id\":\"u:1\",\"stage\":\"new\"}", "nonsense"])
    func `that is none is nobody's notice`(text: String) {
        #expect(read(text) == nil)
    }

    @Test func `as one object has its attributes beside its data`() {
        let data = Array(#"{"stage":"new"}"#.utf8)
        let text = data.withUnsafeBytes { data in
            CloudEvent.structured(
                headers: [
                    .init(name: "content-type", value: "application/json"), .init(name: "ce_id", value: "1-3-42-0"),
                    .init(name: "other", value: "x"),
                ], data: data)
        }
        #expect(text == #"{"datacontenttype":"application/json","id":"1-3-42-0","data":{"stage":"new"}}"#)
        #expect(CloudEvent.structured(headers: [], data: nil) == #"{"data":null}"#)
    }
}
