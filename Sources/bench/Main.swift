import Brokers
import CustomerLifecycle
import Foundation
import PolicyLanguage
import Processor
import Storage
import Wire

/// Measures import and rebuild on an embedded log, beside a bare scan of the same frames in the same run: ratios of one
/// run are what can be compared between machines.
@main enum Main {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        let orderCount = arguments.first ?? 1_000_000
        let customerCount = arguments.dropFirst().first ?? 500_000
        let path = FileManager.default.temporaryDirectory.appending(path: "lifecycle-bench-\(getpid())").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let bench = try Bench(path: path, orderCount: orderCount, customerCount: customerCount)
        try bench.run()
    }
}
