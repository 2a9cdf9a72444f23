import Brokers
import CustomerLifecycle
import PolicyLanguage
import Wire

@testable import Processor

/// A record as it was produced, byte for byte.
struct Produced: Equatable, CustomStringConvertible {
    let partition: TopicPartition
    let key: [UInt8]
    let value: [UInt8]?
    let headers: [UInt8]?

    /// The bytes as text.
    var description: String {
        let parts = [key, value ?? [], headers ?? []].map { String(decoding: $0, as: UTF8.self) }
        return "\(partition) " + parts.joined(separator: " ")
    }
}

extension Produced {
    init(_ record: OutgoingRecord) {
        partition = record.partition
        key = record.key.map { Array($0) } ?? []
        value = record.value.map { Array($0) }
        headers = record.headers.map { Array($0) }
    }

    fileprivate init(_ partition: TopicPartition, key: UnsafeRawBufferPointer, value: String?, headers: HeaderBlock?) {
        self.partition = partition
        self.key = Array(key)
        self.value = value.map { Array($0.utf8) }
        self.headers = headers?.bytes.map { Array($0) }
    }
}

/// The outputs of a partition, written in the slow and obvious way: a text for each value, one member after the other.
struct PlainOutputs {
    let fold: LogFold
    let policy: PolicyInForce
    let names: Names
    let stages: [String]
    private let segments: [String]
    private let generation: Int

    init?(_ fold: LogFold, names: Names) {
        guard let policy = fold.policy else { return nil }
        self.fold = fold
        self.policy = policy
        self.names = names
        let progress = fold.withState { $0.progress }
        stages = progress.stageNames
        segments = progress.segments.map(\.name)
        generation = Int(progress.epoch.generation)
    }

    // MARK: Changes

    func output(
        _ output: Output, _ head: OutputHead, _ description: ChangeDescription, of subject: UnsafeRawBufferPointer,
        causedBy id: String?
    ) -> Produced {
        let customer = String(decoding: subject, as: UTF8.self)
        var json = JSONWriter()
        json.beginObject()
        json.member("customer_id", customer)
        switch output {
        case .stageChange(let change): write(change, at: head.time, description, to: &json)
        case .restatement(let standing): write(standing, description, to: &json)
        case .segmentChange(let change): write(change, at: head.time, description, to: &json)
        case .consentChange: writeConsent(at: head.time, description, to: &json)
        case .action(let outcome): write(outcome, at: head.time, description, to: &json)
        case .forgetting(let forgetting):
            json.member("previous_stage", stages[forgetting.stage])
            json.member("entered_at", forgetting.since)
            json.member("last_event_at", forgetting.lastEvent)
            json.member("forgotten_at", head.time)
        }
        json.endObject()
        let headers = HeaderBlock()
        let expires = description.action?.deadline ?? head.time + .hours(72)
        for header in self.headers(output.type, head, customer, expires: expires, causedBy: id) {
            let parts = header.split(separator: "=", maxSplits: 1).map(String.init)
            headers.append(parts[0], parts[1])
        }
        return Produced(names.changes(fold.index), key: subject, value: json.text, headers: headers)
    }

    private func write(
        _ change: StageChange, at instant: Instant, _ description: ChangeDescription, to json: inout JSONWriter
    ) {
        json.member("previous_stage", change.from.map { stages[$0] })
        json.member("stage", stages[change.to])
        json.member("previous_entered_at", change.previousSince)
        let seconds = change.previousSince.map { (instant - $0).count / 1_000 }
        json.member("seconds_in_previous_stage", seconds)
        json.member("entered_at", instant)
        json.member("entry_count", Int(change.entryCount))
        json.member("cycle", description.orders.cycle)
        writePhases(of: stages[change.to], to: &json)
        writePolicy(to: &json)
        json.object("reason") { json in
            json.member("rule", rule(change.rule))
            json.member("trigger", trigger(change.trigger))
            writeReason(description, to: &json)
        }
        write(description.forecast, to: &json)
        writeCorrection(change, to: &json)
        writeCustomer(description, to: &json)
    }

    private func write(_ standing: Restatement, _ description: ChangeDescription, to json: inout JSONWriter) {
        json.member("stage", stages[standing.stage])
        json.member("entered_at", standing.since)
        json.member("entry_count", Int(standing.entryCount))
        json.member("cycle", description.orders.cycle)
        writePhases(of: stages[standing.stage], to: &json)
        writePolicy(to: &json)
        json.object("reason") { json in
            json.member("rule", rule(standing.rule))
            writeReason(description, to: &json)
        }
        write(description.forecast, to: &json)
        json.array("segments", description.segments) { $0.value(segments[$1]) }
        json.member("segments_count", description.segments.count)
        writeCustomer(description, to: &json)
    }

