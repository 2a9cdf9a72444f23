import Brokers
package import CustomerLifecycle
package import PolicyLanguage
import Storage
package import Wire

extension LogView {
    /// Folds the whole history under the policy in force and under another one, each as if it had been in force from
    /// the start, up to an instant; nil for the newest event.
    package func replay(
        _ proposed: CompiledPolicy, _ policy: Policy, asOf: Instant?,
        onProgress: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws(ProcessorError) -> PolicyReplayReport {
        let before = try self.policy()
        let parts = try judged(
            under: [before.policy, policy], releasesContacts: true, asOf: asOf, onProgress: onProgress)
        let old = before.policy.stages
        let known = old + policy.stages.filter { !old.contains($0) }
        var report = PolicyReplayReport(
            asOf: parts.instant, old: PolicyDiffReport.Side(before.compiled), new: PolicyDiffReport.Side(proposed))
        report.eventCount = parts.tallies.reduce(0) { $0 + $1.eventCount }
        report.customers = parts.tallies.reduce(0) { $0 + $1.customerCount }
        var stages: [String: PolicyDiffReport.Pair] = [:]
        var ways: [PolicyReplayReport.Way: Int] = [:]
        var flows: [PolicyReplayReport.Flow: PolicyReplayReport.Count] = [:]
        for tally in parts.tallies {
            for (places, count) in tally.standings {
                let (from, to) = (old[places.old], policy.stages[places.new])
                stages[from, default: .init(name: from)].old += count
                stages[to, default: .init(name: to)].new += count
                if from != to { ways[.init(from: from, to: to), default: 0] += count }
            }
            for (flow, count) in tally.flows {
                let names = flow.policy == 0 ? old : policy.stages
                let key = PolicyReplayReport.Flow(
                    month: flow.month, from: flow.from.map { names[$0] }, to: names[flow.to])
                flows[key, default: .init()][isOld: flow.policy == 0] += count
            }
        }
        let actions = policy.contacts.actions.map(\.name)
        report.actions = actions + before.policy.contacts.actions.map(\.name).filter { !actions.contains($0) }
        report.contacts = Self.contacts(parts.tallies)
        report.lateEvents = parts.tallies.reduce(0) { $0 + $1.lateEventCount }
        report.stages = known.map { stages[$0] ?? .init(name: $0) }
        report.ways = ways.sorted { ($1.value, $0.key.from, $0.key.to) < ($0.value, $1.key.from, $1.key.to) }
        report.flows = flows.sorted { $0.key < $1.key }
        return report
    }

    private static func contacts(
        _ tallies: [HistoryTally]
    ) -> [(key: PolicyReplayReport.Contact, value: PolicyReplayReport.Count)] {
        var counts: [PolicyReplayReport.Contact: PolicyReplayReport.Count] = [:]
        for tally in tallies {
            for (contact, count) in tally.contacts {
                let key = PolicyReplayReport.Contact(month: contact.month, action: contact.action)
                counts[key, default: .init()][isOld: contact.policy == 0] += count
            }
        }
        return counts.sorted { $0.key < $1.key }
    }

    /// Every partition's history under all of these policies, up to an instant, or where that is nil to the newest
    /// event of all.
    func judged(
        under policies: [Policy], keepsLapses: Bool = false, releasesContacts: Bool = false, asOf: Instant?,
        onProgress: @escaping @Sendable (Int) -> Void
    ) throws(ProcessorError) -> (instant: Instant?, tallies: [HistoryTally]) {
        let folds = try onThreads(count: partitionCount, threadCount: threadCount) { number throws(ProcessorError) in
            let skipped = try skipped(in: number)
            let fold = HistoryFold(
                under: policies, keepsLapses: keepsLapses, releasesContacts: releasesContacts, asOf: asOf,
                without: skipped)
            try read(number, from: NextOffset(0), onProgress: onProgress) { record throws(ProcessorError) in
                try fold.take(record, number)
            }
            return fold
        }
        let newest = folds.map(\.newestEvent).max() ?? .distantPast
        guard newest > .distantPast || asOf != nil else { return (nil, folds.map(\.tally)) }
        let end = asOf ?? newest
        return (
            end,
            onThreads(count: folds.count, threadCount: threadCount) { number in
                folds[number].finish(at: end)
                return folds[number].tally
            }
        )
    }
}

/// What was counted of one partition's history.
struct HistoryTally: Sendable {
    struct Flow: Hashable, Sendable {
        let policy: Int
        let from: Int?
        let to: Int
        /// Months since the year 0.
        let month: Int
    }

    struct Places: Hashable, Sendable {
        let old: Int
        let new: Int
    }

    /// A lapse, and the first kept order after it; nil if none came.
    struct FollowedLapse: Sendable {
        let lapse: JudgedHistory.Lapse
        let orderedAgainAt: Instant?
        let isLastOfItsRule: Bool
        /// When the customer last ordered, as known in the end.
        let lastOrder: Instant
    }

    struct Contact: Hashable, Sendable {
        let policy: Int
        let action: String
        /// Months since the year 0.
        let month: Int
    }

