import CustomerLifecycle
import Wire

/// Judges from the lanes' reports whether the process is well, and puts it into words.
struct Health {
    let lanes: [LaneReport]
    let version: String
    let prefix: String
    let began: Instant

    /// So long may time stand still in the log before someone should look.
    static let horizonPatience = Duration.seconds(300)
    /// So long may a lane join its group, or be in trouble, before the process counts as unwell.
    static let phasePatience = Duration.seconds(60)
    /// A lane that gives no sign for so long hangs within the client library: only a new process helps.
    static let beatPatience = Duration.seconds(120)

    /// `findings`: what is wrong with the topics, as verified last.
    func status(findings: [String], now: Instant, at instant: ContinuousClock.Instant = .now) -> StatusText {
        let states = lanes.map { ($0.role, $0.snapshot) }
        let problems = states.flatMap { Self.problems($0, $1, at: instant) } + findings
        return StatusText(
            isHealthy: problems.isEmpty, written: now, json: json(states, problems, now),
            lines: lines(states, problems, now))
    }

    /// The lane that hangs, if one does.
    func hung(at instant: ContinuousClock.Instant = .now) -> Role? {
        lanes.first {
            let state = $0.snapshot
            return state.ending == nil && instant - state.beat > Self.beatPatience
        }?.role
    }

    private static func problems(
        _ role: Role, _ state: LaneReport.State, at instant: ContinuousClock.Instant
    ) -> [String] {
        var problems: [String] = []
        let lasts = instant - state.phaseBegan
        switch state.phase {
        case .live, .recovering: break
        case .inTrouble(let sentence): problems.append("\(role.rawValue): \(sentence)")
        case .connecting, .joining:
            guard lasts > phasePatience else { break }
            problems.append("\(role.rawValue): \(state.phase.name) for \(lasts.components.seconds) s")
        }
        if let horizon = state.horizon, let partition = horizon.limitedBy, instant - horizon.moved > horizonPatience {
            problems.append(
                "time stands still for \((instant - horizon.moved).components.seconds) s: "
                    + "\(partition) is not read to its end")
        }
        return problems
    }

    // MARK: Words

    private func lines(_ states: [(Role, LaneReport.State)], _ problems: [String], _ now: Instant) -> [String] {
        var table = Table([.words("lane"), .words("phase"), .words("done since the start"), .words("next offsets")])
        for (role, state) in states {
            table.add([role.rawValue, Self.phase(state), Self.counts(role, state.counts), Self.positions(state)])
        }
        let head = problems.isEmpty ? "healthy" : "not healthy"
        return ["\(head) at \(InstantText.write(now)), running since \(InstantText.write(began))"]
            + problems.map { "  ! \($0)" } + table.lines(style: .plain) + states.compactMap { Self.time($1, now) }
    }

    private static func phase(_ state: LaneReport.State) -> String {
        guard case .recovering(let done, let partitions) = state.phase else { return state.phase.name }
        let list = partitions.prefix(12).map(String.init).joined(separator: ",")
        return "recovering \(list): \(Grouped(done)) records"
    }

    private static func counts(_ role: Role, _ counts: LaneCounts) -> String {
        switch role {
        case .router: "\(Grouped(counts.routed)) routed, \(Grouped(counts.rejected)) rejected"
        case .projector:
            "\(Grouped(counts.folded)) folded, \(Grouped(counts.published)) published, \(Grouped(counts.ticks)) ticks"
        }
    }

    private static func positions(_ state: LaneReport.State) -> String {
        state.partitions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }

    private static func time(_ state: LaneReport.State, _ now: Instant) -> String? {
        guard let horizon = state.horizon else { return nil }
        guard let instant = horizon.instant else {
            return "time waits for \(horizon.limitedBy ?? "an input"), which was never read to its end"
        }
        let behind = max(now.milliseconds - instant, 0) / 1_000
        let cause = horizon.limitedBy.map { ", by \($0)" } ?? ""
        return
            "inputs are seen whole up to \(InstantText.write(Instant(milliseconds: instant))), \(behind) s ago\(cause)"
    }

    // MARK: JSON

    private func json(_ states: [(Role, LaneReport.State)], _ problems: [String], _ now: Instant) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.member("healthy", problems.isEmpty)
        json.member("as_of", now)
        json.member("since", began)
        json.member("version", version)
        json.member("prefix", prefix)
        json.array("problems", problems) { $0.value($1) }
        json.array("lanes", states) { json, state in Self.write(state.0, state.1, to: &json) }
        json.endObject()
        return json.text
    }

    private static func write(_ role: Role, _ state: LaneReport.State, to json: inout JSONWriter) {
        json.beginObject()
        json.member("role", role.rawValue)
        json.member("phase", state.phase.name)
        json.object("next_offsets") { json in
            for (partition, next) in state.partitions.sorted(by: { $0.key < $1.key }) {
                json.member(partition, Int(next))
            }
        }
        switch role {
        case .router:
            json.member("routed", state.counts.routed)
            json.member("rejected", state.counts.rejected)
        case .projector:
            json.member("folded", state.counts.folded)
            json.member("published", state.counts.published)
            json.member("ticks", state.counts.ticks)
            json.member("checkpoints", state.counts.checkpoints)
            json.member("seen_until", state.horizon?.instant.map { Instant(milliseconds: $0) })
            json.member("time_limited_by", state.horizon?.limitedBy)
        }
        json.endObject()
    }
}