    private func write(
        _ change: SegmentChange, at instant: Instant, _ description: ChangeDescription, to json: inout JSONWriter
    ) {
        let name = segments[change.segment]
        json.member("segment", name)
        json.member("change", change.isEntered ? "entered" : "left")
        json.member("since", instant)
        json.member("previous_since", change.previousSince)
        let seconds = change.previousSince.map { (instant - $0).count / 1_000 }
        json.member("seconds_in_segment", change.isEntered ? nil : seconds)
        json.member("stage", stages[change.stage])
        json.member("entry_count", Int(change.entryCount))
        json.member("cycle", description.orders.cycle)
        writePolicy(to: &json)
        let line = policy.policy.segments.first { $0.name == name }?.line
        json.object("reason") { json in
            json.member("rule", name + (line.map { ", line \($0)" } ?? ""))
            json.member("trigger", trigger(change.trigger))
            writeReason(description, to: &json)
        }
        json.member("late_by_seconds", change.lateBy.map { $0.count / 1_000 })
        writeCustomer(description, to: &json)
    }

    func writeReason(_ description: ChangeDescription, to json: inout JSONWriter) {
        write(description.findings, to: &json)
        json.array("evidence", description.evidence) { json, item in
            json.beginObject()
            json.member("kind", ["order", "complaint", "review"][Int(item.kind.rawValue)])
            json.member("id", item.id.text)
            json.endObject()
        }
        json.member("evidence_count", description.evidenceCount)
    }

    private func writeCorrection(_ change: StageChange, to json: inout JSONWriter) {
        let isCorrection = change.trigger == .correction
        json.member("corrects", isCorrection ? change.previous.map(eventID) : nil)
        json.member("late_by_seconds", change.lateBy.map { $0.count / 1_000 })
    }

    func writeCustomer(_ description: ChangeDescription, to json: inout JSONWriter) {
        writeOrders(description, to: &json)
        json.member("first_seen_at", description.firstSeen)
        json.member("first_order_at", description.orders.first)
        json.member("last_order_at", description.orders.last)
        write(description.acquisition, to: &json)
        write(description.contactable, to: &json)
        write(description.offer, to: &json)
        json.member("locale", description.locale?.text)
        json.member("timezone", description.timeZone?.text)
        json.member("truncated", description.isTruncated)
    }

    private func headers(
        _ type: OutputType, _ head: OutputHead, _ customer: String, expires: Instant, causedBy id: String?
    ) -> [String] {
        let sequence = String(head.sequence)
        let name =
            switch type {
            case .stageChange: "stage.changed.v1"
            case .restatement: "profile.restated.v1"
            case .segmentChange: "segment.changed.v1"
            case .consentChange: "consent.changed.v1"
            case .forgetting: "profile.forgotten.v1"
            case .actionDue: "action.due.v1"
            case .actionCancelled: "action.cancelled.v1"
            case .actionSuppressed: "action.suppressed.v1"
            }
        return [
            "content-type=application/json", "ce_specversion=1.0", "ce_id=\(eventID(head.position))",
            "ce_source=/lifecycle/\(names.prefix.isEmpty ? "default" : "shop1")/\(generation)",
            "ce_type=lifecycle.\(name)", "ce_subject=\(customer)", "ce_time=\(head.time.rfc3339)",
            "ce_dataschema=urn:lifecycle:schemas:\(name)", "ce_partitionkey=\(customer)",
            "ce_life=\(fold.index)-\(head.life)",
            "ce_sequence=\(String(repeating: "0", count: 10 - sequence.count))\(sequence)",
            "ce_recordedtime=\(fold.appended.rfc3339)", "ce_expirytime=\(expires.rfc3339)",
            "ce_policyversion=\(policy.number)", "ce_replaymode=\(head.isBackfill ? "backfill" : "live")",
            "ce_logpartition=\(fold.index)", "ce_logoffset=\(head.position.offset)",
            "ce_logordinal=\(head.position.ordinal)", "ce_causationid=\(id ?? "review-\(head.time.rfc3339)")",
        ]
    }

    private func trigger(_ trigger: StageChange.Trigger) -> String {
        switch trigger {
        case .event: "event"
        case .silence: "silence"
        case .correction: "correction"
        case .policy: "policy"
        case .override: "override"
        }
    }

    private func write(_ findings: [ChangeDescription.Finding], to json: inout JSONWriter) {
        json.array("facts", findings.prefix(10)) { json, finding in
            let node = policy.policy.nodes[finding.node]
            json.beginObject()
            json.member("name", policy.compiled.phrases[finding.node].left)
            write("value", finding.value, of: node, to: &json)
            write("threshold", finding.threshold, of: node, to: &json)
            json.member("unit", finding.value == nil && finding.threshold == nil ? nil : unit(of: node))
            json.endObject()
        }
        json.member("facts_count", findings.count)
    }

    private func unit(of node: Policy.Node) -> String {
        switch node.kind {
        case .clock: return "milliseconds"
        case .flag, .has, .stage, .segment: return "flag"
        case .window, .compare, .known, .all, .any, .constant: break
        }
        switch (node.left.fact ?? node.right.fact)?.valueType ?? .count {
        case .count, .set, .birthday, .label: return "count"
        case .money: return "minor_units"
        case .duration, .runningTime: return "milliseconds"
        case .score: return "thousandths"
        case .instant: return "instant"
        case .flag: return "flag"
        }
    }

