/// A kind of customer. It decides how often things happen, but not exactly when.
package enum Temperament: Int, CaseIterable, Sendable {
    /// Looks, perhaps subscribes, but never buys.
    case windowShopper
    case oneTime
    case regular
    case loyal
    /// Buys in one season of the year.
    case seasonal
    /// Buys in sales, with a coupon.
    case bargainHunter
    /// Buys often, praises and shares.
    case advocate
    /// Buys a few times, is silent for most of a year, and comes back.
    case sleeper
    case complainer
}

/// A temperament in numbers. Likelihoods are in a thousand.
struct Habits: Sendable {
    enum Rhythm: Sendable {
        /// The mean number of days between two orders.
        case gap(days: Int, Scatter)
        /// One season in the year, which differs between customers.
        case ownSeason
        case everySale
        /// A few orders with a gap, then a long silence, and so on.
        case spells(gapDays: Int, silenceDays: ClosedRange<Int>)
    }

    /// How many of a thousand new customers have this temperament.
    var share: Int
    var rhythm: Rhythm
    /// The mean time from the first visit to the first order; nil for customers who never buy.
    var daysToFirstOrder: Int?
    /// The likelihood to leave for good after an order.
    var leaves: Int
    var subscribes = 450
    var usesCoupon = 80
    var complains = 25
    var refunds = 50
    var reviews = 90
    /// The weights of the ratings 1…5.
    var ratings = [4, 6, 15, 40, 35]
    var shares = 20

    /// The habits of each temperament, indexed by its raw value.
    static let all = Temperament.allCases.map(of)
    static let shares = all.map(\.share)

    private static func of(_ temperament: Temperament) -> Habits {
        switch temperament {
        case .windowShopper:
            Habits(share: 330, rhythm: .gap(days: 25, .wide), daysToFirstOrder: nil, leaves: 300, subscribes: 330)
        case .oneTime:
            Habits(share: 200, rhythm: .gap(days: 190, .wide), daysToFirstOrder: 6, leaves: 880, subscribes: 250)
        case .regular:
            Habits(share: 140, rhythm: .gap(days: 48, .wide), daysToFirstOrder: 9, leaves: 90)
        case .loyal:
            Habits(
                share: 90, rhythm: .gap(days: 31, .steady), daysToFirstOrder: 7, leaves: 25, subscribes: 650,
                reviews: 60, ratings: [5, 10, 35, 35, 15])
        case .seasonal:
            Habits(share: 60, rhythm: .ownSeason, daysToFirstOrder: 4, leaves: 100)
        case .bargainHunter:
            Habits(share: 70, rhythm: .everySale, daysToFirstOrder: 5, leaves: 80, subscribes: 800, usesCoupon: 930)
        case .advocate:
            Habits(
                share: 50, rhythm: .gap(days: 30, .steady), daysToFirstOrder: 4, leaves: 15, subscribes: 850,
                complains: 5, refunds: 20, reviews: 600, ratings: [0, 0, 2, 28, 70], shares: 450)
        case .sleeper:
            Habits(
                share: 40, rhythm: .spells(gapDays: 28, silenceDays: 190...330), daysToFirstOrder: 8, leaves: 40,
                subscribes: 600)
        case .complainer:
            Habits(
                share: 20, rhythm: .gap(days: 40, .wide), daysToFirstOrder: 5, leaves: 130, complains: 550,
                refunds: 300, reviews: 300, ratings: [40, 30, 20, 7, 3])
        }
    }
}
