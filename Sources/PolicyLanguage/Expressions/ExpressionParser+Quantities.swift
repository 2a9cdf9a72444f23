import CommandLine
import CustomerLifecycle

/// Comparisons and what stands on their sides.
extension ExpressionParser {
    private static let windowMax = Milliseconds.days(1_100)

    mutating func comparison() throws(ExpressionError) -> Literal {
        let left = try quantity()
        let sign = current
        guard sign.kind == .sign, let comparison = Policy.Comparison(sign: sign.text) else {
            throw notCompared(left)
        }
        advance()
        let right = try quantity()
        try check(left, sign, right)
        return literal(left, comparison, right)
    }

    private func notCompared(_ left: WrittenOperand) -> ExpressionError {
        if isSign("==") { return failure("write a single \"=\"") }
        guard current.kind == .end || isWord("and") || isWord("or") || isSign(")") else {
            return failure("expected <, <=, =, !=, >= or >, found \"\(Suggestion.excerpt(current.text))\"")
        }
        let type = left.operand.type
        return ExpressionError(
            offset: left.offset,
            message: "\"\(left.phrase)\" is a \(type.words); compare it, for example with > "
                + type.example(currency: scope.exampleCurrency))
    }

    private func check(_ left: WrittenOperand, _ sign: Token, _ right: WrittenOperand) throws(ExpressionError) {
        let types = (left.operand.type, right.operand.type)
        switch types {
        case (.runningTime, .runningTime):
            throw ExpressionError(
                offset: right.offset, message: "both sides grow with time; compare one of them with a duration")
        case (.runningTime, .duration), (.duration, .runningTime):
            guard !["=", "!="].contains(sign.text) else {
                throw failure(
                    "\"\(sign.text)\" with a running clock is decided by one millisecond; use < <= > >=", at: sign)
            }
        case (let a, let b) where a != b:
            throw ExpressionError(
                offset: right.offset,
                message: "cannot compare a \(a.words) with a \(b.words); write for example "
                    + a.example(currency: scope.exampleCurrency))
        case (_, _):
            try checkContacts(left, right)
            try checkContacts(right, left)
            guard left.operand.isWindowed, right.operand.isWindowed else { return }
            throw ExpressionError(offset: right.offset, message: "at most one side may change with time")
        }
    }

    /// What we sent is remembered, but not all of it.
    private func checkContacts(_ quantity: WrittenOperand, _ limit: WrittenOperand) throws(ExpressionError) {
        guard case .fact(let fact, _) = quantity.operand.term, fact.fact == .contacts else { return }
        guard let most = limit.operand.constant, most <= 8 else {
            throw ExpressionError(
                offset: limit.offset, message: "we remember the last 8 contacts; compare with a number up to 8")
        }
    }

    /// Turns it so that what changes with time stands on the left.
    private func literal(
        _ left: WrittenOperand, _ comparison: Policy.Comparison, _ right: WrittenOperand
    ) -> Literal {
        let isTurned = right.operand.isRunning || right.operand.isWindowed
        let (first, second) = isTurned ? (right, left) : (left, right)
        return Literal(
            test: .compare(isTurned ? comparison.mirrored : comparison, first.operand, second.operand),
            place: source.place(of: left.offset, in: scalar),
            phrase: Phrase(left: first.phrase, right: second.phrase))
    }

    mutating func quantity(factors: Int = 0) throws(ExpressionError) -> WrittenOperand {
        let start = current
        if start.kind == .number {
            let next = token(after: 1)
            return next.kind == .sign && next.text == "*" ? try product(factors: factors) : try constant()
        }
        if start.kind == .word, (factHere()?.1 ?? 0) <= 1, let definition = scope.definitions[start.text] {
            switch definition {
            case .quantity(let operand):
                advance()
                return WrittenOperand(operand: operand, offset: start.offset, phrase: start.text)
            case .condition:
                throw failure("\"\(start.text)\" is a yes/no condition, not a quantity")
            case .unreadable:
                throw consequence()
            }
        }
        return isWord("since") ? try runningTime() : try factQuantity()
    }

    private mutating func product(factors: Int) throws(ExpressionError) -> WrittenOperand {
        let start = current
        guard factors < Condition.nestingMax else { throw failure("too many factors") }
        let hundredths = try scaled(start, digits: 2, none: "a factor is a whole number")
        guard hundredths <= 100_000 else { throw failure("a factor is at most 1000") }
        advance(by: 2)
        var factor = try quantity(factors: factors + 1)
        switch factor.operand.type {
        case .runningTime:
            throw failure("a running clock cannot be multiplied; multiply the other side", at: start)
        case .count, .money, .duration:
            break
        case .score, .flag, .instant, .label, .set, .birthday:
            throw failure("cannot multiply a \(factor.operand.type.words)", at: start)
        }
        guard !factor.operand.isWindowed else {
            throw failure("a fact that changes with time cannot be multiplied; multiply the other side", at: start)
        }
        guard let product = factor.operand.applying(.times(hundredths: hundredths)) else {
            throw failure("this can become too large to count; use a smaller factor", at: start)
        }
        factor.operand = product
        return WrittenOperand(operand: product, offset: start.offset, phrase: words(from: start))
    }

    private mutating func runningTime() throws(ExpressionError) -> WrittenOperand {
        let start = current
        advance()
        let token = current
        let instant = try fact()
        guard instant.type == .instant else {
            throw failure("\"since\" needs a moment; \"\(instant.phrase)\" is a \(instant.type.words)", at: token)
        }
        try use(instant, at: token)
        return written(.since(instant), instant, from: start, at: token)
    }

    private mutating func factQuantity() throws(ExpressionError) -> WrittenOperand {
        let start = current
        let fact = try fact()
        try use(fact, at: start)
        guard fact.type.isQuantity else {
            throw failure("\"\(fact.phrase)\" is a \(fact.type.words), not a quantity", at: start)
        }
        if take("in", "last") {
            let window = try window(of: fact, from: start)
            return written(.fact(fact, window: window), fact, from: start, at: start)
        }
        guard fact.fact != .contacts else {
            throw failure("say over which time, for example contacts in last 30 days", at: start)
        }
        let term: Operand.Term = fact.type == .runningTime ? .since(.lastOrder) : .fact(fact, window: nil)
        return written(term, fact, from: start, at: start)
    }

    private mutating func window(of fact: FactWord, from start: Token) throws(ExpressionError) -> Int64 {
        guard fact.isWindowed else {
            let windowed = FactWord.all.filter(\.isWindowed).map(\.phrase).joined(separator: ", ")
            throw failure("\"\(fact.phrase)\" cannot be counted over a window; windowed: \(windowed)", at: start)
        }
        let token = current
        let literal = try constant()
        guard literal.operand.type == .duration, let window = literal.operand.constant else {
            throw failure("expected a duration, for example in last 365 days", at: token)
        }
        guard window <= Self.windowMax.count else { throw failure("windows reach back 1100 days at most", at: token) }
        guard window > 0 else { throw failure("a window is longer than nothing", at: token) }
        return window
    }

    private func written(_ term: Operand.Term, _ fact: FactWord, from start: Token, at token: Token) -> WrittenOperand {
        WrittenOperand(operand: Operand(term: term), offset: start.offset, phrase: words(from: start))
    }
}
