import Testing

@testable import CustomerLifecycle

/// Beyond its limits a subject keeps the newest items, and is marked as truncated.
@Suite struct `Limits` {
    @Test func `of 513 orders the oldest goes, in whatever order they came`() {
        for days in [Array(0..<Int64(513)), (0..<Int64(513)).reversed()] {
            var facts = Facts()
            for (place, day) in days.enumerated() {
                facts.fold(.completed("o\(day)"), on: day)
                #expect(facts.isTruncated == (place == 512))
            }
            let summary = OrderSummary(facts.orders, under: .reference)
            #expect(summary.kept == 512)
            #expect(summary.first == .day(1))
            #expect(summary.last == .day(512))
        }
    }

    @Test func `parts of unknown orders cannot push out real ones, and take their refunds with them`() {
        var facts = Facts()
        facts.fold(.completed("real"), on: 0)
        for order in 0..<600 { facts.fold(.refunded("unknown \(order)", 1), on: 1) }
        #expect(OrderSummary(facts.orders, under: .reference).kept == 1)
        #expect(facts.orders.count == 512)
        #expect(facts.orders.count { !$0.reported.refunds.isEmpty } == 511)
        #expect(facts.isTruncated)
    }

    @Test func `of 17 refunds of an order the oldest goes`() {
        var scenario = Scenario(.reference)
        scenario.happens(.completed("o", 10_000), on: 0)
        for refund in 0...16 {
            scenario.happens(.refunded("o", 100 + Int64(refund), refund: "r\(refund)"), on: 20 - Int64(refund))
        }
        let facts = scenario.subject("u:ada")?.facts
        #expect(facts?.orders.first?.reported.refunds.count == 16)
        #expect(facts?.isTruncated == true)
        // The 17th was the oldest, and went at once.
        let refunded = (0..<16).reduce(Int64(0)) { $0 + 100 + Int64($1) }
        #expect(scenario.value(of: .revenue) == 10_000 - refunded)
    }

    @Test(arguments: [
        (StorefrontEvent.Kind.complaintOpened(.of("x")), Fact.complaints), (.reviewed(.of("x"), .of(1)), .reviews),
    ])
    func `of 513 complaints and reviews the oldest goes`(kind: StorefrontEvent.Kind, fact: Fact) {
        var scenario = Scenario(.asking(.counted(fact, inLast: .days(512), .greaterOrEqual, 512)))
        for number in 0...512 {
            let id = BusinessID.of("id \(number)")
            let isReview = fact == .reviews
            scenario.happens(
                isReview ? .reviewed(id, .of(1)) : .complaintOpened(id), on: 1_000 - Int64(number))
        }
        #expect(scenario.value(of: fact) == 512)
        #expect(scenario.subject("u:ada")?.facts.isTruncated == true)
        // Days 489 to 1000 are kept; a window of 512 days loses the first one millisecond after day 1001.
        scenario.timePasses(until: 1_002)
        #expect(scenario.moves.last == .move("yes", "no", on: 1_001, plus: 1))
    }

    @Test func `of 513 purposes the one written longest ago goes`() {
        var scenario = Scenario(.reference)
        for list in 0...512 { scenario.happens(.grant("list \(list)", Int64(1_000 - list)), isBackfill: false) }
        let facts = scenario.subject("u:ada")?.facts
        #expect(facts?.consents.count == 512)
        #expect(facts?.isTruncated == true)
        let judge = facts.map { Judge($0, under: .reference) }
        #expect(judge?.consent(to: .of("list 512"), on: .email, at: .day(2_000)).stands == false)
        #expect(judge?.consent(to: .of("list 511"), on: .email, at: .day(2_000)).stands == true)
    }

