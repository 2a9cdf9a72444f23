import CommandLine
import CustomerLifecycle

/// Moving over the tokens, naming facts, and saying what is wrong where.
extension ExpressionParser {
    var current: Token { tokens[position] }

    func token(after count: Int) -> Token { tokens[min(position + count, tokens.count - 1)] }

    /// Stays on the last token, which is the end of the line.
    mutating func advance(by count: Int = 1) { position = min(position + count, tokens.count - 1) }

    func isWord(_ word: String) -> Bool { current.kind == .word && current.text == word }

    func isSign(_ sign: String) -> Bool { current.kind == .sign && current.text == sign }

    /// Takes the words if they all stand here, in this order.
    mutating func take(_ words: String...) -> Bool {
        for (count, word) in words.enumerated() {
            let token = token(after: count)
            guard token.kind == .word, token.text == word else { return false }
        }
        advance(by: words.count)
        return true
    }

    /// The longest phrase here that means a fact, and how many tokens it has.
    func factHere() -> (FactWord, Int)? {
        let words = tokens[position...].prefix(FactWord.wordCountMax).prefix { $0.kind == .word }.map(\.text)
        for count in stride(from: words.count, to: 0, by: -1) {
            if let fact = FactWord.byPhrase[words.prefix(count).joined(separator: " ")] { return (fact, count) }
        }
        return nil
    }

    mutating func fact() throws(ExpressionError) -> FactWord {
        if let (fact, length) = factHere() {
            advance(by: length)
            return fact
        }
        guard current.kind == .word else {
            let found = current.kind == .end ? "" : ", found \"\(Suggestion.excerpt(current.text))\""
            throw failure("expected a fact or a number\(found)")
        }
        let phrase = tokens[position...].prefix(3).prefix { $0.kind == .word }.map(\.text).joined(separator: " ")
        throw failure(
            Suggestion.message(unknown: "word", current.text, phrase: phrase, among: scope.knownWords))
    }

    /// Notes what the fact needs, and refuses what a stage may not look at.
    mutating func use(_ fact: FactWord, at token: Token) throws(ExpressionError) {
        for assumption in fact.assumptions { findings.need(assumption, for: fact.phrase) }
        guard scope.asker == .stage else { return }
        switch fact.layer {
        case .fact:
            return
        case .standing:
            throw failure(
                "a stage may not look at \"\(fact.phrase)\": it depends on facts and time alone", at: token)
        case .effort:
            throw failure(
                "a stage may not look at \"\(fact.phrase)\": "
                    + "what we sent must not decide where the customer stands", at: token)
        }
    }

    /// The policy's own words from `start` to here.
    func words(from start: Token) -> String {
        tokens[..<position].drop { $0.offset < start.offset }.map(\.text).joined(separator: " ")
    }

    func place(of token: Token) -> Place { source.place(of: token.offset, in: scalar) }

    func unquoted(_ token: Token) -> String { String(token.text.dropFirst().dropLast()) }

    func failure(_ message: String, at token: Token? = nil) -> ExpressionError {
        ExpressionError(offset: (token ?? current).offset, message: message)
    }

    func consequence() -> ExpressionError { ExpressionError(offset: current.offset, message: nil) }

    func unexpected() -> ExpressionError {
        let hint = current.text == "==" ? " (write a single \"=\")" : ""
        return failure("did not expect \"\(Suggestion.excerpt(current.text))\" here\(hint)")
    }
}

extension Channel {
    init?(word: String) {
        switch word {
        case "email": self = .email
        case "sms": self = .sms
        case "push": self = .push
        case "post": self = .post
        default: return nil
        }
    }

    var word: String {
        switch self {
        case .email: "email"
        case .sms: "sms"
        case .push: "push"
        case .post: "post"
        }
    }

    static let allWords = allCases.map(\.word).joined(separator: ", ")
}

extension Profile {
    init?(word: String) {
        switch word {
        case "email": self = .email
        case "phone": self = .phone
        case "birthday": self = .birthday
        case "name": self = .name
        default: return nil
        }
    }

    static let allWords = "email, phone, birthday, name"
}
