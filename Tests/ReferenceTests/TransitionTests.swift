import Foundation
import PolicyLanguage
import Testing
import Wire

@testable import CustomerLifecycle

@Suite struct `The policies of two thousand customers` {
    @Test func `publish the changes of stages and segments that the reference publishes, and end where it ends`() throws
    {
        var differing: [String] = []
        var counts = (stages: 0, segments: 0)
        for reference in try ReferenceCase.all.get() where reference.isOneSubject {
            // As from a log: the random ones have rules that nobody can reach.
            let text = Array(reference.policy.utf8)
            let compiled = PolicyCompiler.compile(text, zones: PolicyCompiler.compile(text).zones)
            #expect(compiled.policy != nil, "\(reference.id): \(compiled.errors.map(\.message))")
            guard let policy = compiled.policy else { continue }
            var course = Course(policy)
            try course.follow(reference)
            let expected = try reference.outcome()
            counts.stages += expected.transitions.count { $0.hasPrefix("→") }
            counts.segments += expected.transitions.count { !$0.hasPrefix("→") }
            if let place = zip(course.transitions, expected.transitions).map({ $0 != $1 }).firstIndex(of: true) {
                differing.append(
                    "\(reference.id): \(course.transitions[place]), not \(expected.transitions[place])")
            } else if course.transitions.count != expected.transitions.count {
                let counts = "\(course.transitions.count) changes, not \(expected.transitions.count)"
                differing.append("\(reference.id): \(counts)")
            }
            let standing = course.standing(phases: compiled.phases)
            if standing != expected.standing {
                differing.append("\(reference.id): ends \(standing), not \(expected.standing)")
            }
            if course.reviewCount != expected.reviewCount {
                differing.append("\(reference.id): \(course.reviewCount) reviews, not \(expected.reviewCount)")
            }
        }
        #expect(differing.isEmpty, "\(differing.count) differ")
        #expect(counts.stages > 5_000)
        #expect(counts.segments > 5_000)
    }
}

/// One customer's course through a policy, as a partition of one customer folds it.
private struct Course: ~Copyable {
    private static let subject = Array("u:c".utf8)

    private let policy: Policy
    private var partition: Partition
    private var outcome = Outcome(describes: false)
    private var facts = Facts()
    private var said = Said()
    private(set) var transitions: [String] = []
    private(set) var reviewCount = 0
    private var nextOffset: Int64 = 0

    init(_ policy: Policy) {
        self.policy = policy
        partition = Partition(policy: policy)
    }

    mutating func follow(_ reference: ReferenceCase) throws {
        let router = Router(policy.currency)
        for json in reference.events {
            var (event, record) = try router.route(json, to: nextOffset, before: reference.end)
            meetReviews(before: record.counted(event.claimed))
            nextOffset += 1
            outcome.removeAll()
            let name = Self.name(of: reference)
            name.withUnsafeBytes { subject in
                partition.fold(&event, of: subject, hash: 7, in: record, into: &outcome)
            }
            keep(name)
            // We judge nobody because of it, and the reference does: what falls due at its very instant is no review.
            guard case .unrelated = event.kind else { continue }
            pass(to: record.counted(event.claimed))
            judgedAt = max(judgedAt, record.counted(event.claimed))
        }
        meetReviews(before: reference.end + Milliseconds(1))
    }

    private static func name(of reference: ReferenceCase) -> [UInt8] {
        reference.isIdentified ? subject : Array("a:c".utf8)
    }

    /// Each by a tick of its own, so that they can be counted; one that is due only because a consent runs out or a
    /// visitor is forgotten is none of the policy's.
    private mutating func meetReviews(before instant: Instant) {
        while let due = review, due < instant {
            reviewCount += 1
            pass(to: due)
        }
    }

    private mutating func pass(to instant: Instant) {
        outcome.removeAll()
        let record = RecordContext(offset: nextOffset, appended: instant)
        nextOffset += 1
        partition.tick(at: instant, in: record, into: &outcome)
        keep(transitions.isEmpty ? [] : lastName)
    }

