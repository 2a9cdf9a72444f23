/// The events whose bodies need more than the general rules: what their names mean is what they mean to the fold.
enum KnownEvent {
    /// `name` is the person's.
    case signup
    case review
    /// Amounts without a currency are in the order's.
    case refund
    /// Of its members only those stay that are read.
    case override
    /// Another word of the shop's own.
    case ofOperator

    init?(_ meaning: EventMeaning) {
        switch meaning {
        case .signedUp: self = .signup
        case .reviewed: self = .review
        case .orderRefunded: self = .refund
        case .overrideSet, .overrideCleared: self = .override
        case .costRecorded, .deletionRequested, .split: self = .ofOperator
        default: return nil
        }
    }
}
