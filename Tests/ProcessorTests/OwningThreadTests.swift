import Brokers
import CustomerLifecycle
import Testing

@testable import Processor

/// What one thread owns another one must not touch: release builds check nothing of it.
@Suite struct `A second thread` {
    /// Runs the work on this thread, then on another one.
    private static func twice(_ work: @escaping () -> Void) {
        work()
        // Wrong on purpose.
        nonisolated(unsafe) let again = work
        OwnThread { again() }.join()
    }

    private static func expectTrap(_ errors: [UInt8], _ owned: String) {
        #expect(String(decoding: errors, as: UTF8.self).contains("\(owned) is used by a thread that does not own it."))
    }

    @Test func `that takes a router's turn traps`() async throws {
        let exit = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let shop = try LiveShop()
            let router = try shop.router()
            Self.twice { _ = try? router.takeTurn() }
        }
        Self.expectTrap(try #require(exit).standardErrorContent, "A router")
    }

    @Test func `that takes a projector's turn traps`() async throws {
        let exit = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let projector = try Workshop().projector()
            Self.twice { _ = try? projector.takeTurn() }
        }
        Self.expectTrap(try #require(exit).standardErrorContent, "A projector")
    }

    @Test func `that goes on with a fold traps, unless the fold was handed over`() async throws {
        let handedOver = await #expect(processExitsWith: .success) {
            let fold = try Workshop().recover(0)
            nonisolated(unsafe) let another = fold
            OwnThread { another.beginTurn() }.join()
        }
        _ = try #require(handedOver)
        let exit = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let fold = try Workshop().recover(0)
            fold.beginTurn()
            Self.twice { fold.abandonTurns() }
        }
        Self.expectTrap(try #require(exit).standardErrorContent, "A fold")
    }
}
