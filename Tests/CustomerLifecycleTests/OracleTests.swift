import CustomerLifecycle
import Oracle
import Testing

/// The partition beside the oracle, which keeps every event and recomputes everything.
@Suite struct `A partition beside a naive one` {
    @Test func `publishes the same and knows the same after every record`() {
        var tally = Tally()
        var published = 0
        var corrections = 0
        for seed in UInt64(1)...300 {
            let log = LogMaker.log(seed: seed, count: 50)
            tally.add(log.tally)
            var policies = PolicyMaker(seed: seed)
            let policy = Policy.drawn(policies.rules())
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
            #expect(shortSighted.changes == naive.changes, "seed \(seed)")
            published += naive.changes.count
            corrections += naive.changes.count { $0.trigger == .correction }
        }
        tally.expectAll()
        #expect(published > 2_000)
        #expect(corrections > 10)
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

extension Published {
    fileprivate init(_ change: NaiveChange) {
        let position = { (position: NaiveChange.Position) in
            OutputPosition(offset: position.offset, ordinal: position.ordinal)
        }
        self.init(
            subject: change.subject, sequence: change.sequence, from: change.from, to: change.to, rule: change.rule,
            time: change.time, previousSince: change.previousSince, previous: change.previous.map(position),
            position: position(change.position), entryCount: UInt32(change.entryCount), trigger: change.trigger,
            lateBy: change.lateBy, isBackfill: change.isBackfill)
    }
}

extension Scenario {
    fileprivate func knowsTheSame(as naive: NaivePartition) -> Bool {
        let undescribed = published.map { change in
            var change = change
            change.description = nil
            return change
        }
        return undescribed == naive.changes.map(Published.init) && partition.subjectCount == naive.subjects.count
            && partition.progress.customerCount == naive.subjects.values.count(where: \.isCustomer)
            && partition.progress.behindCount == naive.subjects.values.count(where: \.isBehind)
            && partition.progress.lastTick == naive.lastTick && partition.progress.newestEvent == naive.newestEvent
            && naive.subjects.allSatisfy { knows($0.key, $0.value) }
    }

    private func knows(_ name: String, _ naive: NaivePartition.Subject) -> Bool {
        guard let known = subject(name) else { return false }
        guard naive.isCustomer else { return known.said.isSilent && known.lent.reviewAt == .never }
        return known.lent.reviewAt == naive.review && known.said.isBehind == naive.isBehind
            && known.said.subjectTime == naive.time && known.said.sequence == naive.last?.sequence
            && stage(of: name) == naive.last?.to && known.facts.links.isEmpty == (naive.linkCount == 0)
    }
}
