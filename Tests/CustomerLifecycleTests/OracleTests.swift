import CustomerLifecycle
import Testing

/// The partition against the oracle that keeps every event and recomputes everything.
@Suite struct `A partition beside a naive one` {
    @Test func `publishes the same and knows the same after every record`() {
        var tally = Tally()
        var published = 0
        var corrections = 0
        for seed in UInt64(1)...300 {
            let log = LogMaker.log(seed: seed, count: 50)
            tally.add(log.tally)
            var policies = PolicyMaker(seed: seed)
            let rules = policies.rules()
            var scenario = Scenario(.drawn(rules), hashMask: LogMaker.hashMask(seed: seed))
            var naive = NaivePartition(rules)
            for (place, record) in log.records.enumerated() {
                scenario.fold(record.entry, appended: record.appended)
                naive.fold(record.entry, appended: record.appended)
                let isEqual = scenario.knowsTheSame(as: naive)
                #expect(isEqual, "seed \(seed), record \(place): \(record.entry)")
                guard isEqual else { break }
            }
            published += naive.published.count
            corrections += naive.published.count { $0.trigger == .correction }
        }
        tally.expectAll()
        #expect(published > 2_000)
        #expect(corrections > 20)
    }
}

extension Scenario {
    fileprivate func knowsTheSame(as naive: NaivePartition) -> Bool {
        let undescribed = published.map { change in
            var change = change
            change.description = nil
            return change
        }
        let customers = naive.subjects.values.count(where: \.isCustomer)
        return undescribed == naive.published && partition.subjectCount == naive.subjects.count
            && partition.progress.customerCount == customers
            && partition.progress.behindCount == naive.subjects.values.count(where: \.isBehind)
            && (partition.progress.lastTick == .distantPast ? .min : partition.progress.lastTick.milliseconds)
                == naive.lastTick
            && (partition.progress.newestEvent == .distantPast ? .min : partition.progress.newestEvent.milliseconds)
                == naive.newestEvent
            && naive.subjects.allSatisfy { knows($0.key, $0.value) }
    }

    private func knows(_ name: String, _ naive: NaivePartition.Subject) -> Bool {
        guard let known = subject(name) else { return false }
        let reviewAt = naive.reviewAt == .max ? Instant.never : Instant(milliseconds: naive.reviewAt)
        guard naive.isCustomer else { return known.said.isSilent && known.lent.reviewAt == .never }
        return known.lent.reviewAt == reviewAt && known.said.isBehind == naive.isBehind
            && known.said.subjectTime.milliseconds == naive.time && known.said.sequence == naive.last?.sequence
            && stage(of: name) == naive.last?.to && known.facts.links.isEmpty == (naive.linkCount == 0)
    }
}
