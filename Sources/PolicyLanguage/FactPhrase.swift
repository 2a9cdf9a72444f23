package import CustomerLifecycle

extension Fact {
    /// What a policy calls it.
    package var phrase: String {
        switch self {
        case .consentTo: "consent to CHANNEL PURPOSE"
        case .reachableBy: "reachable by CHANNEL"
        default: FactWord.all.first { $0.fact == self }?.phrase ?? "\(self)"
        }
    }
}
