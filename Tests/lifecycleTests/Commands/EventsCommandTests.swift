import Capture
import CommandLine
import Service
import Testing
import Wire

@testable import lifecycle

@Suite struct `The schema of an event` {
    private let shop: CornerShop

    init() throws { shop = try CornerShop() }

    @Test func `is printed as its file holds it, under any of the event's names`() throws {
        let contract = try #require(EventContract.all.first { $0.fileName == "order_completed" })
        for name in ["Order Completed", "completed_order"] {
            let session = shop.run(["events", name, "--schema"])
            #expect(session.code == .done && session.output == contract.schema)
        }
        #expect(shop.run(["events", "--schema"]).output == EventContract.envelopeSchema)
        let none = shop.run(["events", "Order Dreamt", "--schema"])
        #expect(none.code == .answerIsNo && none.output.isEmpty)
    }
}
