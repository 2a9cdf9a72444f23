import PolicyLanguage
import Testing
import Wire

@testable import CustomerLifecycle

/// One customer's course through a log, as a partition of one customer folds it.
struct ActionCourse: ~Copyable {
    private let subject: [UInt8]
    private var partition: Partition
    private var policy: Policy
    private var outcome = Outcome(describes: true)
    private var nextOffset: Int64 = 0
    private var number: UInt32 = 1
    private let router: Router
    private(set) var outputs: [String] = []

    init(_ text: String, customer: String) throws {
        policy = try Self.compiled(text)
        partition = Partition(policy: policy)
        subject = Array(customer.utf8)
        router = Router(policy.currency)
    }

    private static func compiled(_ text: String) throws -> Policy {
        let bytes = Array(text.utf8)
        let compiled = PolicyCompiler.compile(bytes, zones: PolicyCompiler.compile(bytes).zones)
        return try #require(compiled.policy, "\(compiled.errors.map(\.message))")
    }

    mutating func follow(_ entry: ActionCase.Entry) throws {
        outcome.removeAll()
        nextOffset += 1
        switch entry {
        case .event(let json, let appended, let isBackfill):
            var event = try router.decode(json, receivedAt: appended)
            if isBackfill { event.received = min(event.claimed, appended) }
            let record = RecordContext(offset: nextOffset, appended: appended, isBackfill: isBackfill)
            subject.withUnsafeBytes { partition.fold(&event, of: $0, hash: 7, in: record, into: &outcome) }
            keep()
        case .tick(let instant):
            partition.beginTick(at: instant, in: RecordContext(offset: nextOffset, appended: instant))
            while true {
                let isDone = partition.proceed(outputCountMax: 1, into: &outcome)
                keep()
                outcome.removeAll()
                if isDone { break }
            }
        case .adoption(let instant, let text):
            number += 1
            let next = try Self.compiled(text)
            partition.beginAdoption(
                of: next, number: number, at: instant, in: RecordContext(offset: nextOffset, appended: instant))
            while true {
                let isDone = partition.proceed(outputCountMax: .max, into: &outcome)
                keep()
                outcome.removeAll()
                if isDone { break }
            }
        }
    }

    /// The imported history is complete up to an instant.
    mutating func catchUp(at instant: Instant) {
        outcome.removeAll()
        nextOffset += 1
        partition.caughtUp(at: instant, in: RecordContext(offset: nextOffset, appended: instant), into: &outcome)
        keep()
    }

    /// Follows an event as if it had been live, which no tick comes before.
    mutating func followAsLive(_ json: [UInt8], at appended: Instant) throws {
        outcome.removeAll()
        nextOffset += 1
        var event = try router.decode(json, receivedAt: appended)
        subject.withUnsafeBytes {
            _ = partition.foldAsLive(
                &event, of: $0, hash: 7, counted: appended, offset: nextOffset, into: &outcome)
        }
        keep()
    }

    mutating func passAsLive(until instant: Instant) {
        outcome.removeAll()
        partition.passAsLive(until: instant, into: &outcome)
        keep()
    }

    /// Looks at the customer though nothing is due.
    mutating func look(at instant: Instant) {
        outcome.removeAll()
        nextOffset += 1
        var known: Due?
        partition.table.lendEach { block, tag in known = Due(block: block, tag: tag) }
        guard let known, !partition.table.head(known.block).said.isEmpty else { return }
        partition.load(known.block, tag: known.tag)
        partition.current.reviewAt = instant
        partition.actionLook = .passing(at: instant, acts: true)
        outcome.beginRecord()
        partition.meetReview(in: RecordContext(offset: nextOffset, appended: instant), into: &outcome)
        partition.store()
        keep()
    }

    /// When the customer is looked at next; `never` without a customer.
    var reviewAt: Instant {
        var review = Instant.never
        partition.lendEachSubject { review = min(review, $0.reviewAt) }
        return review
    }

    private mutating func keep() {
        let progress = partition.progress
        outcome.lendEachDescribed { head, output, description, _ in
            let at = head.time.milliseconds
            switch output {
            case .stageChange(let change):
                guard change.from != change.to else { return }
                let from = change.from.map { progress.stageNames[$0] } ?? "–"
                outputs.append("\(at) \(from) → \(progress.stageNames[change.to]) entry \(change.entryCount)")
            case .segmentChange(let change):
                let name = progress.segments[change.segment].name
                outputs.append("\(at) \(name) \(change.isEntered ? "entered" : "left") entry \(change.entryCount)")
            case .action(let outcome):
                guard let told = description.action else { return }
                outputs.append(
                    "\(at) \(told.businessKey) \(outcome.decision.word) \(outcome.reason?.word ?? "–") "
                        + "\(told.place?.channel?.word ?? "–") \(told.place?.purpose ?? "–") "
                        + "planned \(told.planned.milliseconds) until \(told.deadline.milliseconds) "
                        + "variant \(told.variant ?? "–")")
            case .restatement, .consentChange, .forgetting: break
            }
        }
    }
}
