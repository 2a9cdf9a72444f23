import Testing

@testable import CustomerLifecycle

/// Files of orders are numbered by their imports; the dates are days, and 10 is the newest of most files.
@Suite struct `An order that files have` {
    @Test(arguments: [
        // The newest file decides the total, the status and the refund, both up and down.
        OrderCase.kept(700, .completed(1_000).inFile(1), .completed(700).inFile(2)),
        .kept(1_000, .completed(1_000).inFile(2), .completed(700).inFile(1)),
        .undone(.completed().inFile(1), .completed().inFile(2), .cancelled.inFile(2)),
        .kept(1_000, .completed().inFile(1), .cancelled.inFile(1), .completed().inFile(2)),
        .undone(.completed().inFile(1), .cancelled.inFile(2)),
        .kept(1_000, .completed().inFile(1), .cancelled.inFile(2), .completed().inFile(3)),
        .kept(700, .completed().inFile(1), .refunded(500).inFile(1), .completed().inFile(2), .refunded(300).inFile(2)),
        .kept(1_000, .completed().inFile(1), .refunded(500).inFile(1), .completed().inFile(2)),
        .kept(1_000, .completed().inFile(1), .refunded(nil).inFile(1), .completed().inFile(2)),
        // A row that is cancelled says what any row of its file says.
        .kept(
            1_000, .completed().inFile(1), .refunded(500).inFile(1), .cancelled.inFile(2),
            .completed().inFile(3, .status)),
        // What a file does not say, an earlier one still does.
        .kept(500, .completed().inFile(1), .refunded(500).inFile(1), .completed().inFile(2, .status)),
        .undone(.completed().inFile(1), .cancelled.inFile(1), .completed().inFile(2, .refunds)),
        .kept(1_000, .completed(1_000).inFile(1), .completed(nil).inFile(2)),
        // Without amounts of refunds, the status alone says that all came back.
        .kept(
            1_000, .completed().inFile(1, .status), .refunded(nil).inFile(1, .status), .completed().inFile(2, .status)),
        .undone(
            .completed().inFile(1), .refunded(500).inFile(1), .completed().inFile(2, .status),
            .refunded(nil, "w").inFile(2, .status)),
        // What events report up to its newest date, the file has counted in.
        .kept(700, .completed(1_000), .updated(900, day: 10), .completed(700).inFile(1)),
        .kept(1_000, .completed(), .cancelled(day: 10), .completed().inFile(1)),
        .kept(
            900, .completed(), .refunded(300, "r1", day: 4), .refunded(300, "r2", day: 10), .completed().inFile(1),
            .refunded(100, "f").inFile(1)),
        .kept(700, .completed(), .refunded(300, day: 4), .completed().inFile(1, .status)),
        .undone(.completed(), .cancelled(day: 4), .completed().inFile(1, .refunds)),
        // What they report after it counts on top.
        .kept(900, .completed().inFile(1), .updated(900, day: 11)),
        .undone(.completed().inFile(1), .cancelled(day: 11)),
        .kept(600, .completed().inFile(1), .refunded(100, "f").inFile(1), .refunded(300, day: 11)),
        .undone(.completed().inFile(1), .refunded(100, "f").inFile(1), .refunded(900, day: 11)),
        // The file of the highest number, whichever ends first, and wherever it stands.
        .kept(900, .completed(1_000).inFile(1, upTo: 20), .updated(900, day: 15), .completed(700).inFile(2, upTo: 12)),
        .kept(700, .completed(1_000).inFile(1, upTo: 12), .updated(900, day: 15), .completed(700).inFile(2, upTo: 20)),
        .undone(.completed().inFile(2), .cancelled(day: 15), .completed().inFile(1, upTo: 20)),
        .waits(.cancelled.inFile(2)), .waits(.completed(-500).inFile(1)),
    ])
    func `comes to the same, whichever of its parts arrives first`(order: OrderCase) {
        for parts in permutations(order.parts) {
            var scenario = Scenario(.reference)
            for part in parts + parts {
                scenario.happens(part.kind, on: part.day, isBackfill: true, statement: part.statement)
            }
            let found = [Fact.orders, .undoneOrders, .revenue].map { scenario.value(of: $0) }
            #expect(found == [order.kept, order.undone, order.revenue], "\(parts)")
        }
    }

    @Test func `was placed when the newest file says, and the customer was seen then`() {
        for numbers: [UInt32] in [[1, 2], [2, 1]] {
            var scenario = Scenario(.reference)
            scenario.happens(.completed("other"), on: 40)
            for number in numbers {
                let statement = Statement(number: number, newest: .day(90), covers: .known)
                scenario.happens(.completed("o"), on: number == 1 ? 90 : 30, isBackfill: true, statement: statement)
            }
            #expect(scenario.value(of: .firstOrder) == Instant.day(30).milliseconds)
            #expect(scenario.value(of: .firstSeen) == Instant.day(30).milliseconds)
            #expect(scenario.value(of: .knownSince) == Instant.day(30).milliseconds)
            #expect(scenario.value(of: .lastSeen) == Instant.day(40).milliseconds)
        }
    }

    @Test func `still says when the customer was first seen once it is one too many`() {
        var facts = Facts()
        for day in 0..<Int64(513) {
            var event = StorefrontEvent(
                claimed: .day(day), received: .day(day), tieBreaker: 1, kind: .completed("o\(day)"))
            event.statement = Statement(number: 1, newest: .day(600), covers: .known)
            facts.fold(&event, counted: .day(day), in: RecordContext(offset: 0, appended: .never))
        }
        #expect(facts.orders.count == 512 && facts.isTruncated)
        #expect(facts.firstSeen == .day(0) && facts.knownSince == .day(0) && facts.lastSeen == .day(512))
    }
}
