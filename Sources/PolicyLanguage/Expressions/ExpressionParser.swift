import CommandLine
import CustomerLifecycle

/// Reads one line of the condition language into a typed condition or quantity.
///
/// Every failure is an `ExpressionError` at a character of the line; nothing here traps, and nesting is bounded.
struct ExpressionParser {
    let scalar: YAMLScalar
    let source: SourceText
    let scope: Scope
    let tokens: [Token]
    var position = 0
    var openParentheses = 0
    var findings = Findings()

    init(_ scalar: YAMLScalar, source: SourceText, scope: Scope) throws(ExpressionError) {
        self.scalar = scalar
        self.source = source
        self.scope = scope
        tokens = try Token.tokens(of: Array(scalar.text.unicodeScalars))
    }

    // condition = expression, and nothing after it
    mutating func condition() throws(ExpressionError) -> Condition {
        let condition = try expression()
        guard current.kind != .end else { return condition }
        if isWord("and") || isWord("or") {
            throw failure(
                "\"and\" and \"or\" in one line: put parentheses around the part that belongs together, "
                    + "or use all:/any:")
        }
        throw unexpected()
    }

    private mutating func expression() throws(ExpressionError) -> Condition {
        let first = try negatable()
        if isWord("and") { return try group(.all, joinedBy: "and", first: first) }
        if isWord("or") { return try group(.any, joinedBy: "or", first: first) }
        return first
    }

    private mutating func group(
        _ kind: ConditionGroup.Kind, joinedBy word: String, first: Condition
    ) throws(ExpressionError) -> Condition {
        var group = ConditionGroup(kind)
        var broken = group.append(first)
        while broken == nil, take(word) { broken = group.append(try negatable()) }
        if let broken { throw failure(broken) }
        return group.condition
    }

    private mutating func negatable() throws(ExpressionError) -> Condition {
        guard take("not") else { return try simple() }
        guard !isWord("not") else { throw failure("one \"not\" is enough: two of them say nothing") }
        let start = current
        let condition = try simple()
        if condition.mayBeUnknown { findings.notes.append(Self.notUnknown(at: place(of: start), "not")) }
        return .negation(of: condition)
    }

    static func notUnknown(at place: Place, _ word: String) -> Problem {
        Problem(
            .note, at: place,
            "\"\(word)\" about something that can be unknown is not true while it is unknown; "
                + "add \"… is unknown or\" if you mean those customers too")
    }

    private mutating func simple() throws(ExpressionError) -> Condition {
        let start = current
        if start.kind == .sign, start.text == "(" { return try parenthesis() }
        if take("consent", "to") { return try consent(from: start) }
        if take("reachable", "by") { return try reachable(from: start) }
        if isWord("stage"), ["is", "in"].contains(token(after: 1).text) { return try stage(from: start) }
        if isWord("stage"), token(after: 1).text != "entered", scope.definitions[start.text] == nil {
            throw failure("write \"stage is loyal\", or \"stage in loyal, active\" for several")
        }
        // The longest phrase counts: `cart items` is a fact, whatever is called `cart`.
        if start.kind == .word, (factHere()?.1 ?? 0) <= 1 {
            switch scope.definitions[start.text] {
            case .condition(let condition):
                advance()
                return condition
            case .unreadable:
                throw consequence()
            case .quantity:
                return .literal(try comparison())
            case nil:
                if scope.segments.contains(start.text) { return try segment() }
            }
        }
        if let literal = try aboutOneFact(from: start) { return literal }
        return .literal(try comparison())
    }

    private mutating func parenthesis() throws(ExpressionError) -> Condition {
        guard openParentheses < Condition.nestingMax else {
            throw failure("more than \(Condition.nestingMax) levels of parentheses")
        }
        advance()
        openParentheses += 1
        let inner = try expression()
        guard current.text == ")", current.kind == .sign else { throw failure("expected \")\"") }
        advance()
        openParentheses -= 1
        return inner
    }

