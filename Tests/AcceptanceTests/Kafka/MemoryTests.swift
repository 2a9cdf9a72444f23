import Foundation
import Testing

extension OnKafka {
    /// The largest load of one process: all input partitions, all of the log's, and a backlog.
    @Suite struct `A processor on Kafka with a backlog` {
        private static let orderCount = 600_000
        private static let customerCount = 100_000
        private static let megabytesMax = 200

        @Test func `takes at most 200 MB beside the customers`() throws {
            let shop = try KafkaShop(partitions: 6, inputPartitions: 12)
            try shop.create()
            let start = Date(timeIntervalSince1970: 1_700_000_000)
            for first in stride(from: 0, to: Self.orderCount, by: 50_000) {
                let lines = (first..<first + 50_000).map { number in
                    Orders.completed(
                        "o\(number)", by: "k\(number % Self.customerCount)",
                        at: start.addingTimeInterval(Double(number) * 90))
                }
                try shop.tools.produce(lines, to: shop.input)
            }
            let processor = try shop.start()
            try shop.drain(processor)
            let customers = try #require(try shop.status()?.worker("projector")?.customerBytes)
            #expect(customers > Self.customerCount * 100, "\(customers)")
            let peak = try Self.peakBytes(of: processor.id)
            print("\(peak >> 20) MB at most, \(customers >> 20) MB of them customers")
            #expect(peak - customers <= Self.megabytesMax << 20, "\(peak >> 20) MB, \(customers >> 20) MB customers")
            try shop.stop(processor)
        }

        /// Returns `VmHWM` in bytes; the system gives it in KiB.
        private static func peakBytes(of process: Int32) throws -> Int {
            let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
            return try #require(Int(line.filter(\.isNumber))) << 10
        }
    }
}
