import CommandLine
import CustomerLifecycle
import MappingLanguage
import Processor
import Wire

/// The status of a process in words and in JSON.
struct HealthText {
    let health: Health
    let rates: [Role: Rates]
    let version: String
    let prefix: String
    let began: Instant
    let now: Instant

    var status: StatusText {
        StatusText(isHealthy: health.problems.isEmpty, written: now, json: json, lines: lines)
    }

    private var isCatchingUp: Bool { health.workers.contains { $0.state.isCatchingUp(at: now) } }

    /// The lag of all workers of this process together; nil where none is known.
    private var lag: WorkerLag? {
        let lags = health.workers.compactMap { $0.state.lag(at: now) }
        guard var total = lags.first else { return nil }
        for lag in lags.dropFirst() { total.join(lag) }
        return total
    }

    // MARK: Words

    private var lines: [String] {
        let head = (health.problems.isEmpty ? "healthy" : "not healthy") + (isCatchingUp ? ", catching up" : "")
        return ["\(head) at \(InstantText.write(now)), running since \(InstantText.write(began))"]
            + health.problems.map { "  ! \($0)" } + workerLines + partitionLines
            + health.workers.flatMap {
                unreadable($0.state) + EventNameHint.lines($0.state.counts.unknownEvents) + passedOver($0.state)
            }
            + health.workers.compactMap { deletions($0.state) } + health.workers.compactMap { time($0.state) }
    }

    private func deletions(_ state: WorkerState) -> String? {
        let count = state.counts.deletionRequests
        guard count > 0 else { return nil }
        return "\(Counted(count, "deletion request")) \(count == 1 ? "waits" : "wait"): this version erases nobody"
    }

    private func unreadable(_ state: WorkerState) -> [String] {
        state.counts.unreadable.sorted { $0.key < $1.key }.map { field, count in
            "\(Grouped(count)) × \(field) could not be read, and counts as absent"
        }
    }

    private func passedOver(_ state: WorkerState) -> [String] {
        PassedOver.allCases.compactMap { reason in
            state.counts.passedOver[reason].map { count in
                switch reason {
                case .tombstone: "\(Counted(count, "tombstone")) gave no event"
                case .noEvent: "\(Counted(count, "record")) gave no event: none of the mapping's"
                }
            }
        }
    }

    private var workerLines: [String] {
        var table = Table(
            ["lane", "phase", "behind", "done since the start", "per second"].map {
                .words($0, columnCountMax: Self.columnCountMax)
            })
        for (role, state) in health.workers {
            let reading = reading(role, state)
            table.add([
                role.rawValue, phase(state), Self.words(state.lag(at: now)), counts(reading), perSecond(reading),
            ])
        }
        if health.workers.count > 1 { table.add(["both", "", Self.words(lag), "", ""]) }
        return table.lines(style: .plain)
    }

    private var partitionLines: [String] {
        let held = health.workers.flatMap { worker in
            worker.state.partitions.sorted { $0.key < $1.key }.map { ($0.key, $0.value, worker.state.lags[$0.key]) }
        }
        guard !held.isEmpty else { return [] }
        var table = Table([
            .words("partition", columnCountMax: Self.columnCountMax), .number("next offset"), .words("behind"),
        ])
        for (partition, next, lag) in held {
            table.add([partition, String(next), Self.words(lag.map { WorkerLag($0, at: now) })])
        }
        return table.lines(style: .plain)
    }

    /// Longer than any name of a topic, so that no cell is cut.
    private static let columnCountMax = 400

    private func phase(_ state: WorkerState) -> String {
        let name = state.shownPhase.name
        if state.shownPhase == .recovering, let recovery = state.recovery {
            let list = recovery.partitions.map(String.init).joined(separator: ",")
            return "\(name) \(list): \(Grouped(recovery.doneCount)) of \(Counted(recovery.totalCount, "record"))"
        }
        return state.isCatchingUp(at: now) ? name + ", catching up" : name
    }

    private static func words(_ lag: WorkerLag?) -> String {
        guard let lag else { return "–" }
        let bound = lag.isAtLeast ? "at least " : ""
        return "\(Counted(lag.recordCount, "record")), \(bound)\(Grouped(lag.age.count / 1_000)) s"
    }

    /// Writes the counters that have a word: `1,204 routed, 3 rejected`.
    private func counts(_ reading: WorkerReading) -> String { words(reading) { !$0.isRate } }

