/// What a policy may ask about a customer: a closed list. Counts and money are `Int64`, durations
/// milliseconds, scores thousandths, instants milliseconds since 1970.
package enum Fact: UInt8, CaseIterable, Sendable {
    case identified = 0
    case firstSeen, lastSeen, knownSince
    case profile, birthday
    case consentTo
    case orders, undoneOrders, discountedOrders
    case revenue, averageOrder
    case firstOrder, lastOrder
    case silenceBeforeLastOrder, usualGap, timeToSecondOrder
    case bought, cycle, margin
    case complaints, openComplaints
    case lastSurvey, lastReview, reviews, lastShare
    /// Fed by friends; 0 until referral exists.
    case referrals

    /// Whether it is a point in time, so that a policy can ask how long ago it was.
    var isInstant: Bool {
        switch self {
        case .firstSeen, .lastSeen, .knownSince, .firstOrder, .lastOrder, .lastShare: true
        default: false
        }
    }
}
