import Testing

@testable import CustomerLifecycle

/// The copies that checkpoints are made of, while the fold goes on.
@Suite struct `A copy of a partition` {
    @Test func `is of what stood when it began, whatever is folded, taken back or forgotten meanwhile`() {
        var changedCount = 0
        for seed in UInt64(1)...150 {
            let mask = LogMaker.hashMask(seed: seed)
            var scenario = Scenario(PolicyMaker.policy(seed: seed), hashMask: mask)
            var turns = RandomTurns(records: LogMaker.log(seed: seed).records, seed: seed)
            var copier = RandomCopier(seed: seed, hashMask: mask)
            turns.fold(into: &scenario) { copier.visit(&$0) }
            copier.finish(&scenario)
            changedCount += copier.changedCount
        }
        #expect(changedCount > 150)
    }

    @Test(arguments: UInt64(1)...3)
    func `is whole while the table grows and shrinks under it`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var scenario = Scenario(.reference)
        var copier = RandomCopier(seed: seed, hashMask: .max)
        var day: Int64 = 0
        for round in 0..<120 {
            copier.visit(&scenario)
            scenario.beginTurn()
            for _ in 0..<random.number(0...120) {
                let number = random.number(0...(round < 40 ? 700 : 5_000))
                if random.chance(60) {
                    scenario.happens(.seen, on: day, of: "a:\(number)")
                } else {
                    scenario.orders("o\(round)", on: day, of: "u:\(number)")
                }
            }
            // Sometimes there is so long a silence that every visitor is forgotten.
            day += random.chance(4) ? 420 : 1
            if random.chance(20) { scenario.timePasses(until: day) }
            if random.chance(30) { scenario.abandonTurns() } else { scenario.commitTurn() }
        }
        copier.finish(&scenario)
        #expect(copier.changedCount > 2)
        #expect(copier.sizes.max() ?? 0 > 1_000)
    }

    @Test func `lends subjects in an order that depends on nothing but themselves`() {
        let names = (0..<2_000).map { "u:\($0)" }
        var grown = Scenario(.reference)
        for name in names { grown.orders("o", on: 1, of: name) }
        var shuffled = Scenario(.reference)
        var random = SeededRandom(seed: 1)
        for name in names.shuffled(using: &random) {
            shuffled.happens(.seen, on: 1, of: name.replacing("u:", with: "a:"))
        }
        shuffled.timePasses(until: 500)
        for name in names.shuffled(using: &random) { shuffled.orders("o", on: 1, of: name) }
        #expect(shuffled.partition.subjectCount == 2_000)
        let copies = [copy(of: &grown), copy(of: &shuffled)]
        #expect(copies[0].count == 2_000)
        #expect(copies[0].map(\.name) == copies[1].map(\.name))
    }

    private func copy(of scenario: inout Scenario) -> [SubjectPicture] {
        var subjects: [SubjectPicture] = []
        scenario.partition.beginCopy()
        while !scenario.partition.copyOn({ subjects.append(SubjectPicture($0)) }) {}
        scenario.partition.endCopy()
        return subjects
    }
}

/// Begins copies at random between turns, takes them in random bits, and compares each with what stood when it began.
private struct RandomCopier {
    private var random: SeededRandom
    private let seed: UInt64
    private let hashMask: UInt64
    private var expected: [SubjectPicture] = []
    private var copied: [SubjectPicture] = []
    /// How many subjects each finished copy had.
    private(set) var sizes: [Int] = []
    /// How many copies finished after their partition had changed.
    private(set) var changedCount = 0

    init(seed: UInt64, hashMask: UInt64) {
        self.seed = seed
        self.hashMask = hashMask
        random = SeededRandom(seed: seed ^ 0xC0B1)
    }

    mutating func visit(_ scenario: inout Scenario) {
        guard scenario.partition.isBeingCopied else {
            guard scenario.partition.nextOrdinal == nil, random.chance(40) else { return }
            expected = inOrder(scenario.picture.subjects)
            copied = []
            scenario.partition.beginCopy()
            return
        }
        let rangeCount = random.pick([0, 1, 2, 5, 40])
        for _ in 0..<rangeCount where scenario.partition.isBeingCopied { copyOn(&scenario) }
        if random.chance(2) { scenario.partition.endCopy() }
    }

    mutating func finish(_ scenario: inout Scenario) {
        while scenario.partition.isBeingCopied { copyOn(&scenario) }
    }

    private mutating func copyOn(_ scenario: inout Scenario) {
        guard scenario.partition.copyOn({ copied.append(SubjectPicture($0)) }) else { return }
        scenario.partition.endCopy()
        let isSame = copied == expected
        #expect(isSame, "seed \(seed)")
        sizes.append(copied.count)
        if inOrder(scenario.picture.subjects) != expected { changedCount += 1 }
    }

    /// Sorts subjects by tag, then by bytes.
    private func inOrder(_ subjects: [SubjectPicture]) -> [SubjectPicture] {
        subjects.map { (tag(of: $0.name), Array($0.name.utf8), $0) }
            .sorted { $0.0 != $1.0 ? $0.0 < $1.0 : $0.1.lexicographicallyPrecedes($1.1) }
            .map(\.2)
    }

    private func tag(of name: String) -> UInt32 {
        Array(name.utf8).withUnsafeBytes { SubjectTable.tag(hash: hash(of: $0) & hashMask) }
    }
}