    private func perSecond(_ reading: WorkerReading) -> String {
        reading.rates == nil ? "–" : words(reading, where: \.isRate)
    }

    private func words(_ reading: WorkerReading, where isShown: (Metric) -> Bool) -> String {
        Metric.ofWorkers.filter { $0.roles.contains(reading.role) && isShown($0) }.compactMap { metric in
            metric.word.map { "\(metric.value(reading).map(Self.words) ?? "–") \($0)" }
        }.joined(separator: ", ")
    }

    private static func words(_ value: Metric.Value) -> String {
        switch value {
        case .whole(let count): "\(Grouped(count))"
        case .rate(let perSecond): "\(Rough(perSecond))"
        }
    }

    private func reading(_ role: Role, _ state: WorkerState) -> WorkerReading {
        WorkerReading(role: role, state: state, rates: rates[role], now: now)
    }

    private func time(_ state: WorkerState) -> String? {
        guard let reading = state.watermark?.reading else { return nil }
        guard let instant = reading.instant else {
            return "time waits for \(reading.limitedBy ?? "an input"), which was never read to its end"
        }
        let behind = max(now.milliseconds - instant, 0) / 1_000
        let cause = reading.limitedBy.map { ", by \($0)" } ?? ""
        return
            "inputs are seen whole up to \(InstantText.write(Instant(milliseconds: instant))), \(behind) s ago\(cause)"
    }

    // MARK: JSON

    private var json: String {
        var json = JSONWriter()
        json.beginObject()
        // These two come first: `StatusText` rewrites them when the status is old.
        json.member("healthy", health.problems.isEmpty)
        json.array("problems", health.problems) { $0.value($1) }
        json.member("catching_up", isCatchingUp)
        json.member("as_of", now)
        json.member("since", began)
        json.member("version", version)
        json.member("prefix", prefix)
        json.member("lag", lag)
        json.array("lanes", health.workers) { json, worker in write(worker.role, worker.state, to: &json) }
        json.endObject()
        return json.text
    }

    private func write(_ role: Role, _ state: WorkerState, to json: inout JSONWriter) {
        json.beginObject()
        json.member("role", role.rawValue)
        json.member("phase", state.shownPhase.name)
        json.member("catching_up", state.isCatchingUp(at: now))
        json.member("lag", state.lag(at: now))
        let reading = reading(role, state)
        json.object("next_offsets") { json in
            for sample in Metric.nextOffset.samples(reading) { json.member(sample.partition ?? "", sample.value) }
        }
        json.object("lags") { json in
            for (records, seconds) in zip(Metric.lagRecords.samples(reading), Metric.lagSeconds.samples(reading)) {
                guard let partition = records.partition, let lag = state.lags[partition] else { continue }
                json.object(partition) { json in
                    json.member("records", records.value)
                    json.member("seconds", seconds.value)
                    json.member("at_least", lag.isAtLeast)
                }
            }
        }
        for metric in Metric.ofWorkers where metric.roles.contains(role) {
            json.member(metric.name, metric.value(reading))
        }
        if role == .router {
            json.object("unreadable_fields") { json in
                for (field, count) in state.counts.unreadable.sorted(by: { $0.key < $1.key }) {
                    json.member(field, count)
                }
            }
            state.counts.unknownEvents.writeMembers(to: &json)
            json.object("passed_over") { json in
                for reason in PassedOver.allCases {
                    json.member(reason.rawValue, state.counts.passedOver[reason] ?? 0)
                }
            }
        }
        if role == .projector {
            json.member("seen_until", state.watermark?.reading?.instant.map { Instant(milliseconds: $0) })
            json.member("time_limited_by", state.watermark?.reading?.limitedBy)
        }
        json.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ lag: WorkerLag?) {
        guard let lag else { return member(name, String?.none) }
        object(name) { json in
            json.member("records", lag.recordCount)
            json.member("seconds", lag.age.count / 1_000)
            json.member("at_least", lag.isAtLeast)
        }
    }

    /// Writes a rate as a whole number.
    fileprivate mutating func member(_ name: String, _ value: Metric.Value?) {
        switch value {
        case .whole(let count): member(name, count)
        case .rate(let perSecond): member(name, Int(perSecond.rounded()))
        case nil: member(name, Int?.none)
        }
    }
}
