import Foundation
import Hostile
import Testing

@testable import fuzz

/// The events that a real client library sent, damaged, through all that the Router and the fold do to a record.
@Suite("A damaged event of a client", .whereSharedDataAreGiven) struct DamagedClientTests {
    private static let mutationCount = 20_000

    @Test(arguments: UInt64(1)...4)
    func `is a record that reads back, or is rejected for a reason, as one of ours is`(seed: UInt64) throws {
        let workplace = try Workplace()
        let events = try Self.events(workplace)
        var attack = try EventAttack()
        let mutations = Mutations.ofEvents(events)
        var random = Hostile.SeededGenerator(seed: seed)
        var takenCount = 0
        for round in 0..<Self.mutationCount / 4 {
            var bytes = events[Int.random(in: 0..<events.count, using: &random)]
            for _ in 0..<Int.random(in: 0...3, using: &random) { mutations.apply(to: &bytes, &random) }
            do throws(BrokenPromise) {
                takenCount += try attack.attempt(bytes).isTaken ? 1 : 0
            } catch {
                Issue.record("seed \(seed), round \(round): \(error)\n\(String(decoding: bytes, as: UTF8.self))")
            }
        }
        #expect(takenCount > Self.mutationCount / 4 / 5)
    }

    private static func events(_ workplace: Workplace) throws -> [[UInt8]] {
        let path = workplace.path + "/events"
        try Gzip.unpack(Settings.clients, to: path)
        let lines = try Data(contentsOf: URL(filePath: path)).split(separator: UInt8(ascii: "\n"))
        return lines.map { Array($0) }
    }
}
