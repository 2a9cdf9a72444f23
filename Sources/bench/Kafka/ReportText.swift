import Foundation

extension Report {
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    func lines() -> [String] {
        let head = ["\(program), \(began), \(cores) cores; medians of \(runs) run\(runs == 1 ? "" : "s")"]
        return head + notMeasured + latencyLines() + catchUpLines() + diskLines() + failureLines()
    }

    private func latencyLines() -> [String] {
        guard !latency.isEmpty else { return [] }
        var rows = [["orders/s"] + Percentiles.names + ["missing", "of a core", "µs an order", "peak MB"]]
        for found in latency {
            rows.append(
                ["\(Words.grouped(found.ordersPerSecond)) lifecycle"] + Self.cells(found.lifecycle)
                    + [
                        "\(found.missing)", Words.percent(found.processorShare),
                        Words.figure(found.processorMicrosecondsPerOrder),
                        Words.figure(found.peakMegabytes),
                    ])
            guard !found.bareLoopRuns.isEmpty else { continue }
            rows.append(["  bare loop"] + Self.cells(found.bareLoop) + ["", "", "", ""])
            rows.append(["  ratio"] + Self.cells(found.ratio) + ["", "", "", ""])
        }
        let title = "Latency, from an order to its change at a subscriber, \(seconds) s a run, in milliseconds"
        return ["", title] + Words.table(rows) + latency.compactMap(unseen) + latency.flatMap { Self.drawing($0) }
    }

    /// Returns a warning if the bare loop left out what it did not see in time, since its percentiles then look better
    /// than they are.
    private func unseen(_ found: Latency) -> String? {
        let expected = found.bareLoopRuns.count * seconds * found.ordersPerSecond
        let unseen = expected - found.bareLoopRuns.reduce(0) { $0 + $1.measured }
        // It does not report exactly where its warm-up ends, so a small difference is ignored.
        guard unseen * 50 > expected else { return nil }
        return "at \(Words.grouped(found.ordersPerSecond))/s the bare loop did not see \(unseen) of \(expected) in time"
    }

    private static func cells(_ percentiles: Percentiles?) -> [String] {
        percentiles.map { $0.values.map { Words.figure($0) } } ?? Percentiles.names.map { _ in "–" }
    }

    /// Draws the distribution. Each bar is as long as the logarithm of its count, so that the few late ones can be
    /// seen.
    private static func drawing(_ found: Latency) -> [String] {
        let rows = found.latencies.rows
        guard !rows.isEmpty else { return [] }
        let most = log10(Double(rows.map(\.count).max() ?? 0) + 1)
        let title = "\(Words.grouped(found.ordersPerSecond))/s, all runs; bars by the logarithm of the count"
        let lines = rows.map { row in
            let bar = most > 0 ? Int((log10(Double(row.count) + 1) / most * 40).rounded()) : 0
            let share = Double(row.count) / Double(max(found.latencies.count, 1))
            return [
                "  under \(Words.figure(Double(row.to) / 1_000)) ms", Words.grouped(row.count),
                Words.percent(share), String(repeating: "█", count: bar),
            ]
        }
        return ["", title]
            + Words.table(lines.map { Array($0.dropLast()) }).enumerated().map { "\($1)  \(lines[$0][3])" }
    }

    private func catchUpLines() -> [String] {
        guard let catchUp else { return [] }
        var rows = [["", "events/s", "of ours", "µs an event", "peak MB"]]
        rows.append([
            "lifecycle", Words.figure(catchUp.lifecycleEventsPerSecond), "1",
            Words.figure(catchUp.processorMicrosecondsPerEvent), Words.figure(catchUp.peakMegabytes),
        ])
        if !catchUp.streamsRuns.isEmpty {
            let times = ratio(catchUp.streamsEventsPerSecond, to: catchUp.lifecycleEventsPerSecond)
            rows.append(["Kafka Streams", Words.figure(catchUp.streamsEventsPerSecond), Words.figure(times), "", ""])
        }
        if !catchUp.bareLoopRuns.isEmpty {
            let times = ratio(catchUp.bareLoopEventsPerSecond, to: catchUp.lifecycleEventsPerSecond)
            rows.append(["bare loop", Words.figure(catchUp.bareLoopEventsPerSecond), Words.figure(times), "", ""])
        }
        let title =
            "Catching up with \(Words.grouped(catchUp.orders)) orders of \(Words.grouped(catchUp.customers)) customers"
        let settled = "settled, what the time since brought included, after \(Words.figure(catchUp.settledSeconds)) s"
        return ["", title] + Words.table(rows) + [settled]
    }

    private func diskLines() -> [String] {
        guard let disk else { return [] }
        let rows = zip(DiskRun.names, disk.topics).map { name, topic in
            [name, Words.figure(topic.bytesPerEvent), Words.figure(topic.recordsPerEvent)]
        }
        return ["", "On disk, per event"] + Words.table([["", "bytes", "records"]] + rows)
    }

    private func failureLines() -> [String] {
        guard !isGood else { return [] }
        let lost = latency.filter { $0.missing > 0 || $0.repeated > 0 }.map {
            "at \($0.ordersPerSecond)/s \($0.missing) changes are missing, and \($0.repeated) came again"
        }
        return ["", "FAILED:"] + lost + failures
    }
}

extension Histogram: Encodable {
    private enum CodingKeys: String, CodingKey {
        case upToMicroseconds, count
    }

    /// Encodes the filled buckets in ascending order.
    func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        for bucket in filled {
            var entry = list.nestedContainer(keyedBy: CodingKeys.self)
            try entry.encode(bucket.upTo, forKey: .upToMicroseconds)
            try entry.encode(bucket.count, forKey: .count)
        }
    }
}