    var eventCount = 0
    /// Events that stand in the log behind newer ones of their customer.
    var lateEventCount = 0
    var customerCount = 0
    /// What would have been released on a channel, had all of the history been live.
    var contacts: [Contact: Int] = [:]
    var flows: [Flow: Int] = [:]
    /// Of the first two policies.
    var standings: [Places: Int] = [:]
    var lapses: [FollowedLapse] = []
    /// When those who ordered last did.
    var lastOrders: [Instant] = []
}

/// Folds the records of one partition's history. One thread at a time uses it, which makes `@unchecked Sendable` safe.
final class HistoryFold: @unchecked Sendable {
    private var history: JudgedHistory
    /// By the places of their policies.
    private var contacts: [ReleasedContacts] = []
    private let asOf: Instant?
    private let keepsLapses: Bool
    /// Records that the projector leaves out, since folding them stops the process.
    private let skipped: Set<Int64>
    private var decoder = EventDecoder()
    private var event = StorefrontEvent(claimed: .distantPast, received: .distantPast, tieBreaker: 0, kind: .unrelated)
    private(set) var tally = HistoryTally()
    /// Months are told apart only where somebody moves.
    private var months = MonthFinder()

    init(
        under policies: [Policy], keepsLapses: Bool, releasesContacts: Bool, asOf: Instant?,
        without skipped: [SkippedRecord]
    ) {
        if releasesContacts {
            contacts = policies.indices.filter { !policies[$0].contacts.actions.isEmpty }
                .map { ReleasedContacts(under: policies[$0], at: $0) }
        }
        history = JudgedHistory(under: policies, keepsLapses: keepsLapses)
        self.asOf = asOf
        self.keepsLapses = keepsLapses
        self.skipped = Set(skipped.filter { $0.step == nil }.map(\.offset))
    }

    var newestEvent: Instant { history.newestEvent }

    func take(_ lent: LentRecord, _ partition: Int) throws(ProcessorError) {
        guard let key = lent.key, !key.isEmpty, !skipped.contains(lent.offset) else { return }
        let header: LogHeader
        do {
            let record = try LogRecord(lent.value)
            guard record.header.kind == .event, case .event(let body) = try record.contents() else { return }
            header = record.header
            if let asOf, min(header.claimed, Instant(milliseconds: lent.timestamp)) > asOf { return }
            try decoder.decode(body, header: header, into: &event)
        } catch EventError.field {
            return  // As the fold does.
        } catch {
            throw ProcessorError(.damagedLog, "lifecycle.log, partition \(partition), offset \(lent.offset): \(error).")
        }
        let context = RecordContext(
            offset: lent.offset, appended: Instant(milliseconds: lent.timestamp), isBackfill: header.isBackfill)
        history.fold(&event, of: key, hash: subjectHash(key), in: context) { count($0) }
        tally.eventCount += 1
        guard !contacts.isEmpty else { return }
        var isInTime = true
        for contacts in contacts {
            isInTime = contacts.fold(&event, of: key, hash: subjectHash(key), in: context) { count($0) } && isInTime
        }
        if !isInTime { tally.lateEventCount += 1 }
    }

    func finish(at instant: Instant) {
        for contacts in contacts { contacts.finish(at: instant) { count($0) } }
        history.finish(
            at: instant, { count($0) },
            { standings, lapses, orders in
                tally.customerCount += 1
                if standings.count == 2, let old = standings[0].stage, let new = standings[1].stage {
                    tally.standings[HistoryTally.Places(old: old, new: new), default: 0] += 1
                }
                guard keepsLapses, let last = orders.lastKept else { return }
                tally.lastOrders.append(last)
                for (place, lapse) in lapses.enumerated() {
                    tally.lapses.append(
                        HistoryTally.FollowedLapse(
                            lapse: lapse, orderedAgainAt: orders.firstKept(after: lapse.at),
                            isLastOfItsRule: !lapses[(place + 1)...].contains {
                                $0.policy == lapse.policy && $0.rule == lapse.rule
                            }, lastOrder: last))
                }
            })
    }

    private func count(_ move: JudgedHistory.Move) {
        let flow = HistoryTally.Flow(
            policy: move.policy, from: move.from, to: move.to, month: months.month(of: move.at))
        tally.flows[flow, default: 0] += 1
    }

    private func count(_ release: ReleasedContacts.Release) {
        let contact = HistoryTally.Contact(
            policy: release.policy, action: release.action, month: months.month(of: release.at))
        tally.contacts[contact, default: 0] += 1
    }
}

/// Finds the month of an instant, mostly without a calendar: the next one is often in the same.
struct MonthFinder {
    private var month = 0
    private var range = Instant.never..<Instant.never

    mutating func month(of instant: Instant) -> Int {
        if range.contains(instant) { return month }
        let date = CivilDate.split(instant).date
        range = date.startOfMonth.midnight..<date.startOfNextMonth.midnight
        month = date.year * 12 + date.month - 1
        return month
    }
}
