import Foundation
import Testing
import Wire

@testable import CustomerLifecycle

@Suite struct `The facts of two thousand customers` {
    @Test func `are what two other folds make of their events, in any order, some of them twice`() throws {
        var random = SystemRandomNumberGenerator()
        var compared: [String: Int] = [:]
        var differing: [String] = []
        for reference in try ReferenceCase.all.get() {
            let events = reference.events
            let policy = try reference.assumptions()
            let again = events.filter { _ in Bool.random(using: &random) }
            for arrivals in [events, (events + again).shuffled(using: &random)] {
                for (name, found) in try FoldedFacts(reference, arrivals, policy).byName {
                    guard let expected = reference.expected(name) else { continue }
                    compared[name, default: 0] += 1
                    if found != expected { differing.append("\(reference.id): \(name) is \(found), not \(expected)") }
                }
            }
        }
        #expect(differing.isEmpty, "\(differing.count) differ")
        #expect(compared.count == 52)
        #expect(compared.values.allSatisfy { $0 >= 500 }, "\(compared)")
    }
}

/// What we make of a customer's events.
private struct FoldedFacts {
    private static let numbers: [(String, Fact)] = [
        ("identified", .identified), ("first seen", .firstSeen), ("last seen", .lastSeen),
        ("known since", .knownSince), ("orders", .orders), ("undone orders", .undoneOrders),
        ("discounted orders", .discountedOrders), ("revenue", .revenue), ("average order", .averageOrder),
        ("first order", .firstOrder), ("last order", .lastOrder),
        ("silence before last order", .silenceBeforeLastOrder), ("usual gap", .usualGap),
        ("time to second order", .timeToSecondOrder), ("cycle", .cycle), ("margin", .margin),
        ("complaints", .complaints), ("open complaints", .openComplaints), ("last survey", .lastSurvey),
        ("last review", .lastReview), ("reviews", .reviews), ("last share", .lastShare), ("referrals", .referrals),
        ("last visit", .lastVisit), ("cart items", .cartItems), ("cart value", .cartValue),
        ("cart touched", .cartTouched), ("last delivery", .lastDelivery), ("new at signup", .newAtSignup),
        ("acquisition cost", .acquisitionCost), ("total cost", .totalCost), ("net value", .netValue),
        ("contact cost", .contactCost), ("rewards granted", .rewardsGranted), ("friends invited", .friendsInvited),
        ("contacts since last order", .contactsSinceLastOrder), ("referred", .referred),
    ]

    /// As the reference spells them.
    private(set) var byName: [String: String] = [:]

    init(_ reference: ReferenceCase, _ arrivals: [[UInt8]], _ policy: Policy) throws {
        let router = Router(policy.currency)
        var facts = Facts()
        facts.isIdentified = reference.isIdentified
        for (offset, json) in arrivals.enumerated() {
            var (event, record) = try router.route(json, to: Int64(offset), before: reference.end)
            facts.fold(&event, counted: record.counted(event.claimed), in: record)
        }
        let judge = Judge(facts, under: policy)
        for (name, fact) in Self.numbers { byName[name] = judge.value(of: fact).map { "\($0)" } ?? "unknown" }
        let words: [(String, Profile)] = [
            ("birthday", .birthday), ("email", .email), ("name", .name), ("phone", .phone),
        ]
        byName["profile"] = "\(words.filter { facts.profile.contains($0.1) }.map(\.0))"
        byName["birthday"] =
            facts.birthday.map { String(format: "--%02d-%02d", Int($0.value.month), Int($0.value.day)) } ?? "unknown"
        for (word, channel) in [("email", Channel.email), ("sms", .sms), ("push", .push), ("post", .post)] {
            let stands = judge.consent(to: Facts.marketing, on: channel, at: reference.end).stands
            byName["consent to \(word) marketing"] = stands ? "1" : "0"
            byName["reachable by \(word)"] = facts.isReachable(by: channel) ? "1" : "0"
        }
        // Of categories we keep hashes; those of the reference's names are looked for.
        let bought = try reference.texts("bought").filter {
            judge.has(Int64(try router.hash(ofCategory: $0)), in: .bought) == true
        }
        byName["bought"] = "\(bought)"
        byName["source"] = facts.acquisition?.value.source.text.text ?? "unknown"
        for (name, fact) in [("bounced", Fact.bounced), ("delivery overdue", .deliveryOverdue)] {
            byName[name] = Self.flag(fact, of: facts, at: reference.end, policy)
        }
        byName["late deliveries"] = "\(judge.total(of: .lateDeliveries, at: reference.end, window: nil))"
    }
}

extension FoldedFacts {
    /// A flag that changes with time, as policies ask for it: of what is unknown neither it nor its opposite holds.
    private static func flag(_ fact: Fact, of facts: Facts, at instant: Instant, _ policy: Policy) -> String {
        var asking = policy
        asking.nodes = [true, false].map {
            Policy.Node(kind: .flag, isPositive: $0, end: $0 ? 1 : 2, left: .fact(fact))
        }
        let judge = Judge(facts, under: asking)
        return judge.holds(0, at: instant) ? "1" : judge.holds(1, at: instant) ? "0" : "unknown"
    }
}

extension ReferenceCase {
    /// The value of a fact as text; nil where the reference does not say, or says what is still to be built.
    func expected(_ name: String) -> String? {
        let value = facts[name]
        // It leaves out what needs an assumption that the policy does not make.
        if value == nil, ["cycle", "margin", "usual gap", "net value"].contains(name) { return nil }
        if hasRefundOfUnknownValue, Self.followingOrders.contains(name) { return nil }
        if let number = value as? NSNumber { return "\(number.int64Value)" }
        if name == "profile" || name == "bought" { return "\(texts(name))" }
        return value as? String ?? "unknown"
    }

    func texts(_ name: String) -> [String] { facts[name] as? [String] ?? [] }

    private static let followingOrders: Set<String> = [
        "orders", "undone orders", "discounted orders", "average order", "first order", "time to second order", "cycle",
        "bought",
    ]
}
