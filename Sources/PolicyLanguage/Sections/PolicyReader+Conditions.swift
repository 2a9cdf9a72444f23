import CustomerLifecycle

/// The sections made of conditions: definitions and stages.
extension PolicyReader {
    static let ruleCountMax = 64
    private static let stageCountMax = 32

    mutating func readDefinitions(_ node: YAMLNode) {
        for entry in entries(node, of: "definitions") {
            let name = entry.key.text
            guard checkName(entry.key) else { continue }
            guard FactWord.byPhrase[name] == nil, !FactWord.keywords.contains(name) else {
                error(entry.key, "\"\(name)\" already means something; choose another name")
                continue
            }
            let definition = definition(entry.value)
            // A repeated name is reported as a repeated key; the first one stands.
            if scope.definitions[name] == nil { scope.definitions[name] = definition }
        }
    }

    private mutating func definition(_ node: YAMLNode) -> Definition {
        guard let scalar = node.scalar else {
            return condition(node).map(Definition.condition) ?? .unreadable
        }
        return parse(scalar) { (parser) throws(ExpressionError) in try parser.definition() } ?? .unreadable
    }

    /// A line, or `all:`, `any:`, `none:` over conditions. Nil: an error says why.
    mutating func condition(_ node: YAMLNode, depth: Int = 0) -> Condition? {
        if let scalar = node.scalar {
            return parse(scalar) { (parser) throws(ExpressionError) in try parser.condition() }
        }
        guard depth < Condition.nestingMax else {
            error(node, "more than \(Condition.nestingMax) levels of all:, any:, none:")
            return nil
        }
        guard case .map(let all) = node.content else {
            error(node, "expected a condition as \"key: value\" lines")
            return nil
        }
        let known = entries(node, of: "a condition", allowed: ["all", "any", "none"])
        guard let entry = known.first, known.count == 1 else {
            if known.count == all.count { error(node, "expected exactly one of all:, any:, none:") }
            return nil
        }
        guard case .list(let items) = entry.value.content, !items.isEmpty else {
            error(entry.value, "\"\(entry.key.text):\" needs a list")
            return nil
        }
        return group(entry.key, items, depth: depth)
    }

    private mutating func group(_ key: YAMLScalar, _ items: [YAMLNode], depth: Int) -> Condition? {
        var group = ConditionGroup(key.text == "any" ? .any : .all)
        var isReadable = true
        for item in items {
            guard let part = condition(item, depth: depth + 1) else {
                isReadable = false
                continue
            }
            if key.text == "none", part.mayBeUnknown {
                problems.append(ExpressionParser.notUnknown(at: place(item), "none"))
            }
            if let broken = group.append(key.text == "none" ? .negation(of: part) : part) {
                error(item, broken)
                return nil
            }
        }
        return isReadable ? group.condition : nil
    }

    mutating func parse<Value>(
        _ scalar: YAMLScalar, _ body: (inout ExpressionParser) throws(ExpressionError) -> Value
    ) -> Value? {
        do throws(ExpressionError) {
            var parser = try ExpressionParser(scalar, source: source, scope: scope)
            defer {
                problems += parser.findings.notes
                findings.add(parser.findings)
            }
            return try body(&parser)
        } catch {
            report(error, in: scalar)
            return nil
        }
    }

    mutating func readStages(_ node: YAMLNode) {
        guard case .list(let items) = node.content, !items.isEmpty else {
            error(node, "stages are a list: the order decides, so start each line with \"- \"")
            return
        }
        guard items.count <= Self.ruleCountMax else {
            error(items[Self.ruleCountMax], "more than \(Self.ruleCountMax) lines of stages")
            return
        }
        for (index, item) in items.enumerated() { readRule(item, isLast: index == items.count - 1) }
        checkCounts(node)
    }

    private mutating func readRule(_ node: YAMLNode, isLast: Bool) {
        guard case .map(let entries) = node.content, let entry = entries.first, entries.count == 1 else {
            error(node, "one stage per \"- \" line")
            return
        }
        guard checkName(entry.key) else { return }
        let isOtherwise = entry.value.scalar?.text == "otherwise"
        if isOtherwise, !isLast {
            error(entry.value, "only the last stage may be \"otherwise\"; nothing below it can be reached")
        }
        let condition = isOtherwise ? nil : condition(entry.value) ?? .constant(false)
        draft.rules.append(
            PolicyDraft.Rule(stage: entry.key.text, condition: condition, place: place(entry.key)))
        if isLast, !isOtherwise {
            error(entry.value, "the last stage must be \"otherwise\", so that every customer has a stage")
        }
    }

    private mutating func checkCounts(_ node: YAMLNode) {
        if draft.stages.count > Self.stageCountMax {
            let first = draft.rules.first { $0.stage == draft.stages[Self.stageCountMax] }
            let message = "more than \(Self.stageCountMax) stages"
            problems.append(Problem(.error, at: first?.place ?? place(node), message))
        }
        let comparisonCount = draft.rules.reduce(0) { $0 + ($1.condition?.literalCount ?? 0) }
        if comparisonCount > Condition.comparisonCountMax {
            error(node, "more than \(Condition.comparisonCountMax) comparisons in all stages together")
        }
    }
}
