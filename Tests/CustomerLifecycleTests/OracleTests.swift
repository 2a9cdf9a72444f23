import CustomerLifecycle
import Oracle
import Testing

/// The partition beside the oracle, which keeps every event and recomputes everything.
@Suite struct `A partition beside a naive one` {
    @Test func `publishes the same and knows the same after every record`() {
        var tally = Tally()
        var published = 0
        var corrections = 0
        var consents: [NaiveStanding.Why: Int] = [:]
        var forgotten = 0
        var segments: [StageChange.Trigger: Int] = [:]
        for seed in UInt64(1)...300 {
            let log = LogMaker.log(seed: seed, count: 50)
            tally.add(log.tally)
            var policies = PolicyMaker(seed: seed)
            let policy = Policy.drawn(policies.rules()).with(segments: policies.segments())
            var scenario = Scenario(policy, hashMask: LogMaker.hashMask(seed: seed))
            var naive = NaivePartition(policy: policy, everyMillisecondFor: Milliseconds(PolicyMaker.longest))
            // Finds review dates as the simulation does.
            var shortSighted = NaivePartition(policy: policy)
            for (place, record) in log.records.enumerated() {
                naive.fold(record, offset: scenario.nextOffset)
                shortSighted.fold(record, offset: scenario.nextOffset)
                scenario.fold(record.entry, appended: record.appended)
                let isEqual = scenario.knowsTheSame(as: naive)
                #expect(isEqual, "seed \(seed), record \(place): \(record.entry)")
                guard isEqual else { break }
            }
            #expect(naive.contradiction == nil, "seed \(seed)")
            #expect(shortSighted.outputs == naive.outputs, "seed \(seed)")
            published += naive.outputs.count
            for output in naive.outputs {
                switch output.content {
                case .stage(let change): corrections += change.trigger == .correction ? 1 : 0
                case .segment(let change): segments[change.trigger, default: 0] += 1
                case .consent(let standing): consents[standing.why, default: 0] += 1
                case .forgotten: forgotten += 1
                case .action: break
                }
            }
        }
        tally.expectAll()
        #expect(published > 2_000)
        #expect(corrections > 10)
        #expect([.granted, .withdrawn, .expired].allSatisfy { consents[$0, default: 0] > 10 }, "\(consents)")
        #expect(forgotten > 10)
        #expect([.event, .silence, .correction].allSatisfy { segments[$0, default: 0] > 5 }, "\(segments)")
    }
}

extension NaivePartition {
    fileprivate mutating func fold(_ record: LogMaker.Record, offset: Int64) {
        switch record.entry {
        case .event(let event, let subject, let isBackfill):
            self.event(event, of: subject, isBackfill: isBackfill, offset: offset, appended: record.appended)
        case .link(_, let subject): link(of: subject)
        case .tick(let instant): tick(at: instant, offset: offset, appended: record.appended)
        case .caughtUp(let instant):
            tick(at: instant, freesBehind: true, offset: offset, appended: record.appended)
        }
    }
}

extension NaiveOutput {
    fileprivate var place: OutputPosition { OutputPosition(offset: position.offset, ordinal: position.ordinal) }
}

extension Published {
    /// Nil where the output is no change of stage.
    fileprivate init?(_ output: NaiveOutput) {
        guard case .stage(let change) = output.content else { return nil }
        self.init(
            subject: output.subject, sequence: output.sequence, life: output.life, from: change.from, to: change.to,
            rule: change.rule, time: output.time, previousSince: change.previousSince,
            previous: change.previous.map { OutputPosition(offset: $0.offset, ordinal: $0.ordinal) },
            position: output.place, entryCount: UInt32(change.entryCount), trigger: change.trigger,
            lateBy: change.lateBy, isBackfill: output.isBackfill)
    }
}

extension Notice {
    /// Nil where the output is a change of stage.
    fileprivate init?(_ output: NaiveOutput) {
        let text: String
        switch output.content {
        case .stage: return nil
        case .segment(let change):
            let late = change.lateBy.map { ", late by \($0.count)" } ?? ""
            text =
                "\(change.isEntered ? "enters" : "leaves") \(change.name), \(change.trigger), entry \(change.entryCount)"
                + late
        case .consent(let standing):
            let state = ["granted": "allowed", "never": "neverGranted"][standing.why.rawValue] ?? standing.why.rawValue
            text = "\(standing.channel) \(standing.purpose) \(state)"
        case .action(let outcome):
            text = "\(outcome.businessKey) \(outcome.decision)\(outcome.why.map { " \($0)" } ?? "")"
        case .forgotten(let stage, _, let lastEvent): text = "forgotten as \(stage), silent since \(lastEvent)"
        }
        self.init(
            subject: output.subject, sequence: output.sequence, life: output.life, time: output.time,
            position: output.place, text: text)
    }
}

extension Scenario {
    fileprivate func knowsTheSame(as naive: NaivePartition) -> Bool {
        let undescribed = published.map { change in
            var change = change
            change.description = nil
            return change
        }
        return undescribed == naive.outputs.compactMap(Published.init)
            && notices == naive.outputs.compactMap(Notice.init) && partition.subjectCount == naive.subjects.count
            && partition.progress.customerCount == naive.subjects.values.count(where: \.isCustomer)
            && partition.progress.behindCount == naive.subjects.values.count(where: \.isBehind)
            && partition.progress.lastTick == naive.lastTick && partition.progress.newestEvent == naive.newestEvent
            && naive.subjects.allSatisfy { knows($0.key, $0.value) }
    }

    private func knows(_ name: String, _ naive: NaivePartition.Subject) -> Bool {
        guard let known = subject(name) else { return false }
        guard naive.isCustomer else { return known.said.isSilent && known.lent.reviewAt == .never }
        return known.lent.reviewAt == naive.review && known.said.isBehind == naive.isBehind
            && known.said.subjectTime == naive.time && known.said.sequence == naive.sequence
            && stage(of: name) == naive.stage
            && Judge(known.facts, under: .reference).offer.coupon == naive.facts.coupon
            && known.facts.links.isEmpty == (naive.linkCount == 0)
    }
}
