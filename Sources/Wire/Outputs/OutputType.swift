package import CustomerLifecycle

/// The table of what the types of output are called: on the topic, and in their schemas.
extension OutputType {
    /// `ce_type`.
    package var name: String { "lifecycle.\(event).v1" }

    /// `ce_dataschema`.
    package var schema: String { "urn:lifecycle:schemas:\(event).v1" }

    private var event: String {
        switch self {
        case .stageChange: "stage.changed"
        case .restatement: "profile.restated"
        case .segmentChange: "segment.changed"
        case .consentChange: "consent.changed"
        case .forgetting: "profile.forgotten"
        case .actionDue: "action.due"
        case .actionCancelled: "action.cancelled"
        case .actionSuppressed: "action.suppressed"
        }
    }

    /// Its place in a list of all.
    var place: Int { Int(rawValue) - 1 }

    package init?(name: some Sequence<UInt8>) {
        guard let found = Self.allCases.first(where: { $0.name.utf8.elementsEqual(name) }) else { return nil }
        self = found
    }
}
