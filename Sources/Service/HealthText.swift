import CommandLine
import CustomerLifecycle
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

    private var isCatchingUp: Bool { health.lanes.contains { $0.state.isCatchingUp(at: now) } }

    /// Of both hops, as far as this process does them; nil where none is known.
    private var lag: LaneLag? {
        let lags = health.lanes.compactMap { $0.state.lag(at: now) }
        guard var total = lags.first else { return nil }
        for lag in lags.dropFirst() { total.join(lag) }
        return total
    }

    // MARK: Words

    private var lines: [String] {
        let head = (health.problems.isEmpty ? "healthy" : "not healthy") + (isCatchingUp ? ", catching up" : "")
        return ["\(head) at \(InstantText.write(now)), running since \(InstantText.write(began))"]
            + health.problems.map { "  ! \($0)" } + laneLines + partitionLines
            + health.lanes.compactMap { time($0.state) }
    }

    private var laneLines: [String] {
        var table = Table(
            ["lane", "phase", "behind", "done since the start", "per second"].map {
                .words($0, columnCountMax: Self.columnCountMax)
            })
        for (role, state) in health.lanes {
            table.add([
                role.rawValue, phase(state), Self.words(state.lag(at: now)), Self.counts(role, state.counts),
                perSecond(role),
            ])
        }
        if health.lanes.count > 1 { table.add(["both", "", Self.words(lag), "", ""]) }
        return table.lines(style: .plain)
    }

    private var partitionLines: [String] {
        let held = health.lanes.flatMap { lane in
            lane.state.partitions.sorted { $0.key < $1.key }.map { ($0.key, $0.value, lane.state.lags[$0.key]) }
        }
        guard !held.isEmpty else { return [] }
        var table = Table([
            .words("partition", columnCountMax: Self.columnCountMax), .number("next offset"), .words("behind"),
        ])
        for (partition, next, lag) in held {
            table.add([partition, String(next), Self.words(lag.map { LaneLag($0, at: now) })])
        }
        return table.lines(style: .plain)
    }

    /// Longer than any name of a topic, so that nothing is cut.
    private static let columnCountMax = 400

    private func phase(_ state: LaneState) -> String {
        let name = state.shownPhase.name
        if state.shownPhase == .recovering, let recovery = state.recovery {
            let list = recovery.partitions.map(String.init).joined(separator: ",")
            return "\(name) \(list): \(Grouped(recovery.doneCount)) of \(Grouped(recovery.totalCount)) records"
        }
        return state.isCatchingUp(at: now) ? name + ", catching up" : name
    }

    private static func words(_ lag: LaneLag?) -> String {
        guard let lag else { return "–" }
        let bound = lag.isAtLeast ? "at least " : ""
        return "\(Grouped(lag.recordCount)) records, \(bound)\(Grouped(lag.age.count / 1_000)) s"
    }

    private static func counts(_ role: Role, _ counts: LaneCounts) -> String {
        switch role {
        case .router: "\(Grouped(counts.routed)) routed, \(Grouped(counts.rejected)) rejected"
        case .projector:
            "\(Grouped(counts.folded)) folded, \(Grouped(counts.published)) published, \(Grouped(counts.ticks)) ticks"
        }
    }

    private func perSecond(_ role: Role) -> String {
        guard let rates = rates[role] else { return "–" }
        func rate(_ count: KeyPath<LaneCounts, Int>) -> String {
            rates.perSecond(count).map { "\(Rough($0))" } ?? "–"
        }
        return switch role {
        case .router: "\(rate(\.routed)) routed"
        case .projector: "\(rate(\.folded)) folded, \(rate(\.published)) published"
        }
    }

    private func time(_ state: LaneState) -> String? {
        guard let reading = state.horizon?.reading else { return nil }
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
        // These two first: `StatusText` writes them anew once nobody else does.
        json.member("healthy", health.problems.isEmpty)
        json.array("problems", health.problems) { $0.value($1) }
        json.member("catching_up", isCatchingUp)
        json.member("as_of", now)
        json.member("since", began)
        json.member("version", version)
        json.member("prefix", prefix)
        json.member("lag", lag)
        json.array("lanes", health.lanes) { json, lane in write(lane.role, lane.state, to: &json) }
        json.endObject()
        return json.text
    }

    private func write(_ role: Role, _ state: LaneState, to json: inout JSONWriter) {
        json.beginObject()
        json.member("role", role.rawValue)
        json.member("phase", state.shownPhase.name)
        json.member("catching_up", state.isCatchingUp(at: now))
        json.member("lag", state.lag(at: now))
        json.object("next_offsets") { json in
            for (partition, next) in state.partitions.sorted(by: { $0.key < $1.key }) {
                json.member(partition, Int(next))
            }
        }
        json.object("lags") { json in
            for (partition, lag) in state.lags.sorted(by: { $0.key < $1.key }) {
                json.member(partition, LaneLag(lag, at: now))
            }
        }
        json.member("transactions_timed_out", state.counts.timedOut)
        json.member("commit_milliseconds", Int(state.counts.committing / .milliseconds(1)))
        switch role {
        case .router: writeRouter(state, to: &json)
        case .projector: writeProjector(state, to: &json)
        }
        json.endObject()
    }

    private func writeRouter(_ state: LaneState, to json: inout JSONWriter) {
        json.member("routed", state.counts.routed)
        json.member("rejected", state.counts.rejected)
        json.member("routed_per_second", rates[.router]?.whole(\.routed))
    }

    private func writeProjector(_ state: LaneState, to json: inout JSONWriter) {
        json.member("folded", state.counts.folded)
        json.member("published", state.counts.published)
        json.member("ticks", state.counts.ticks)
        json.member("customer_bytes", state.counts.customerBytes)
        json.member("checkpoints", state.counts.checkpoints)
        json.member("folded_per_second", rates[.projector]?.whole(\.folded))
        json.member("published_per_second", rates[.projector]?.whole(\.published))
        json.member("recovered", state.recovery?.doneCount)
        json.member("to_recover", state.recovery?.totalCount)
        json.member("seen_until", state.horizon?.reading?.instant.map { Instant(milliseconds: $0) })
        json.member("time_limited_by", state.horizon?.reading?.limitedBy)
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ lag: LaneLag?) {
        guard let lag else { return member(name, String?.none) }
        object(name) { json in
            json.member("records", lag.recordCount)
            json.member("seconds", lag.age.count / 1_000)
            json.member("at_least", lag.isAtLeast)
        }
    }
}

extension Rates {
    /// Rounded; nil until a second has passed.
    fileprivate func whole(_ count: KeyPath<LaneCounts, Int>) -> Int? {
        perSecond(count).map { Int($0.rounded()) }
    }
}
