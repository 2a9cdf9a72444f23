import CustomerLifecycle

/// Puts a case into words: `silence 0, orders 1`.
struct CaseDescription {
    let currency: Currency?

    /// The numbers of the case, in the order of the variables.
    func words(_ variables: [CaseVariable], _ values: [Int64?]) -> String {
        zip(variables, values).compactMap(words).joined(separator: ", ")
    }

    private func words(_ variable: CaseVariable, _ value: Int64?) -> String? {
        switch variable {
        case .since(let fact):
            return "\(fact == .lastOrder ? "silence" : "since \(fact.phrase)") \(words(value, .duration))"
        case .quantity(let fact, let window):
            let span = window.map { " in last " + words($0, .duration) } ?? ""
            return "\(fact.phrase)\(span) \(words(value, fact.type))"
        case .relation, .flag:
            return nil
        }
    }

    private func words(_ value: Int64?, _ type: ValueType) -> String {
        guard let value else { return "unknown" }
        return value == 0 ? "0" : PolicyText.value(value, of: type, currency: currency)
    }
}
