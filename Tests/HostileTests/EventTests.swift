import CustomerLifecycle
import Hostile
import Testing

@testable import Wire
@testable import fuzz

/// Events of every name of the vocabulary, damaged. A failure prints its seed, which alone repeats it.
@Suite struct `A damaged event` {
    private static let mutationCount = 100_000
    private static let seeds = UInt64(1)...20

    @Test(arguments: seeds)
    func `is a record that reads back and folds, or is rejected for a reason, and never stops the process`(
        seed: UInt64
    ) throws {
        var random = SeededGenerator(seed: seed)
        var attack = try EventAttack()
        let samples = EventAttack.samples()
        let mutations = Mutations.ofEvents(samples)
        var takenCount = 0
        var reasons: Set<String> = []
        let roundCount = Self.mutationCount / Self.seeds.count
        for round in 0..<roundCount {
            var bytes = samples[round % samples.count]
            for _ in 0..<Int.random(in: 1...3, using: &random) { mutations.apply(to: &bytes, &random) }
            switch try attempt(bytes, by: &attack, "seed \(seed), round \(round)") {
            case .taken: takenCount += 1
            case .refused(let reason): reasons.insert(reason)
            case nil: return
            }
        }
        #expect(takenCount > roundCount / 5, "Too few events survive their mutation to prove anything.")
        #expect(reasons.count >= 8, "\(reasons.sorted())")
    }

    private static let reasonsOfCut: [Verdict?] = ["empty", "not_json", "not_utf8"].map { .refused($0) }

    @Test(arguments: 0..<4)
    func `that is cut off at any byte is rejected`(part: Int) throws {
        var attack = try EventAttack()
        for (number, sample) in EventAttack.samples().enumerated() where number % 4 == part {
            for count in 0..<sample.count {
                let verdict = try attempt(Array(sample[..<count]), by: &attack, "sample \(number), cut to \(count)")
                #expect(Self.reasonsOfCut.contains(verdict), "sample \(number), cut to \(count): \(verdict)")
            }
        }
    }

    @Test func `is damaged from one that is taken, of each name that the fold knows`() throws {
        var attack = try EventAttack()
        for sample in EventAttack.samples() {
            #expect(try attack.attempt(sample).isTaken, "\(String(decoding: sample, as: UTF8.self))")
        }
        let names = EventNames()
        let known = SampleEvents.names.map { Array($0.utf8).withUnsafeBytes { names.meaning(of: $0) } }
        for (name, meaning) in EventMeaning.byName { #expect(known.contains(meaning), "\(name)") }
        // One is of a name that nobody told us of, and several mean nothing to the facts.
        #expect(known.contains(.unknown) && SampleEvents.names.count > 70)
    }

    /// Returns nil where a promise was broken, which is recorded with the bytes.
    private func attempt(_ bytes: [UInt8], by attack: inout EventAttack, _ place: String) throws -> Verdict? {
        do throws(BrokenPromise) {
            return try attack.attempt(bytes)
        } catch {
            Issue.record("\(place): \(error)\n\(String(decoding: bytes, as: UTF8.self))")
            return nil
        }
    }
}
