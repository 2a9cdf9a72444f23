import Brokers
import CustomerLifecycle
import Foundation
import PolicyLanguage
import Processor
import Storage
import Wire

/// Measures import, its bytes on disk, and rebuild on an embedded log, beside a bare scan of the same frames in the
/// same run, because only ratios within one run can be compared between machines. A second import, under a policy of
/// one stage, tells what the log takes with few changes.
///
///     bench [ORDERS [CUSTOMERS]] [--directory D] [--counted]
///     bench kafka [--help]
///
/// With a directory the log is kept, and a log that is there already is only scanned and rebuilt, for profiling and for
/// comparing two builds. With `--counted` it does `CountedWork` instead. `bench kafka` measures `lifecycle run` on a
/// Kafka (Benchmarks.md).
@main enum Main {
    static func main() throws {
        let words = Array(CommandLine.arguments.dropFirst())
        if words.first == "kafka" { exit(KafkaBench.run(Array(words.dropFirst()))) }
        var arguments = CommandLine.arguments.dropFirst()
        var directory: String?
        if let flag = arguments.firstIndex(of: "--directory"), flag + 1 < arguments.endIndex {
            directory = arguments[flag + 1]
            arguments.removeSubrange(flag...flag + 1)
        }
        let counts = arguments.compactMap { Int($0) }
        let path =
            directory ?? FileManager.default.temporaryDirectory.appending(path: "lifecycle-bench-\(getpid())").path
        defer { if directory == nil { try? FileManager.default.removeItem(atPath: path) } }
        if arguments.contains("--counted") {
            var work = try CountedWork(path: path)
            return try work.run()
        }
        let isBuilt = FileManager.default.fileExists(atPath: path)
        let orderCount = counts.first ?? 2_000_000
        let customerCount = counts.dropFirst().first ?? 1_000_000
        let bench = try Bench(path: path, orderCount: orderCount, customerCount: customerCount)
        if isBuilt { return try bench.rebuild() }
        try bench.run()
        // Beside the directory that is kept, for it is measured and done.
        let other = path + "-one-stage"
        defer { try? FileManager.default.removeItem(atPath: other) }
        try Bench(path: other, orderCount: orderCount, customerCount: customerCount, policy: Bench.oneStage)
            .importOrders()
    }
}
