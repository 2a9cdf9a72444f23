import Brokers
import CustomerLifecycle
import PolicyLanguage
import Storage
import Testing
import Wire

@testable import Processor

/// A policy beside the one in force, and put in force in its place.
@Suite struct `Another policy` {
    /// Silence counts sooner, and there is a segment.
    private static let proposed = PolicyCompiler.compile(
        """
        policy: proposed
        currency: EUR
        stages:
          - lost:    silence > 120 days
          - quiet:   silence > 50 days
          - loyal:   orders >= 2
          - active:  orders >= 1
          - visitor: otherwise
        segments:
          buying:  orders in last 40 days >= 1
          resting: stage is quiet and since stage entered <= 10 days
        """)

    private static func workshop(seed: UInt64) throws -> Workshop {
        let workshop = try Workshop(partitionCount: 2)
        var random = SeededGenerator(seed)
        var rows: [(action: StorefrontJSON.Action, user: String, day: Int)] = []
        for number in 0..<60 {
            rows.append((Rows.order("o\(number)"), "c\(Int.random(in: 0..<25, using: &random))", 550 + number * 3))
        }
        try workshop.importRows(Rows("orders", rows))
        try workshop.project()
        return workshop
    }

    private static func adoption(in workshop: Workshop) throws -> PolicyAdoption<Workshop.Broker, SimulatedDisk> {
        PolicyAdoption(
            broker: workshop.broker, names: workshop.names, checkpoints: try workshop.checkpoints,
            partitionCount: workshop.partitionCount)
    }

    private static func inForce(in workshop: Workshop) throws -> LogInForce {
        try LogInForce.atEnd(in: workshop.broker, names: workshop.names, checkpoints: try workshop.checkpoints)
    }

    private static func adopt(_ policy: CompiledPolicy, in workshop: Workshop) throws -> UInt32 {
        try adoption(in: workshop).adopt(policy, after: inForce(in: workshop))
    }

