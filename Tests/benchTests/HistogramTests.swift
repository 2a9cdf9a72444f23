import Shop
import Testing

@testable import bench

@Suite struct `A histogram` {
    /// Makes values from microseconds to hours, each magnitude equally likely.
    private func values(_ seed: UInt64) -> [Int64] {
        var chance = Chance(seed: seed)
        let count = chance.number(in: 1...3_000)
        return (0..<count).map { _ in
            Int64(chance.number(in: 0...(1 << chance.number(in: 0...33))))
        }
    }

    private func histogram(of values: [Int64]) -> Histogram {
        values.reduce(into: Histogram()) { $0.record($1) }
    }

    @Test(arguments: UInt64(1)...60)
    func `gives percentiles of the sorted values, at most a 128th too large`(seed: UInt64) throws {
        let values = values(seed).sorted()
        let histogram = histogram(of: values)
        for perThousand in [1, 10, 250, 500, 900, 990, 999, 1_000] {
            // The nearest rank is the smallest value that `perThousand` of a thousand do not exceed.
            let rank = (1...values.count).first { $0 * 1_000 >= values.count * perThousand } ?? values.count
            let exact = values[rank - 1]
            let found = try #require(histogram.value(perThousand: perThousand))
            #expect(found >= exact, "\(perThousand) of \(values.count)")
            #expect(found - exact <= exact / 128, "\(perThousand) of \(values.count)")
        }
        #expect(histogram.value(perThousand: 1_000) == values.last)
        #expect((histogram.count, histogram.least) == (values.count, values.first))
    }

    @Test(arguments: UInt64(1)...20)
    func `of two parts together is that of the whole`(seed: UInt64) {
        let values = values(seed)
        var together = histogram(of: Array(values.prefix(values.count / 3)))
        together.add(histogram(of: Array(values.dropFirst(values.count / 3))))
        #expect(together == histogram(of: values))
    }

    @Test func `has no percentiles of nothing`() {
        #expect(Histogram().value(perThousand: 500) == nil)
        #expect(Percentiles(Histogram()) == nil)
        #expect(Histogram().rows.isEmpty)
    }

    @Test func `is drawn in six steps to each power of ten, from the least to the largest`() {
        let rows = histogram(of: [1_600, 1_900, 2_100, 6_900, 12_000]).rows
        #expect(rows.map(\.from) == [1_500, 2_000, 3_000, 5_000, 7_000, 10_000])
        #expect(rows.map(\.to) == [2_000, 3_000, 5_000, 7_000, 10_000, 15_000])
        #expect(rows.map(\.count) == [2, 1, 0, 1, 0, 1])
    }

    @Test(arguments: UInt64(1)...20)
    func `draws every value once`(seed: UInt64) {
        let values = values(seed)
        #expect(histogram(of: values).rows.reduce(0) { $0 + $1.count } == values.count)
    }
}