    @Test func `are kept by a join as by one history, and it does not matter which side comes first`() {
        var facts = [Facts(), Facts()]
        for number in 0..<Int64(800) {
            let side = number.isMultiple(of: 3) ? 0 : 1
            facts[side].fold(.completed("o\(number)"), on: number)
            facts[side].fold(.refunded("o\(number % 20)", 1 + number, refund: "r\(number)"), on: number)
            facts[side].fold(.refunded("unknown \(number)", 1), on: number)
            facts[side].fold(.complaintOpened(.of("c\(number)")), on: number)
            facts[side].fold(.reviewed(.of("v\(number)"), .of(1)), on: number)
        }
        var (joined, other) = (facts[0], facts[1])
        joined.join(facts[1])
        other.join(facts[0])
        #expect(joined == other)
        #expect(joined.packed == other.packed)
        #expect(joined.isTruncated)
        #expect([joined.orders.count, joined.complaints.count, joined.reviews.count] == [512, 512, 512])
        let summary = OrderSummary(joined.orders, under: .reference)
        #expect(summary.last == .day(799))
        #expect(joined.complaints.first?.opened == .day(288))
        for order in joined.orders { #expect(order.reported.refunds.count <= OrderReport.refundCountMax) }
    }

    /// Each of them alone, so that no other one makes the facts say it.
    @Test func `that a join meets, or that one side has met, are said by what is joined`() {
        var facts = [Facts(), Facts()]
        for number in 0..<Int64(20) {
            facts[Int(number % 2)].fold(.refunded("o", 1 + number, refund: "r\(number)"), on: number)
        }
        Self.expectTruncated(joining: facts) { $0.orders.first?.reported.refunds.count == OrderReport.refundCountMax }
        facts = [Facts(), Facts()]
        for number in 0..<80 {
            let link = Link(user: Array("user \(number)".utf8), first: Stamp(time: .day(Int64(number)), tieBreaker: 0))
            facts[number % 2].insert(link)
        }
        Self.expectTruncated(joining: facts) { facts in
            facts.links.count == 64 && facts.links.allSatisfy { $0.first.time < .day(64) }
        }
        facts = [Facts(), Facts()]
        for day in 0..<Int64(513) { facts[0].fold(.completed("o\(day)"), on: day) }
        #expect(facts[0].isTruncated)
        facts[0].orders.removeAll()
        Self.expectTruncated(joining: facts, isNew: false) { _ in true }
    }

    private static func expectTruncated(joining facts: [Facts], isNew: Bool = true, _ isSo: (Facts) -> Bool) {
        #expect(!isNew || !facts.contains { $0.isTruncated })
        for (one, other) in [(0, 1), (1, 0)] {
            var joined = facts[one]
            joined.join(facts[other])
            #expect(joined.isTruncated && isSo(joined))
        }
    }

    @Test func `of 65 links the newest goes`() {
        var scenario = Scenario(.reference)
        for user in (0...64).reversed() { scenario.isLinked("a:1", to: "user \(user)", on: Int64(user)) }
        let facts = scenario.subject("a:1")?.facts
        #expect(facts?.links.count == 64)
        #expect(facts?.links.contains { $0.user == Array("user 64".utf8) } == false)
        #expect(facts?.isTruncated == true)
    }

    @Test func `facts beyond 512 KiB lose their oldest orders`() {
        var facts = Self.large(orderCount: 512)
        var writer = PackedWriter()
        facts.packLimited(into: &writer)
        #expect(writer.count <= Facts.packedByteCountMax)
        #expect(writer.count > Facts.packedByteCountMax / 2)
        #expect(facts.isTruncated)
        #expect(facts.orders.last?.id == Self.longID("order", 511))
        #expect(facts.orders.allSatisfy { $0.reported.refunds.count == 16 })
        var unpacked = Facts()
        unpacked.unpack(writer.bytes, isIdentified: false)
        #expect(unpacked == facts)
    }

    @Test func `a partition cuts a subject that grows beyond it, and can take that back`() {
        var scenario = Scenario(.reference)
        scenario.orders("o", on: 600, of: "u:small")
        scenario.orders("o", on: 600)
        var picture = scenario.picture.subjects[0]
        var large = Self.large(orderCount: 372)
        large.ownFirstSeen = .day(0)
        large.lastEvent = .day(600)
        picture.name = "u:large"
        picture.facts = large.packed
        #expect((500_000...Facts.packedByteCountMax).contains(picture.facts.count))
        scenario.add(picture)
        let before = scenario.picture
        scenario.beginTurn()
        for order in 600..<603 {
            let id = Self.longID("order", 371)
            scenario.happens(.orderUpdated(id, OrderContent(value: .euro(1))), on: 601, of: "u:large")
            scenario.happens(.orderCancelled(Self.longID("order", order)), on: 601, of: "u:large")
            for refund in 0..<15 {
                let refund = Refund(id: Self.longID("refund", refund), amount: nil)
                scenario.happens(.orderRefunded(Self.longID("order", order), refund), on: 601, of: "u:large")
            }
        }
        let cut = scenario.subject("u:large")
        #expect(cut?.facts.isTruncated == true)
        #expect(cut?.facts.orders.contains { $0.id == Self.longID("order", 0) } == false)
        #expect((cut?.lent.facts.count ?? .max) <= Facts.packedByteCountMax)
        scenario.abandonTurns()
        #expect(scenario.picture == before)
        #expect(scenario.value(of: .orders, of: "u:small") == 1)
    }

    @Test func `of the stages ever entered 32 are counted, the newest names`() {
        var said = Said()
        said.subjectTime = .day(0)
        let position = OutputPosition(offset: 0, ordinal: 0)
        for stage in (0..<40).reversed() { said.publish(stage: stage, rule: 0, at: .day(0), position: position) }
        for stage in 0..<40 { said.publish(stage: stage, rule: 0, at: .day(0), position: position) }
        #expect((8..<40).allSatisfy { said.entryCount(of: $0) == 2 })
        #expect((0..<8).allSatisfy { said.entryCount(of: $0) == 0 })
        var writer = PackedWriter()
        #expect(said.pack(into: &writer) <= 512)
        var unpacked = Said()
        unpacked.unpack(writer.bytes)
        #expect(unpacked == said)
    }

    /// Makes facts of orders that are as large as possible.
    private static func large(orderCount: Int) -> Facts {
        var facts = Facts()
        for number in 0..<orderCount {
            let at = Instant.day(Int64(number))
            var order = Order(id: longID("order", number))
            order.reported.placed = at
            for refund in 0..<16 {
                let refund = Refund(id: longID("refund", refund), amount: .euro(1))
                order.reported.refunds.append(OrderRefund(refund, stamp: Stamp(time: at, tieBreaker: 1)))
            }
            facts.orders.insert(order)
        }
        return facts
    }

    private static func longID(_ kind: String, _ number: Int) -> BusinessID {
        let text = "\(kind) \(1_000 + number) "
        return .of(text + String(repeating: "x", count: 64 - text.utf8.count))
    }
}

extension Facts {
    fileprivate mutating func fold(_ kind: StorefrontEvent.Kind, on day: Int64) {
        var event = StorefrontEvent(claimed: .day(day), received: .day(day), tieBreaker: 1, kind: kind)
        fold(&event, counted: .day(day), in: RecordContext(offset: 0, appended: .never))
    }
}
