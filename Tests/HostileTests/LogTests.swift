import Hostile
import Testing

@testable import fuzz

/// Records of the log, its segments and checkpoints, damaged. A failure prints its seed.
@Suite struct `Damaged stored bytes` {
    @Test(arguments: UInt64(1)...4)
    func `of a log record are folded, or refused for a reason`(seed: UInt64) throws {
        try damage(RecordAttack(), RecordAttack.samples(), seed: seed, roundCount: 2_000)
    }

    @Test func `of a log record that is cut off are folded or refused`() throws {
        var attack = try RecordAttack()
        let samples = try RecordAttack.samples()
        // Of the events some: what is cut in most of them is their JSON.
        for sample in samples.prefix(6) + samples.suffix(SampleLog.ownCount) {
            for count in 0..<sample.count { _ = try attack.attempt(Array(sample[..<count])) }
        }
    }

    @Test(arguments: UInt64(1)...4)
    func `of a segment, with checksums that fit or not, are read as far as they make sense`(seed: UInt64) throws {
        try damage(SegmentAttack(), SegmentAttack.samples(), seed: seed, roundCount: 500)
    }

    @Test(arguments: [UInt8(0), 1])
    func `of a segment that is cut off are those of its whole frames`(isMended: UInt8) throws {
        var attack = SegmentAttack()
        // Genesis, then two records, then one.
        let segment = try SampleLog().files(recordCount: 3).segment
        var verdicts: [Verdict] = []
        for count in 0..<segment.count {
            let verdict = try attack.attempt([isMended] + segment[..<count])
            if verdict.isTaken, verdict != verdicts.last { verdicts.append(verdict) }
        }
        #expect(verdicts == [1, 3].map { .taken("\($0) records") })
    }

    @Test func `of a checkpoint are refused, whatever is done to them`() throws {
        var attack = try CheckpointAttack()
        let sample = try CheckpointAttack.samples()[0]
        #expect(try attack.attempt(sample).isTaken)
        let mutations = Mutations(others: [sample])
        var random = SeededGenerator(seed: 1)
        for round in 0..<4_000 {
            var bytes = sample
            for _ in 0..<Int.random(in: 1...3, using: &random) { mutations.apply(to: &bytes, &random) }
            bytes[0] = 0
            let verdict = try attack.attempt(bytes)
            #expect(verdict.isTaken == (bytes == sample), "round \(round)")
        }
    }

    @Test(arguments: [UInt8(0), 1])
    func `of a checkpoint that is cut off are refused`(isMended: UInt8) throws {
        var attack = try CheckpointAttack()
        let sample = try CheckpointAttack.samples()[0].dropFirst()
        for count in 0..<sample.count {
            #expect(try !attack.attempt([isMended] + sample.prefix(count)).isTaken, "cut to \(count)")
        }
    }

    @Test func `of a checkpoint whose checksums fit are a snapshot, or refused`() throws {
        var attack = try CheckpointAttack()
        let sample = try CheckpointAttack.samples()[1]
        #expect(try attack.attempt(sample).isTaken)
        try damage(attack, [sample], seed: 1, roundCount: 4_000)
    }

    private func damage(_ attack: some Attack, _ samples: [[UInt8]], seed: UInt64, roundCount: Int) throws {
        var attack = attack
        var random = SeededGenerator(seed: seed)
        let mutations = Mutations(others: samples)
        var takenCount = 0
        for round in 0..<roundCount {
            var bytes = samples[round % samples.count]
            for _ in 0..<Int.random(in: 1...3, using: &random) { mutations.apply(to: &bytes, &random) }
            let verdict = try attack.attempt(bytes)
            if verdict.isTaken { takenCount += 1 }
            #expect(try attack.attempt(bytes) == verdict, "seed \(seed), round \(round): the same bytes, twice")
        }
        #expect((1..<roundCount).contains(takenCount), "\(takenCount) of \(roundCount) were taken")
    }
}
