import CommandLine
import CustomerLifecycle

/// Reads the sections of a policy file into a draft and collects what is wrong with them, never stopping at the first.
struct PolicyReader: DocumentReader {
    let source: SourceText
    var draft = PolicyDraft()
    var problems: [Problem] = []
    var scope = Scope()
    var findings = Findings()
    /// Those of what was read apart.
    private var apartFindings = Findings()

    init(source: SourceText) { self.source = source }

    mutating func read(_ root: YAMLNode) {
        guard case .map = root.content else { return error(root, "expected a policy as \"key: value\" lines") }
        var sections: [Section: YAMLNode.Entry] = [:]
        for entry in entries(root, of: "a policy", allowed: Section.allCases.map(\.rawValue)) {
            if let section = Section(rawValue: entry.key.text) { sections[section] = entry }
        }
        for needed in [Section.policy, .stages] where sections[needed] == nil {
            error(root, "\"\(needed.rawValue):\" is missing")
        }
        if let segments = sections[.segments] { readSegmentNames(segments.value) }
        draft.name = PolicyDraft.Name(text: "", place: sections[.policy].map { place($0.key) } ?? root.start)
        for section in Self.readingOrder {
            guard let entry = sections[section] else { continue }
            read(section, entry)
        }
        readApart { $0.readContacts(sections) }
        checkAssumptions()
    }

    private mutating func readContacts(_ sections: [Section: YAMLNode.Entry]) {
        scope.asker = .action
        scope.stages = draft.stages
        if let entry = sections[.contact] { readContactRules(entry.value) }
        if let entry = sections[.actions] { readActions(entry.value) }
        if let entry = sections[.experiments] { readExperiments(entry.value) }
        scope.asker = .stage
    }

    /// Reads what nobody's stage depends on: what is wrong with it keeps no policy that was adopted out of force, and
    /// is left out of such a policy.
    private mutating func readApart(_ body: (inout Self) -> Void) {
        let (before, stageFindings) = (problems, findings)
        (problems, findings) = ([], Findings())
        body(&self)
        apartFindings.add(stageFindings)
        checkAssumptions(unless: apartFindings)
        apartFindings.add(findings)
        draft.apartProblems += problems
        (problems, findings) = (before, stageFindings)
    }

    /// Conditions refer to the currency, the purposes and the names of segments, and phases and segments to stages,
    /// wherever these stand in the file.
    private static let readingOrder =
        Section.allCases.filter { !madeOfConditions.contains($0) } + madeOfConditions
    private static let madeOfConditions: [Section] = [.define, .stages, .phases, .segments]

    private mutating func read(_ section: Section, _ entry: YAMLNode.Entry) {
        switch section {
        case .policy: readName(entry.value)
        case .about: draft.about = text(entry.value, "one sentence") ?? ""
        case .currency: readCurrency(entry.value)
        case .timeZone: readZone(entry.value)
        case .otherTimeZones: readOtherZones(items(entry.value, "time zones"))
        case .cycleEndsAfter:
            draft.cycleEndsAfter = duration(entry.value)
            if draft.cycleEndsAfter == nil { draft.misread.insert(.cycleEndsAfter) }
        case .assume: readAssumptions(entry.value)
        case .define: readDefinitions(entry.value)
        case .stages: readStages(entry.value)
        case .contact: readPurposes(entry.value)
        case .referral: readReferral(entry.value)
        case .phases: readApart { $0.readPhases(entry.value) }
        case .segments: readApart { $0.readSegments(entry.value) }
        case .actions, .experiments: break  // With the contacts, when all that they refer to is known.
        }
        noteNotBuilt(section, entry)
        checkKeys(section, entry.value)
    }

    /// A misspelled key would be a setting that nobody misses. A policy that was adopted with one stays in force.
    private mutating func checkKeys(_ section: Section, _ node: YAMLNode) {
        guard let known = section.knownKeys, case .map(let entries) = node.content else { return }
        draft.apartProblems += entries.map(\.key).filter { !known.contains($0.text) }.map { key in
            Problem(.error, at: place(key), Suggestion.message(unknown: "key", key.text, among: known))
        }
    }

    private mutating func noteNotBuilt(_ section: Section, _ entry: YAMLNode.Entry) {
        switch section.readiness {
        case .built:
            return
        case .notBuilt:
            guard case .map(let inner) = entry.value.content, !section.builtKeys.isEmpty else {
                draft.notInForce.append(section)
                note(entry.key, "\"\(section.rawValue)\" is not in force yet")
                return
            }
            guard inner.contains(where: { !section.builtKeys.contains($0.key.text) }) else { return }
            draft.notInForce.append(section)
            let given = section.builtKeys.filter { key in inner.contains { $0.key.text == key } }
            let except = given.isEmpty ? "" : ", except \"\(given.joined(separator: "\", \""))\""
            note(entry.key, "\"\(section.rawValue)\" is not in force yet\(except)")
        }
    }

    /// What the findings before have reported is not reported again.
    mutating func checkAssumptions(unless before: Findings = Findings()) {
        for assumption in Assumption.allCases where !draft.mentions(assumption) && before.needs[assumption] == nil {
            guard let user = findings.needs[assumption] else { continue }
            let message = "\"\(user)\" is used; say \"\(assumption.rawValue):\" (nothing is assumed silently)"
            problems.append(Problem(.error, at: draft.name.place, message))
        }
    }
}

/// The pieces that only sections of policies are made of.
extension PolicyReader {
    mutating func report(_ error: ExpressionError, in scalar: YAMLScalar) {
        guard let message = error.message else { return }
        problems.append(Problem(.error, at: source.place(of: error.offset, in: scalar), message))
    }

    mutating func duration(_ node: YAMLNode) -> Milliseconds? {
        guard let scalar = node.scalar else {
            error(node, "expected a duration, for example 60 days")
            return nil
        }
        do throws(ExpressionError) {
            var parser = try ExpressionParser(scalar, source: source, scope: scope)
            let literal = try parser.constant()
            guard literal.operand.type == .duration, parser.current.kind == .end,
                let value = literal.operand.constant
            else { throw ExpressionError(offset: 0, message: "expected a duration, for example 60 days") }
            return Milliseconds(value)
        } catch {
            report(error, in: scalar)
            return nil
        }
    }

    /// Reports what is wrong with the name, if anything.
    mutating func checkName(_ key: YAMLScalar) -> Bool {
        let bytes = key.text.utf8
        let isName =
            bytes.first.map { (0x61...0x7A).contains($0) } ?? false
            && bytes.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
        guard isName else {
            error(key, "\"\(Suggestion.excerpt(key.text))\" is not a name; use small letters, digits and _")
            return false
        }
        guard bytes.count <= BusinessID.byteCountMax else {
            error(key, "a name has at most \(BusinessID.byteCountMax) letters")
            return false
        }
        return true
    }
}
