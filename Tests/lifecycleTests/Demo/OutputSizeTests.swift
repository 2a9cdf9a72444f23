import Brokers
import Processor
import Testing
import Wire

@testable import lifecycle

@Suite struct `A change of stage` {
    /// Of a shop whose customers have carts, sources, coupons and consents.
    @Test func `has at most 1.5 KB of data in the median, and 2 KB in 99 of 100`() throws {
        var sizes: [Int] = []
        let feed = try DemoRun(seed: 1).shop.changeFeed()
        while try feed.lendBatch({ record throws(ProcessorError) in
            guard case .success(let output?) = record.content, case .stageChange(_) = output.content else { return }
            sizes.append(record.record.value?.count ?? 0)
        }) > 0 {}
        sizes.sort()
        #expect(sizes.count > 1_000)
        #expect(sizes[sizes.count / 2] <= 1_500, "median \(sizes[sizes.count / 2])")
        #expect(sizes[sizes.count * 99 / 100] <= 2_000, "p99 \(sizes[sizes.count * 99 / 100])")
    }
}
