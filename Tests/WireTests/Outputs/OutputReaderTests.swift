import CustomerLifecycle
import Testing

@testable import Wire

@Suite struct `An output read back` {
    /// Reads headers as `name=value`, as `SampleChange` gives them.
    private static func headers(_ texts: [String]) -> OutputHeaders {
        var headers = OutputHeaders()
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            Array(parts[0].utf8).withUnsafeBytes { name in
                Array(parts[1].utf8).withUnsafeBytes { headers.add(name, $0) }
            }
        }
        return headers
    }

    private static func read(
        _ json: String, key: String = "u:C-7", headers: [String] = SampleChange.full.headers
    ) throws(UnreadableOutput) -> PublishedOutput? {
        var reader = OutputReader()
        let bytes = Array(json.utf8) + [UInt8](repeating: 0, count: 64)
        let gathered = Self.headers(headers)
        let result: Result<PublishedOutput?, UnreadableOutput> = bytes.withUnsafeBytes { value in
            Array(key.utf8).withUnsafeBytes { key in
                do throws(UnreadableOutput) {
                    return .success(
                        try reader.read(UnsafeRawBufferPointer(rebasing: value.dropLast(64)), key: key, gathered))
                } catch {
                    return .failure(error)
                }
            }
        }
        return try result.get()
    }

    private static func problem(
        _ json: String = SampleChange.full.json, key: String = "u:C-7", headers: [String] = SampleChange.full.headers
    ) -> String? {
        do throws(UnreadableOutput) {
            _ = try read(json, key: key, headers: headers)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `says what was encoded`() throws {
        let output = try #require(try Self.read(SampleChange.full.json))
        #expect(
            output.head
                == PublishedOutput.Head(
                    id: "1-3-42-0", customer: "u:C-7", life: "3-17", time: Instant(milliseconds: 1_735_689_600_000),
                    sequence: 4,
                    recorded: Instant(milliseconds: 1_735_689_601_500), isBackfill: false,
                    position: LogPosition(partition: 3, offset: 42, ordinal: 0)))
        let silence = FactOutput(name: "silence", value: .duration(.days(91)), threshold: .duration(.days(90)))
        let survey = FactOutput(name: "last survey", value: nil, threshold: .score(thousandths: 700))
        var standing = PublishedStanding(
            stage: "at_risk", enteredAt: Instant(milliseconds: 1_735_689_600_000), entryCount: 2, cycle: 1,
            rule: "at_risk, line 21", facts: [silence, survey],
            evidence: ShortList(first: [EvidenceOutput(kind: "order", id: "o-\"1\"")], of: 1), segments: [], orders: 2,
            revenue: 12_345, currency: currency("EUR"), revenueBound: .exact)
        #expect(
            output.content
                == .stageChange(
                    PublishedStageChange(
                        previousStage: "active", previousEnteredAt: Instant(milliseconds: 1_727_827_200_000),
                        standing: standing, trigger: .silence, corrects: nil, lateBySeconds: nil)))
        // The same standing, said again, since the change before.
        let headers = SampleChange.full.headers.map { $0.replacing("stage.changed", with: "profile.restated") }
        let again = try Self.read(SampleChange.full.restatedJSON, key: "u:C-7", headers: headers)
        standing.enteredAt = Instant(milliseconds: 1_727_827_200_000)
        #expect(again?.content == .restatement(standing))
    }

    @Test func `says it of the least there can be as well`() throws {
        let output = try #require(
            try Self.read(SampleChange.least.json, key: "a:x", headers: SampleChange.least.headers))
        #expect(output.head.isBackfill && output.head.sequence == 1)
        guard case .stageChange(let change) = output.content else {
            Issue.record("\(output.content)")
            return
        }
        #expect(change.previousStage == nil && change.previousEnteredAt == nil && change.standing.evidence.count == 30)
    }

    @Test func `has each kind of value in its own type`() throws {
        let facts = #"""
            {"name":"revenue","value":-5,"threshold":10,"unit":"minor_units"},
            {"name":"known since","value":"1970-01-02T00:00:00.000Z","threshold":null,"unit":"instant"},
            {"name":"identified","value":true,"threshold":null,"unit":"flag"},
            {"name":"orders","value":9223372036854775807,"threshold":2,"unit":"count"},
            {"name":"named \"it\"","value":"a\\b\#u{1F600}","threshold":null,"unit":"label"}
            """#
        let json = SampleChange.full.json.replacing(
            /"facts":\[.*?\],"facts_count"/, with: #""facts":[\#(facts)],"facts_count""#)
        guard case .stageChange(let change) = try #require(try Self.read(json)).content else {
            Issue.record("no change of stage")
            return
        }
        #expect(
            change.standing.facts == [
                FactOutput(name: "revenue", value: .money(minorUnits: -5), threshold: .money(minorUnits: 10)),
                FactOutput(name: "known since", value: .instant(Instant(milliseconds: 86_400_000)), threshold: nil),
                FactOutput(name: "identified", value: .flag(true), threshold: nil),
                FactOutput(name: "orders", value: .count(.max), threshold: .count(2)),
                FactOutput(name: "named \"it\"", value: .label("a\\b\u{1F600}"), threshold: nil),
            ])
    }

    @Test func `is none where the type is not ours, whatever else the record says`() throws {
        let foreign = SampleChange.full.headers.map { $0.hasPrefix("ce_type=") ? "ce_type=shop.cart.left.v1" : $0 }
        #expect(try Self.read(SampleChange.full.json, headers: foreign) == nil)
        #expect(try Self.read("", key: "", headers: []) == nil)
    }

    @Test(arguments: ["ce_id", "ce_time", "ce_sequence", "ce_recordedtime", "ce_replaymode"])
    func `names a header that is missing or none of ours`(name: String) {
        let others = SampleChange.full.headers.filter { !$0.hasPrefix(name + "=") }
        #expect(Self.problem(headers: others) == "it has no header \(name)")
        #expect(Self.problem(headers: others + ["\(name)=x-1"]) == "its header \(name) is `x-1`")
    }

    @Test func `names a customer on whom key, headers and value do not agree`() {
        #expect(Self.problem(key: "u:other") == "its key, ce_subject and ce_partitionkey do not name one customer")
        let json = SampleChange.full.json.replacing("\"customer_id\":\"u:C-7\"", with: "\"customer_id\":\"u:C-8\"")
        #expect(Self.problem(json) == "its key and its value's customer_id do not name one customer")
    }

    @Test(arguments: ["stage", "entered_at", "entry_count", "cycle", "rule", "trigger", "orders", "amount", "currency"])
    func `names a member that is missing`(name: String) {
        let json = SampleChange.full.json.replacing("\"\(name)\":", with: "\"other\":")
        #expect(Self.problem(json) == "its value has no \(name) of the kind it should have")
    }

    @Test(arguments: ["", "{", "[]", "1"])
    func `is none where the value is no JSON object`(json: String) {
        #expect(Self.problem(json) != nil)
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