    private mutating func consent(from start: Token) throws(ExpressionError) -> Condition {
        let channel = current
        guard channel.text == "any" || Channel(word: channel.text) != nil else {
            throw failure(
                "unknown channel \"\(Suggestion.excerpt(channel.text))\"; known: any, \(Channel.allWords)")
        }
        advance()
        let purpose = current
        let name = purpose.kind == .label ? unquoted(purpose) : purpose.text
        guard scope.purposes.contains(name) else {
            throw failure(
                "unknown purpose \"\(Suggestion.excerpt(name))\"; declared: \(scope.purposes.joined(separator: ", "))")
        }
        advance()
        let test = Literal.Test.consent(Channel(word: channel.text), purpose: name)
        return .literal(literal(test, from: start, phrase: Phrase(left: words(from: start), right: "")))
    }

    // ( "stage is" | "stage in" ) STAGE { "," STAGE }
    private mutating func stage(from start: Token) throws(ExpressionError) -> Condition {
        guard scope.asker > .stage else {
            throw failure("a stage may not ask for the stage: it depends on facts and time alone")
        }
        advance(by: 2)
        var stages: [String] = []
        repeat {
            if !stages.isEmpty { advance() }
            guard current.kind == .word else {
                throw failure("expected a stage, for example stage in loyal, active")
            }
            guard scope.stages.contains(current.text) else {
                throw failure(Suggestion.message(unknown: "stage", current.text, among: scope.stages))
            }
            stages.append(current.text)
            advance()
        } while isSign(",")
        let phrase = Phrase(left: words(from: start), right: "")
        return .literal(literal(.stage(stages), from: start, phrase: phrase))
    }

    private mutating func segment() throws(ExpressionError) -> Condition {
        guard scope.asker == .action else {
            throw failure("only actions may ask for a segment; use define: for a shared condition")
        }
        let start = current
        advance()
        let phrase = Phrase(left: words(from: start), right: "")
        return .literal(literal(.segment(start.text), from: start, phrase: phrase))
    }

    private mutating func reachable(from start: Token) throws(ExpressionError) -> Condition {
        guard let channel = Channel(word: current.text) else {
            throw failure("unknown channel \"\(Suggestion.excerpt(current.text))\"")
        }
        advance()
        let phrase = Phrase(left: words(from: start), right: "")
        return .literal(literal(.reachable(channel), from: start, phrase: phrase))
    }

    /// A lone flag, a membership or a known-test. Nil: a quantity begins here, nothing is taken.
    private mutating func aboutOneFact(from start: Token) throws(ExpressionError) -> Condition? {
        guard let (fact, length) = factHere() else { return nil }
        try use(fact, at: start)
        let saved = position
        position += length
        let left = words(from: start)
        for (word, isKnown) in [("known", true), ("unknown", false)] where take("is", word) {
            var literal = literal(.known(fact), from: start, phrase: Phrase(left: left, right: ""))
            literal.isPositive = isKnown
            return .literal(literal)
        }
        switch fact.type {
        case .flag:
            return .literal(literal(.flag(fact), from: start, phrase: Phrase(left: left, right: "")))
        case .set:
            guard take("has") else { throw failure("\"\(left)\" is a set; write for example \(left) has \"…\"") }
            return try membership(of: fact, from: start, left: left)
        case .label:
            guard take("is") else {
                throw failure("\"\(left)\" is a label; write for example \(left) is \"newsletter\"")
            }
            return try membership(of: fact, from: start, left: left)
        case .instant:
            throw failure("\"\(left)\" is a moment; write for example since \(left) > 30 days", at: start)
        case .birthday:
            throw failure(
                "\"birthday\" can only be \"known\"/\"unknown\", or start an action (after: each birthday)", at: start)
        case .count, .money, .duration, .runningTime, .score:
            position = saved
            return nil
        }
    }

    private mutating func membership(
        of fact: FactWord, from start: Token, left: String
    ) throws(ExpressionError) -> Condition {
        let token = current
        let label = token.kind == .label ? unquoted(token) : token.text
        guard token.kind == .label || token.kind == .word, !label.isEmpty else { throw failure("expected a label") }
        if fact.fact == .profile, Profile(word: label) == nil {
            throw failure("unknown part of the profile \"\(Suggestion.excerpt(label))\"; known: \(Profile.allWords)")
        }
        advance()
        let phrase = Phrase(left: left, right: token.text)
        return .literal(literal(.has(fact, label: label), from: start, phrase: phrase))
    }

    private func literal(_ test: Literal.Test, from start: Token, phrase: Phrase) -> Literal {
        Literal(test: test, place: place(of: start), phrase: phrase)
    }
}
