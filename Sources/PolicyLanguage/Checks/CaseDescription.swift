import CustomerLifecycle

/// Puts a case into words: `silence 0, orders 1`.
struct CaseDescription {
    private let currency: Currency?
    /// The policy's words for what is no number.
    private var phrases: [CaseVariable: Phrase] = [:]

    init(currency: Currency?, literals: [Literal]) {
        self.currency = currency
        for literal in literals {
            guard let (variable, _) = CaseCuts.reading(of: literal), phrases[variable] == nil else { continue }
            phrases[variable] = literal.phrase
        }
    }

    /// These variables and what every reader asks first, silence and orders; nil: all numbers.
    func words(_ variables: [CaseVariable], _ values: [Int64?], about: Set<CaseVariable>?) -> String {
        zip(variables, values).compactMap { variable, value in
            let isShown = about?.contains(variable) ?? variable.isNumber
            return isShown || variable == .silence || variable == .orders ? words(variable, value) : nil
        }.joined(separator: ", ")
    }

    private func words(_ variable: CaseVariable, _ value: Int64?) -> String? {
        switch variable {
        case .since(let fact):
            return "\(fact == .lastOrder ? "silence" : "since \(fact.phrase)") \(words(value, .duration))"
        case .quantity(let fact, let window):
            let span = window.map { " in last " + words($0, .duration) } ?? ""
            return "\(fact.phrase)\(span) \(words(value, fact.type))"
        case .relation:
            guard let phrase = phrases[variable], let value else { return nil }
            return "\(phrase.left) \(value < 0 ? "<" : value == 0 ? "=" : ">") \(phrase.right)"
        case .flag(let test):
            guard let phrase = phrases[variable] else { return nil }
            return words(flag: test, phrase, value)
        }
    }

    private func words(flag test: Literal.Test, _ phrase: Phrase, _ value: Int64?) -> String {
        switch test {
        case .known: "\(phrase.left) is \(value == 1 ? "known" : "unknown")"
        case .has: "\(value == 1 ? "" : "not ")\(phrase.left) has \(phrase.right)"
        case .flag, .consent, .reachable, .compare: "\(value == 1 ? "" : "not ")\(phrase.left)"
        }
    }

    private func words(_ value: Int64?, _ type: ValueType) -> String {
        guard let value else { return "unknown" }
        return value == 0 ? "0" : PolicyText.value(value, of: type, currency: currency)
    }
}
