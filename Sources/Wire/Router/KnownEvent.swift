/// The events whose bodies need more than the general rules.
enum KnownEvent: CaseIterable {
    case signedUp, accountCreated, productReviewed, orderRefunded

    private var name: StaticString {
        switch self {
        case .signedUp: "Signed Up"
        case .accountCreated: "Account Created"
        case .productReviewed: "Product Reviewed"
        case .orderRefunded: "Order Refunded"
        }
    }

    /// Names are matched trimmed and without case.
    init?(_ text: UnsafeRawBufferPointer) {
        let trimmed = TextCursor(trimming: text).remaining
        for event in Self.allCases where trimmed.isEqual(event.name, ignoringCase: true) {
            self = event
            return
        }
        return nil
    }

    /// Whether `name` is the person's.
    var isSignup: Bool { self == .signedUp || self == .accountCreated }
}
