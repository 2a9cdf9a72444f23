import Testing

@testable import CustomerLifecycle

/// Our own errors stop the process before they reach the log.
@Suite struct `A mistake of ours traps` {
    @Test func `a review that is already due`() async {
        await #expect(processExitsWith: .failure) {
            _ = Policy.reference.evaluate(Facts(), at: .never)
        }
    }

    @Test func `a policy that leaves a customer without a stage`() async {
        await #expect(processExitsWith: .failure) {
            _ = Policy.of([("yes", .constant(false))]).evaluate(Facts(), at: .day(0))
        }
    }

    @Test func `a turn within a turn`() async {
        await #expect(processExitsWith: .failure) {
            var partition = Partition(policy: .reference)
            partition.beginTurn()
            partition.beginTurn()
        }
    }

    @Test func `a third turn while the first may still be lost`() async {
        await #expect(processExitsWith: .failure) {
            var partition = Partition(policy: .reference)
            partition.beginTurn()
            partition.closeTurn()
            partition.beginTurn()
            partition.closeTurn()
        }
    }

    @Test func `taking back a turn that was committed`() async {
        await #expect(processExitsWith: .failure) {
            var partition = Partition(policy: .reference)
            partition.beginTurn()
            partition.commitTurn()
            partition.abandonTurns()
        }
    }

    @Test func `a second record that moves time before the first is done`() async {
        await #expect(processExitsWith: .failure) {
            var partition = Partition(policy: .reference)
            partition.beginTick(at: .day(0), in: RecordContext(offset: 0, appended: .never))
            partition.beginTick(at: .day(1), in: RecordContext(offset: 1, appended: .never))
        }
    }

    @Test func `going on with no record that moves time`() async {
        await #expect(processExitsWith: .failure) {
            var partition = Partition(policy: .reference)
            var outcome = Outcome(describes: false)
            _ = partition.proceed(outputCountMax: 1, into: &outcome)
        }
    }

    @Test func `a checkpoint that names a subject twice`() async {
        await #expect(processExitsWith: .failure) {
            var scenario = Scenario(.reference)
            scenario.orders("o", on: 0)
            let picture = scenario.picture
            scenario.add(picture.subjects[0])
        }
    }

    @Test(arguments: [0, 1, 7, 20])
    func `facts cut short`(count: Int) async {
        let facts = Self.packed
        #expect(facts.count > 20)
        await #expect(processExitsWith: .failure) { [count] in
            var facts = Facts()
            Array(Self.packed.prefix(count)).withUnsafeBytes { facts.unpack($0, isIdentified: true) }
        }
    }

    @Test func `facts with bytes left over`() async {
        await #expect(processExitsWith: .failure) {
            var facts = Facts()
            (Self.packed + [0]).withUnsafeBytes { facts.unpack($0, isIdentified: true) }
        }
    }

    @Test func `a block beyond a chunk`() async {
        await #expect(processExitsWith: .failure) {
            var slab = Slab()
            _ = slab.allocate(byteCount: Slab.blockBytesMax + 1)
        }
    }

    private static var packed: [UInt8] {
        var scenario = Scenario(.reference)
        scenario.orders("o", on: 0)
        return scenario.subject("u:ada")?.lent.facts ?? []
    }
}
