import CustomerLifecycle
import Testing

/// The position within a record that moves time is committed with its outputs. It must not depend on what a queue
/// remembers, because a fold from a checkpoint has forgotten that.
@Suite struct `A slice of a record that moves time` {
    /// Two of three customers are due at one instant. The other one ordered again, so only a stale entry is left.
    private static func scenario(putOff: String, isRecovered: Bool) -> Scenario {
        var scenario = Scenario(.reference)
        for name in ["u:ada", "u:bea", "u:cid"] { scenario.orders("o", on: 0, of: name) }
        scenario.orders("p", on: 50, of: putOff)
        if isRecovered { scenario.recoversFromCheckpoint() }
        scenario.begin(.tick(.day(61)), appended: .day(61))
        return scenario
    }

    @Test(arguments: [false, true])
    func `that has had its fill is not done, whatever is left`(isRecovered: Bool) {
        var scenario = Self.scenario(putOff: "u:cid", isRecovered: isRecovered)
        var counts: [Int] = []
        repeat { counts.append(scenario.moves.count) } while !scenario.proceed(outputCountMax: 1)
        #expect(counts == [4, 5, 6])
        #expect(scenario.moves.count == 6)
    }

    @Test(arguments: [false, true])
    func `counts whom it meets, and no entry that counts no more`(isRecovered: Bool) {
        var scenario = Self.scenario(putOff: "u:bea", isRecovered: isRecovered)
        scenario.partition.skip(step: 1)
        while !scenario.proceed(outputCountMax: .max) {}
        #expect(scenario.moves.suffix(1).map(\.subject) == ["u:ada"])
        #expect(scenario.moves.count == 5)
    }

    @Test func `that is taken back leaves out whom it had left out`() {
        var scenario = Scenario(.reference)
        for name in ["u:ada", "u:bea", "u:cid"] { scenario.orders("o", on: 0, of: name) }
        scenario.partition.beginGeneration(
            number: 2, at: .day(1), in: RecordContext(offset: scenario.nextOffset, appended: .never))
        scenario.partition.skip(step: 1)
        scenario.beginTurn()
        // The tick before the epoch, then Ada.
        for _ in 0..<2 { _ = scenario.proceed(outputCountMax: 1) }
        scenario.commitTurn()
        // What was found about the others is forgotten with a turn that is taken back.
        scenario.beginTurn()
        _ = scenario.proceed(outputCountMax: 1)
        scenario.abandonTurns()
        while !scenario.proceed(outputCountMax: 1) {}
        #expect(scenario.restated.map(\.subject) == ["u:ada", "u:cid"])
        #expect(scenario.moves.count == 3)
    }
}
