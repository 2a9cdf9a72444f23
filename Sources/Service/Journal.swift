import CustomerLifecycle
import Processor

/// Reports what changed in the workers since it looked last, one line each: brokers that are lost and back, partitions
/// that come and go, and once a minute the progress of a worker that catches up.
struct Journal {
    private var brokers: BrokerWatch
    private var held: [Role: Set<String>] = [:]
    private var efforts: [Role: Effort] = [:]

    /// A worker's catching up, live or in recovery.
    private struct Effort {
        var told: ContinuousClock.Instant
        var doneCount: Int
        var hasBeenTold = false
        let isRecovery: Bool
    }

    /// The interval between two lines about one effort.
    private static let interval = Duration.seconds(60)

    init(at now: ContinuousClock.Instant) { brokers = BrokerWatch(at: now) }

    /// Call it several times a second. Returns the lines to log.
    mutating func look(
        _ workers: [(role: Role, state: WorkerState)], now: Instant, at clock: ContinuousClock.Instant
    ) -> [LogLine] {
        var lines: [LogLine] = []
        if let line = brokers.look(workers.map(\.state), at: clock) { lines.append(line) }
        for (role, state) in workers {
            lines += partitions(role, Set(state.partitions.keys))
            if let line = progress(role, state, now, clock) { lines.append(line) }
        }
        return lines
    }

    private mutating func partitions(_ role: Role, _ now: Set<String>) -> [LogLine] {
        let before = held[role] ?? []
        held[role] = now
        var lines: [LogLine] = []
        for (sentence, moved) in [
            ("is given partitions by its group", now.subtracting(before)),
            ("gives partitions to others of its group", before.subtracting(now)),
        ] where !moved.isEmpty {
            lines.append(LogLine(.note, "\(role.rawValue) \(sentence)", ["partitions": Self.list(moved)]))
        }
        return lines
    }

    /// Groups partitions by topic: `events/0,1,2 archive/0`.
    private static func list(_ partitions: Set<String>) -> String {
        var numbers: [String: [Int]] = [:]
        for partition in partitions {
            guard let slash = partition.lastIndex(of: "/"), let number = Int(partition[slash...].dropFirst()) else {
                continue
            }
            numbers[String(partition[..<slash]), default: []].append(number)
        }
        return numbers.sorted { $0.key < $1.key }.map { topic, numbers in
            "\(topic)/\(numbers.sorted().map(String.init).joined(separator: ","))"
        }.joined(separator: " ")
    }

    private mutating func progress(
        _ role: Role, _ state: WorkerState, _ now: Instant, _ clock: ContinuousClock.Instant
    ) -> LogLine? {
        let isRecovery = state.shownPhase == .recovering
        let done = isRecovery ? state.recovery?.doneCount ?? 0 : state.counts.routed + state.counts.folded
        guard state.isCatchingUp(at: now) else {
            let last = efforts.removeValue(forKey: role)
            return last?.hasBeenTold == true && state.shownPhase == .live
                ? LogLine(.note, "\(role.rawValue) has caught up") : nil
        }
        guard var effort = efforts[role], effort.isRecovery == isRecovery else {
            efforts[role] = Effort(told: clock, doneCount: done, isRecovery: isRecovery)
            return nil
        }
        let lasts = clock - effort.told
        guard lasts >= Self.interval else { return nil }
        let more = done - effort.doneCount
        effort = Effort(told: clock, doneCount: done, hasBeenTold: true, isRecovery: isRecovery)
        efforts[role] = effort
        let left =
            isRecovery
            ? state.recovery.map { Int64($0.totalCount - $0.doneCount) } : state.lag(at: now).map(\.recordCount)
        return LogLine(
            .note, "\(role.rawValue) \(isRecovery ? "folds the log again" : "catches up")",
            [
                "records": "\(done)", "per_second": "\(Int(Double(more) / (lasts / .seconds(1))))",
                "left": left.map { "\($0)" } ?? "unknown",
            ])
    }
}
