package import CustomerLifecycle

/// What goes wrong between a browser and the log. Likelihoods are in a thousand.
package struct Mishaps: Equatable, Sendable {
    /// How many events are sent a second time, as the same message.
    package var repeated = 0
    /// How many events are late, by up to `latestAfter`.
    package var late = 0
    package var latestAfter = Milliseconds.days(20)
    /// The longest delay of every event, so that neighbours overtake each other.
    package var jitter = Milliseconds(0)

    package init(
        repeated: Int = 0, late: Int = 0, latestAfter: Milliseconds = .days(20), jitter: Milliseconds = Milliseconds(0)
    ) {
        self.repeated = repeated
        self.late = late
        self.latestAfter = latestAfter
        self.jitter = jitter
    }

    package static let none = Self()
    package static let many = Self(repeated: 60, late: 40, jitter: .seconds(90))
}

/// A shop's events in the order of arrival, which with mishaps is not the order in which they happened.
package struct Deliveries: Sendable {
    package struct Delivery: Equatable, Sendable {
        package let event: ShopEvent
        /// The time of arrival, not before the event's own.
        package let arrival: Instant
        package let isRepeat: Bool
    }

    package private(set) var shop: SeededShop
    private let mishaps: Mishaps
    private var chance: Chance
    private var underWay = Agenda<Delivery>()

    package init(from shop: SeededShop, mishaps: Mishaps = .none, seed: UInt64 = 0) {
        self.shop = shop
        self.mishaps = mishaps
        chance = Chance(seed: seed)
    }

    /// Returns the next delivery that arrives before `end`. An event that happens before `end` but arrives later comes
    /// with a later `end`.
    package mutating func next(before end: Instant) -> Delivery? {
        // An event that happens before the earliest arrival could arrive even earlier.
        while let event = shop.next(before: min(end, underWay.earliest ?? end)) { send(event) }
        guard let earliest = underWay.earliest, earliest < end else { return nil }
        return underWay.next()?.plan
    }

    private mutating func send(_ event: ShopEvent) {
        var arrival = event.time + upTo(mishaps.jitter)
        if chance.happens(inThousand: mishaps.late) { arrival = arrival + upTo(mishaps.latestAfter) }
        underWay.add(Delivery(event: event, arrival: arrival, isRepeat: false), at: arrival)
        guard chance.happens(inThousand: mishaps.repeated) else { return }
        let again = arrival + upTo(mishaps.latestAfter)
        underWay.add(Delivery(event: event, arrival: again, isRepeat: true), at: again)
    }

    private mutating func upTo(_ longest: Milliseconds) -> Milliseconds {
        longest.count > 0 ? Milliseconds(Int64(chance.number(in: 0...Int(longest.count)))) : Milliseconds(0)
    }
}