    private func write(_ name: String, _ value: Int64?, of node: Policy.Node, to json: inout JSONWriter) {
        switch unit(of: node) {
        case "instant": json.member(name, value.map { Instant(milliseconds: $0) })
        case "flag": json.member(name, value.map { $0 != 0 })
        default: json.member(name, value)
        }
    }

    // MARK: Rows

    /// Returns the rows of the customers that the open turn touched.
    func rows() -> [Produced] {
        var rows: [Produced] = []
        fold.withState { state in
            state.lendTouchedCustomers { subject, lent in
                rows.append(
                    Produced(
                        TopicPartition(names.customers, fold.index), key: subject,
                        value: lent.map { row($0, at: .distantPast) }, headers: nil))
            }
        }
        return rows
    }

    func row(_ lent: LentSubject, at asked: Instant) -> String {
        var said = Said()
        let judge = Judge(under: policy.policy)
        lent.read(into: judge, &said)
        judge.read()
        let facts = judge.facts
        let at = max(asked, said.subjectTime)
        let description = judge.describe(judge.evaluate(at: at), at: at)
        var json = JSONWriter()
        json.beginObject()
        json.member("customer_id", String(decoding: lent.subject, as: UTF8.self))
        json.member("stage", stages[said.stage])
        json.member("entered_at", said.since)
        json.member("rule", said.epoch.policyNumber == policy.number ? rule(said.rule) : stages[said.stage])
        json.member("entry_count", Int(said.entryCount(of: said.stage)))
        json.member("cycle", description.orders.cycle)
        json.member("sequence", Int64(said.sequence))
        json.member("life", "\(fold.index)-\(said.life)")
        json.member("generation", Int(said.epoch.generation))
        writePhases(of: stages[said.stage], to: &json)
        let joined = said.segments.filter(\.isIn)
        json.array("segments", joined) { $0.value(segments[$1.segment]) }
        json.member("segments_count", joined.count)
        write(description.forecast, to: &json)
        writeOrders(description, to: &json)
        json.member("first_order_at", description.orders.first)
        json.member("last_order_at", description.orders.last)
        json.member("first_seen_at", description.firstSeen)
        json.member("last_seen_at", description.lastSeen)
        write(description.acquisition, to: &json)
        write(description.contactable, to: &json)
        write(description.offer, to: &json)
        writeValue(judge, to: &json)
        var standings: [ConsentStanding] = []
        facts.listConsents(at: at, into: &standings)
        standings.removeAll { $0.state == .neverGranted }
        json.array("consents", standings.prefix(10)) { json, standing in
            json.beginObject()
            json.member("channel", word(standing.channel))
            json.member("purpose", standing.purpose.text)
            json.member("granted", standing.state == .allowed)
            json.member("since", standing.since)
            json.member("valid_until", standing.until == .never ? nil : standing.until)
            json.endObject()
        }
        json.member("consents_count", standings.count)
        writePolicy(to: &json)
        json.member("truncated", facts.isTruncated)
        json.object("log") { json in
            json.member("partition", fold.index)
            json.member("offset", said.lastChange.offset)
        }
        json.member("as_of", at)
        json.endObject()
        return json.text
    }

    // MARK: Parts

    private func writePhases(of stage: String, to json: inout JSONWriter) {
        json.object("phases") { json in
            for vocabulary in policy.compiled.phases { json.member(vocabulary.name, vocabulary.phaseOfStage[stage]) }
        }
    }

    func writePolicy(to json: inout JSONWriter) {
        json.object("policy") { json in
            json.member("name", policy.policy.name)
            json.member("version", Int(policy.number))
            json.member("hash", policy.compiled.hash.hex)
        }
    }

    private func write(_ forecast: ChangeDescription.Forecast?, to json: inout JSONWriter) {
        json.name("forecast")
        guard let forecast else { return json.null() }
        json.beginObject()
        json.member("next_stage", policy.policy.stages[forecast.stage])
        json.member("at", forecast.at)
        json.endObject()
    }

    private func writeOrders(_ description: ChangeDescription, to json: inout JSONWriter) {
        let orders = description.orders
        let isUnknown = orders.kept > 0 && orders.unvalued == orders.kept
        json.member("orders", orders.kept)
        json.object("revenue") { json in
            json.member("amount", isUnknown ? nil : orders.revenue)
            json.member("currency", policy.policy.currency.letters)
        }
        json.member("revenue_is", isUnknown ? "unknown" : description.revenueBound.word)
    }

    private func rule(_ index: Int) -> String {
        guard index < policy.policy.rules.count else {
            return "\(policy.policy.stages[index - policy.policy.rules.count]), override"
        }
        let rule = policy.policy.rules[index]
        return "\(policy.policy.stages[rule.stage]), line \(rule.line)"
    }

    private func eventID(_ position: OutputPosition) -> String {
        "\(generation)-\(fold.index)-\(position.offset)-\(position.ordinal)"
    }

    func word(_ channel: Channel) -> String { ["email", "sms", "push", "post"][Int(channel.rawValue)] }
}