    @Test(arguments: UInt64(1)...5)
    func `is compared as it is adopted: the new column is what stands afterwards`(seed: UInt64) throws {
        let workshop = try Self.workshop(seed: seed)
        let now = try Self.adoption(in: workshop).instant()
        let question = PolicyDiffQuestion(Self.proposed, try #require(Self.proposed.policy), now: now, limit: 100)
        let diff = try question.answer(from: workshop.view().current())
        #expect(diff.differs && diff.movedCount > 0)
        let before = try workshop.view().asOf(now).stages()
        for stage in before.stages { #expect(diff.stages.first { $0.name == stage.name }?.old == stage.count) }
        #expect(try Self.adopt(Self.proposed, in: workshop) == 2)
        try workshop.project()
        let after = try workshop.view().current().stages()
        for stage in after.stages { #expect(diff.stages.first { $0.name == stage.name }?.new == stage.count) }
        for segment in after.segments {
            #expect(diff.segments.first { $0.name == segment.name }?.new == segment.count, "\(segment.name)")
        }
        let changes = try workshop.changes()
        // First time passes under the old policy, then the new one judges.
        let judged = changes.filter { $0.header("ce_policyversion") == "2" }
        #expect(changes.allSatisfy { $0.value.contains(#""trigger":"policy""#) == judged.contains($0) })
        let moved = judged.filter { $0.header("ce_type") == OutputType.stageChange.name }
        #expect(moved.count == diff.movedCount)
        #expect(Set(moved.map(\.key)) == Set(diff.moved.map(\.id)))
    }

    @Test func `moves nobody where it is the same but for its words`() throws {
        let workshop = try Self.workshop(seed: 1)
        let text = "# the same\n" + Workshop.policy.replacing("lost:    silence", with: "lost: silence")
        #expect(try Self.adopt(PolicyCompiler.compile(text), in: workshop) == 2)
        try workshop.project()
        #expect(try workshop.changes().allSatisfy { $0.header("ce_policyversion") == "1" })
        #expect(try workshop.view().policy().number == 2)
    }

    @Test func `is compared with a word about those who are behind, and about another currency`() throws {
        let workshop = try Workshop()
        try workshop.importRows(Rows("a", [(Rows.order("o1"), "anna", 0)]), finish: false)
        let policy = PolicyCompiler.compile("policy: p\ncurrency: USD\nstages: [{a: orders >= 1}, {b: otherwise}]")
        let diff = try PolicyDiffQuestion(policy, #require(policy.policy)).answer(from: workshop.view().current())
        #expect(diff.behind == 1 && diff.customers == 1)
        #expect(diff.otherCurrencies?.old.letters == "EUR" && diff.otherCurrencies?.new.letters == "USD")
    }

    @Test func `that has other actions differs by their names, though nobody stands elsewhere`() throws {
        let workshop = try Self.workshop(seed: 1)
        func proposal(_ names: String...) -> CompiledPolicy {
            let actions = names.map { "\n  \($0): {after: first order, task: {tell: at once}}" }.joined()
            return PolicyCompiler.compile(Workshop.policy + "\nactions:\(actions.isEmpty ? " {}" : actions)\n")
        }
        func diff(_ policy: CompiledPolicy) throws -> PolicyDiffReport {
            try PolicyDiffQuestion(policy, #require(policy.policy)).answer(from: workshop.view().current())
        }
        #expect(try !diff(proposal()).differs)
        let first = try diff(proposal("thanks", "hello"))
        #expect(first.differs && !first.movesAnybody)
        #expect(first.newActions == ["thanks", "hello"] && first.goneActions.isEmpty)
        _ = try Self.adopt(proposal("thanks", "hello"), in: workshop)
        try workshop.project()
        let second = try diff(proposal("hello", "bye"))
        #expect(second.newActions == ["bye"] && second.goneActions == ["thanks"] && !second.movesAnybody)
    }

    @Test func `is refused where somebody else adopted one since it was looked at`() throws {
        let workshop = try Self.workshop(seed: 1)
        let known = try Self.inForce(in: workshop)
        let adoption = try Self.adoption(in: workshop)
        #expect(try adoption.adopt(Self.proposed, after: known) == 2)
        let end = try (0..<2).map { try workshop.broker.end(of: workshop.names.log($0)) }
        let other = PolicyCompiler.compile("policy: other\nstages: [{all: otherwise}]")
        let error = #expect(throws: ProcessorError.self) { try adoption.adopt(other, after: known) }
        #expect(error?.description.contains("adopted meanwhile") == true)
        #expect(try (0..<2).map { try workshop.broker.end(of: workshop.names.log($0)) } == end)
    }

    @Test func `stands in the history, and answers about what was under the policy of then`() throws {
        let workshop = try Self.workshop(seed: 2)
        let start = Instant(milliseconds: workshop.clock.nowMilliseconds())
        _ = try Self.adopt(Self.proposed, in: workshop)
        workshop.clock.set(start + .days(10))
        try workshop.project()
        let history = try workshop.view().policyHistory()
        #expect(history.adoptions.map(\.policy.version) == [1, 2])
        #expect(history.adoptions.map(\.policy.name) == ["test", "proposed"])
        let instant = start - .days(60)
        let now = try StagesQuestion(asOf: instant).answer(from: workshop.view()) { _, _ in { _ in } }
        let then = try StagesQuestion(asOf: instant, isUnderPolicyOfThen: true)
            .answer(from: workshop.view()) { _, _ in { _ in } }
        #expect(now.policy?.version == 2 && then.policy?.version == 1)
        #expect([now, then].allSatisfy { $0.policyOfThen?.version == 1 && $0.policyOfNow?.version == 2 })
        #expect(now.stages.map(\.name).contains("quiet") && !then.stages.map(\.name).contains("quiet"))
        #expect(now.stages.reduce(0) { $0 + $1.count } == then.stages.reduce(0) { $0 + $1.count })
    }

    @Test(arguments: UInt64(1)...3)
    func `is replayed over all of history as it would be asked of the past`(seed: UInt64) throws {
        let workshop = try Self.workshop(seed: seed)
        let policy = try #require(Self.proposed.policy)
        let instant = Workshop.start - .days(25)
        let replay = try workshop.view().replay(Self.proposed, policy, asOf: instant)
        let before = try workshop.view().asOf(instant).stages()
        // What came between adoptions does not count, so that nothing has to be adopted to be compared.
        _ = try Self.adopt(Self.proposed, in: workshop)
        try workshop.project()
        let after = try workshop.view().asOf(instant).stages()
        #expect(replay.differs && replay.eventCount > 40)
        for stage in before.stages { #expect(replay.stages.first { $0.name == stage.name }?.old == stage.count) }
        for stage in after.stages { #expect(replay.stages.first { $0.name == stage.name }?.new == stage.count) }
        for (report, isOld) in [(before, true), (after, false)] {
            var ways: [String: Int] = [:]
            for flow in replay.flows where flow.value[isOld: isOld] > 0 {
                ways["\(flow.key.from ?? "") \(flow.key.to)", default: 0] += flow.value[isOld: isOld]
            }
            let expected = report.transitions.map { ("\($0.from ?? "") \($0.to)", $0.count) }
            #expect(ways == Dictionary(uniqueKeysWithValues: expected))
        }
    }

    /// Conditions that time alone never ends, beside such that it ends; visits, carts, complaints and orders.
    @Test(
        arguments: [
            "silence > 5 days", "since first seen <= 7 days", "bounced", "orders in last 60 days >= 2",
            "silence >= 0 days",
            "open complaints >= 1 or since last visit > 20 days", "orders = 0 and cart items >= 1",
        ], UInt64(1)...2)
    func `is replayed with the changes that were, whatever events came`(condition: String, seed: UInt64) throws {
        let workshop = try Workshop(partitionCount: 2)
        try workshop.importRows(Rows("events", json: Self.events(seed: seed)))
        let proposed = PolicyCompiler.compile("policy: p\nstages:\n  - a: \(condition)\n  - z: otherwise")
        let policy = try #require(proposed.policy, "\(proposed.errors)")
        let instant = Rows.start + .days(300)
        let replay = try workshop.view().replay(proposed, policy, asOf: instant)
        var ways: [Bool: [String: Int]] = [:]
        for flow in replay.flows {
            for isOld in [true, false] where flow.value[isOld: isOld] > 0 {
                ways[isOld, default: [:]]["\(flow.key.from ?? "") \(flow.key.to)", default: 0] +=
                    flow.value[isOld: isOld]
            }
        }
        for isOld in [true, false] {
            if !isOld { _ = try Self.adopt(proposed, in: workshop) }
            let expected = try workshop.view().asOf(instant).stages().transitions.map {
                ("\($0.from ?? "") \($0.to)", $0.count)
            }
            #expect(ways[isOld] == Dictionary(uniqueKeysWithValues: expected), "\(isOld)")
        }
    }

    private static func events(seed: UInt64) -> [[UInt8]] {
        var random = SeededGenerator(seed)
        let kinds = [
            #""event":"Order Completed","properties":{"order_id":"ID","total":"9.00","currency":"EUR"}"#,
            #""event":"Product Viewed","properties":{"product_id":"p"}"#,
            #""event":"Product Added","properties":{"product_id":"p"}"#,
            #""event":"Complaint Opened","properties":{"complaint_id":"ID"}"#,
            #""event":"Complaint Resolved","properties":{"complaint_id":"ID"}"#,
        ]
        return (0..<400).map { number in
            let hours = Int64.random(in: 0..<200 * 24, using: &random)
            let kind = kinds[Int.random(in: 0..<kinds.count, using: &random)]
                .replacing("ID", with: "\(Int.random(in: 0..<60, using: &random))")
            let customer = Int.random(in: 0..<25, using: &random)
            let at = (Rows.start + .hours(hours)).milliseconds
            return Array(
                #"{"type":"track","messageId":"m\#(number)","userId":"c\#(customer)","timestamp":\#(at),\#(kind)}"#.utf8
            )
        }
    }

    @Test func `is replayed without the records that the projector leaves out`() throws {
        let workshop = try Workshop()
        try workshop.importRows(Rows("orders", [(Rows.order("a"), "anna", 0), (Rows.order("b"), "bert", 1)]))
        let skipped = PartitionSkippedRecord(partition: 0, skippedRecord: SkippedRecord(offset: 2, step: nil))
        try workshop.project(skipped: [skipped])
        let policy = try #require(Self.proposed.policy)
        let replay = try workshop.view().replay(Self.proposed, policy, asOf: nil)
        #expect(replay.eventCount == 1 && replay.customers == 1)
    }

    @Test func `is replayed with the contacts that would have been released, had it all been live`() throws {
        let workshop = try Workshop()
        func event(_ customer: String, _ day: Int, _ name: String, _ properties: String = "") -> [UInt8] {
            let at = (Rows.start + .days(Int64(day))).milliseconds
            let id = "\(customer)\(day)\(name)".filter { $0 != " " }
            return Array(
                (#"{"type":"track","messageId":"\#(id)","userId":"\#(customer)","timestamp":\#(at),"event":"\#(name)","#
                    + #""properties":{\#(properties)}}"#).utf8)
        }
        let order = #""order_id":"o1","total":"9.00","currency":"EUR""#
        try workshop.importRows(
            Rows(
                "events",
                json: [
                    event("anna", 0, "Email Subscribed"), event("anna", 1, "Order Completed", order),
                    event("bert", 0, "Email Subscribed"), event("cleo", 40, "Email Subscribed"),
                    // She has not agreed to anything, and he is no more asked when the second mail is due.
                    event("dora", 40, "Product Viewed"), event("emil", 0, "Email Subscribed"),
                    event("emil", 2, "Email Unsubscribed"), event("late", 100, "Product Viewed"),
                    event("late", 60, "Email Subscribed"),
                ]))
        let proposed = PolicyCompiler.compile(
            """
            policy: p
            stages: [{buyer: orders >= 1}, {prospect: otherwise}]
            actions:
              welcome:
                after: first consent to email marketing
                while: orders = 0
                email marketing: {hello: 1 hour later, second: 5 days later}
                task: {call: 1 hour later}
            """)
        let policy = try #require(proposed.policy, "\(proposed.errors)")
        let replay = try workshop.view().replay(proposed, policy, asOf: nil)
        let contacts = replay.contacts.map { "\($0.key.month) \($0.key.action) \($0.value.old) \($0.value.new)" }
        let month = CivilDate.split(Rows.start).date
        let first = month.year * 12 + month.month - 1
        #expect(contacts == ["\(first) welcome 0 4", "\(first + 1) welcome 0 2"])
        #expect(replay.lateEvents == 1)
        let until = try workshop.view().replay(proposed, policy, asOf: Rows.start + .days(4))
        #expect(until.contacts.map(\.value.new) == [3])
        #expect(replay.json.contains(#""action":"welcome","old":0,"new":4"#))
    }
}
