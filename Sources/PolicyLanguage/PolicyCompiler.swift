import CommandLine
package import CustomerLifecycle

/// YAML text → typed, checked, compiled policy. Total over any bytes: what is wrong comes back as problems.
package enum PolicyCompiler {
    /// Compiles a file for adoption and `policy check`: zones are looked up in the machine's zone data.
    package static func compile(_ text: [UInt8], fileName: String = "policy.yaml") -> CompiledPolicy {
        compile(
            text, fileName: fileName, isAdopted: false, zone: ZoneResolver.table,
            unknownZone: ZoneResolver.unknownMessage)
    }

    package static func compile(_ text: String, fileName: String = "policy.yaml") -> CompiledPolicy {
        compile(Array(text.utf8), fileName: fileName)
    }

    /// Compiles for replay, from the text and the zone tables in the log: nothing of this machine counts. It was
    /// checked when it was adopted, so a later and stricter look at its list of stages can neither refuse it nor cost
    /// time.
    package static func compile(
        _ text: [UInt8], zones: [ZoneTable], fileName: String = "policy.yaml"
    ) -> CompiledPolicy {
        let tables = Dictionary(zones.map { ($0.name, $0) }) { first, _ in first }
        return compile(
            text, fileName: fileName, isAdopted: true, zone: { tables[$0] },
            unknownZone: { "no table of time zone \"\(Suggestion.excerpt($0))\" stands in the record" })
    }

    private static func compile(
        _ text: [UInt8], fileName: String, isAdopted: Bool, zone: (String) -> ZoneTable?,
        unknownZone: (String) -> String
    ) -> CompiledPolicy {
        var (draft, problems) = read(text)
        let zones = draft.zones.compactMap { name in
            let table = zone(name.text)
            if table == nil { problems.append(Problem(.error, at: name.place, unknownZone(name.text))) }
            return table
        }
        if !isAdopted { problems += draft.apartProblems }
        var result = Result()
        if !problems.contains(where: { $0.severity == .error }) {
            result = emit(draft, zones)
            if !isAdopted {
                result.check(draft)
                if let note = costNote(of: result) { result.problems.append(note) }
            }
        }
        problems += result.problems
        let hasErrors = problems.contains { $0.severity == .error }
        return CompiledPolicy(
            fileName: fileName, text: text, hash: PolicyHash(of: text), about: draft.about,
            policy: hasErrors ? nil : result.policy, zones: zones, problems: sorted(problems),
            phrases: hasErrors ? [] : result.phrases, phases: draft.phases,
            notInForce: draft.notInForce.map(\.rawValue), caseCount: result.caseCount)
    }

    /// Each window is counted anew with each event, over all orders of the customer: 18 µs where there are 512, the
    /// most that are kept (252 windows took 4.6 ms an event on the machine of the article Benchmarks).
    private static let windowMicroseconds = 18
    /// Fewer cost less than half a millisecond.
    private static let windowCountMin = 24

    /// Tells what a policy of many windows costs, at the first of them.
    private static func costNote(of result: Result) -> Problem? {
        guard let policy = result.policy else { return nil }
        let windows = policy.nodes.prefix(result.judgedNodeCount).filter { $0.kind == .window && $0.window.count > 0 }
        guard windows.count >= windowCountMin, let first = windows.first else { return nil }
        let tenths = (windows.count * windowMicroseconds + 50) / 100
        let milliseconds = "\(tenths / 10).\(tenths % 10) ms"
        return Problem(
            .note, at: Place(line: first.line, column: first.column),
            "\(windows.count) windows (`in last …`) are counted anew with each event: "
                + "about \(milliseconds) an event of a customer with 512 orders, the most that are kept")
    }

    private static func read(_ text: [UInt8]) -> (PolicyDraft, [Problem]) {
        let start = Place(line: 1, column: 1)
        guard text.count <= YAMLReader.byteCountMax else {
            let message = "a policy has at most 64 KiB; this file has more"
            return (PolicyDraft(), [Problem(.error, at: start, message)])
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = text.starts(with: mark) ? Array(text.dropFirst(mark.count)) : text
        let (root, problems) = YAMLReader.read(bytes)
        guard let root else {
            let empty = Problem(.error, at: start, "the file is empty; a policy begins with \"policy: \" and its name")
            return (PolicyDraft(), problems.isEmpty ? [empty] : problems)
        }
        var reader = PolicyReader(source: SourceText(bytes))
        reader.read(root)
        return (reader.draft, problems + reader.problems)
    }

    private struct Result {
        var policy: Policy?
        var problems: [Problem] = []
        var phrases: [Phrase] = []
        /// Those of stages and segments, which come first.
        var judgedNodeCount = 0
        var caseCount = 0

        /// The draft has no error of its own, so it ends with the only `otherwise`.
        mutating func check(_ draft: PolicyDraft) {
            var checks = StageChecks(rules: draft.rules, currency: draft.currency)
            checks.run()
            checks.note(draft.segments)
            let lines =
                draft.rules.map { WaitingFacts.Line(name: $0.stage, condition: $0.condition, place: $0.place) }
                + draft.segments.map { WaitingFacts.Line(name: $0.name, condition: $0.condition, place: $0.place) }
                + draft.actions.map { WaitingFacts.Line(name: $0.name, condition: $0.condition, place: $0.place) }
            problems = checks.problems + WaitingFacts.notes(of: lines) + ActionNotes.notes(of: draft.actions)
            caseCount = checks.caseCount
        }
    }

    private static func emit(_ draft: PolicyDraft, _ zones: [ZoneTable]) -> Result {
        let stages = draft.stages
        var emitter = PolicyEmitter(stages: stages, segments: draft.segments.map(\.name))
        let rules = draft.rules.map { rule in
            Policy.Rule(
                stage: stages.firstIndex(of: rule.stage) ?? 0, condition: rule.condition.map { emitter.emit($0) },
                line: rule.place.line)
        }
        let segments = draft.segments.map { segment in
            Policy.Segment(
                name: segment.name, condition: emitter.emit(segment.condition), line: segment.place.line)
        }
        let judgedNodeCount = emitter.nodes.count
        let contacts = emitter.emit(draft, segments: segments, zones: zones)
        let policy = Policy(
            name: draft.name.text, currency: draft.currency ?? .none, stages: stages, rules: rules,
            segments: segments, nodes: emitter.nodes, steps: emitter.steps, purposes: emitter.purposes,
            cycleEndsAfter: draft.cycleEndsAfter, assumedGap: draft.assumedGap,
            assumedMarginPercent: draft.assumedMarginPercent, deliveryPromise: draft.deliveryPromise,
            referralHold: draft.referralHold, contacts: contacts)
        return Result(policy: policy, phrases: emitter.phrases, judgedNodeCount: judgedNodeCount)
    }

    private static func sorted(_ problems: [Problem]) -> [Problem] {
        problems.sorted { a, b in
            let (first, second) = (a.severity == .error ? 0 : 1, b.severity == .error ? 0 : 1)
            return (first, a.place, a.message) < (second, b.place, b.message)
        }
    }
}

extension Currency {
    /// ISO 4217's `XXX`, no currency: a policy that counts no money adds up none.
    package static var none: Self { Self("XXX".utf8) ?? Self(code: 0) }
}