    private var lastName: [UInt8] = []
    private var judgedAt: Instant = .distantPast

    private mutating func keep(_ name: [UInt8]) {
        lastName = name
        defer { judgedAt = max(judgedAt, said.subjectTime) }
        var seen: [String] = []
        outcome.lendEachPacked { packed, _ in
            let decision = packed.decision
            switch packed.type {
            case .stageChange:
                let rule = Int(decision & 0xFFFF)
                let stage = policy.stages[policy.rules[rule].stage]
                seen.append("→ \(stage), line \(policy.rules[rule].line) at \(packed.time.milliseconds)")
            case .segmentChange:
                let segment = policy.segments[Int(decision & 0xFFFF_FFFF) >> 1]
                let change = decision & 1 == 1 ? "entered" : "left"
                seen.append("\(segment.name) \(change), line \(segment.line) at \(packed.time.milliseconds)")
            case .restatement, .consentChange, .forgetting, .actionDue, .actionCancelled, .actionSuppressed: break
            }
        }
        transitions += seen
        name.withUnsafeBytes { subject in
            _ = partition.withSubject(subject, hash: 7) { $0.read(into: &facts, &said) }
        }
    }

    /// When time alone can change stage or segments; nil for never.
    private var review: Instant? {
        guard !said.isSilent else { return nil }
        let judge = Judge(facts, under: policy)
        let standing = judge.evaluate(at: judgedAt)
        judge.stand(in: policy.stage(of: standing.rule), since: said.since)
        let review = min(standing.reviewAt, judge.segments(at: judgedAt).until)
        return review == .never ? nil : review
    }

    func standing(phases: [PhaseVocabulary]) -> String {
        guard !said.isSilent else { return "nowhere" }
        let judge = Judge(facts, under: policy)
        let rule = policy.rules[judge.evaluate(at: said.subjectTime).rule]
        let stage = policy.stages[rule.stage]
        let segments = said.segments.filter(\.isIn)
            .map { "\(policy.segments[$0.segment].name) since \($0.since.milliseconds)" }.sorted()
        let named = phases.map { "\($0.name): \($0.phaseOfStage[stage] ?? "")" }.sorted()
        return "\(stage), line \(rule.line) since \(said.since.milliseconds), next \(review?.milliseconds ?? -1), "
            + "in \(segments), as \(named)"
    }
}

extension ReferenceCase {
    /// Not where a customer becomes known on the way and the policy asks for that: identities are not joined yet.
    fileprivate var isOneSubject: Bool {
        !hasRefundOfUnknownValue && (whole["ids"] as? String != "both" || !policy.contains("identified"))
    }

    struct Outcome {
        let transitions: [String]
        let standing: String
        let reviewCount: Int
    }

    func outcome() throws -> Outcome {
        func number(_ value: Any?) -> Int64 { (value as? NSNumber)?.int64Value ?? -1 }
        let changes = try #require(whole["transitions"] as? [[String: Any]])
        let transitions = changes.map { change in
            let line = number(change["line"])
            let at = number(change["t"])
            return change["kind"] as? String == "stage"
                ? "→ \(change["to"] as? String ?? ""), line \(line) at \(at)"
                : "\(change["name"] as? String ?? "") \(change["change"] as? String ?? ""), line \(line) at \(at)"
        }
        let standing = try #require(whole["standing"] as? [String: Any])
        let segments = (whole["segments"] as? [String: Any] ?? [:]).map { "\($0) since \(number($1))" }.sorted()
        let phases = (whole["phases"] as? [String: String] ?? [:]).map { "\($0): \($1)" }.sorted()
        let text =
            "\(standing["stage"] as? String ?? ""), line \(number(standing["line"])) since \(number(standing["since"])), "
            + "next \(number(standing["review"])), in \(segments), as \(phases)"
        return Outcome(
            transitions: transitions, standing: changes.isEmpty ? "nowhere" : text,
            reviewCount: Int(number(whole["reviews"])))
    }
}
