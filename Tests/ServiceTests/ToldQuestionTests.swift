import CommandLine
import CustomerLifecycle
import Processor
import Testing

@testable import Service

@Suite struct `A question told in a query` {
    private static func question<Q: ToldQuestion>(_ query: String) throws(CommandFailure) -> Q {
        Q(try Settings(Q.parameters, query: query))
    }

    @Test func `is the one that the command line tells`() throws {
        let at = try #require(InstantText.read("1998-06-30"))
        #expect(try Self.question("") == StagesQuestion())
        #expect(try Self.question("months=3&at=1998-06-30") == StagesQuestion(asOf: at, monthCount: 3))
        #expect(try Self.question("at=1998-06-30T00:00:00Z") == DigestQuestion(asOf: at))
        #expect(try Self.question("customer=a%3Aweb-1") == ExplainQuestion(customer: "a:web-1"))
        #expect(
            try Self.question("stage=at_risk&sort=last-order&descending&limit=5")
                == CustomersQuestion(stage: "at_risk", order: .lastOrder, isDescending: true, limit: 5))
    }

    @Test func `that is wrong says what was expected`() throws {
        let limit = #expect(throws: CommandFailure.self) { () throws(CommandFailure) -> CustomersQuestion in
            try Self.question("limit=0")
        }
        #expect(limit?.description == "limit: expected a whole number from 1 up, or all, not \"0\"")
        #expect(try Self.question("limit=all") == CustomersQuestion(limit: CustomersQuestion.everybody))
        let customer = #expect(throws: CommandFailure.self) { () throws(CommandFailure) -> ExplainQuestion in
            try Self.question("at=1998-06-30")
        }
        #expect(customer?.description.hasPrefix("customer is missing: ") == true)
        let at = #expect(throws: CommandFailure.self) { () throws(CommandFailure) -> DigestQuestion in
            try Self.question("at=yesterday")
        }
        #expect(at?.description.hasPrefix("at: expected an instant such as 1998-06-30T00:00:00Z") == true)
    }
}
