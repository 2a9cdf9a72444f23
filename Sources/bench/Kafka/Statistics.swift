/// Returns the middle value, or the mean of the two in the middle; nil where there are none.
func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// Returns the value divided by `other`; nil where one is missing or `other` is not positive.
func ratio(_ value: Double?, to other: Double?) -> Double? {
    guard let value, let other, other > 0 else { return nil }
    return value / other
}

/// The percentiles of latencies in milliseconds.
struct Percentiles: Encodable, Equatable {
    var p50: Double
    var p90: Double
    var p99: Double
    var p999: Double
    var max: Double

    enum CodingKeys: String, CodingKey {
        case p50, p90, p99, max
        case p999 = "p99.9"
    }

    static let names = ["p50", "p90", "p99", "p99.9", "max"]
    var values: [Double] { [p50, p90, p99, p999, max] }

    private init?(_ values: [Double?]) {
        let known = values.compactMap { $0 }
        guard known.count == Self.names.count else { return nil }
        (p50, p90, p99, p999, max) = (known[0], known[1], known[2], known[3], known[4])
    }

    init(p50: Double, p90: Double, p99: Double, p999: Double, max: Double) {
        (self.p50, self.p90, self.p99, self.p999, self.max) = (p50, p90, p99, p999, max)
    }

    /// Takes the percentiles of a histogram; nil where nothing was recorded.
    init?(_ histogram: Histogram) {
        self.init([500, 900, 990, 999, 1_000].map { histogram.value(perThousand: $0).map { Double($0) / 1_000 } })
    }

    /// Takes each percentile's median over the runs; nil where there are none.
    init?(medianOf runs: [Percentiles]) {
        self.init(Self.names.indices.map { index in median(runs.map { $0.values[index] }) })
    }

    /// Divides each percentile by the other's; nil where one of those is 0.
    init?(_ one: Percentiles?, over other: Percentiles?) {
        guard let one, let other else { return nil }
        self.init(zip(one.values, other.values).map { ratio($0, to: $1) })
    }
}
