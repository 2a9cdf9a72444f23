import Brokers
import CustomerLifecycle
import Testing
import Wire

@testable import Processor

/// The record that says that the imported history is complete.
@Suite struct `A caught-up record` {
    private static let anna = Rows("anna", [(Rows.order("o1"), "anna", 0)])

    @Test func `claims the time it is appended where nothing comes in live`() throws {
        let shop = try LiveShop(mode: .backfill)
        _ = try shop.router(mode: .backfill).pass()
        try shop.workshop.importRows(Self.anna)
        #expect(try shop.log().last?.kind == .caughtUp)
        #expect(try shop.log().last.map { $0.claimed > shop.now } == true)
    }

    @Test func `beside a live input comes no closer than ticks do`() throws {
        let shop = try LiveShop()
        _ = try shop.router().pass()
        let seen = shop.now
        shop.passes(.days(1))
        try shop.workshop.importRows(Self.anna)
        #expect(try shop.log().last?.claimed == seen - .seconds(30))
    }

    @Test func `waits for a live input that was never read to its end`() throws {
        let shop = try LiveShop()
        let error = #expect(throws: ProcessorError.self) { try shop.workshop.importRows(Self.anna) }
        #expect(error?.description.contains("\(shop.input)") == true)
        #expect(try shop.log().map(\.kind) == [.event])
    }

    @Test func `waits for an input of history that is not read to its end`() throws {
        let shop = try LiveShop(mode: .backfill)
        try shop.send(Rows.order("o9"), by: "bert")
        let error = #expect(throws: ProcessorError.self) { try shop.workshop.importRows(Self.anna) }
        #expect(error?.cause == .usage)
        _ = try shop.router(mode: .backfill).pass()
        try shop.workshop.importRows(Self.anna)
        #expect(try shop.log().last?.kind == .caughtUp)
    }
}
