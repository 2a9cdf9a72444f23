import CustomerLifecycle

/// What a planned customer does in the shop beside ordering, and what the shop reports.
extension ExamplePlan {
    /// The products that the customer put in and has not ordered.
    struct Cart: Hashable {
        var count = 0
        /// When it was touched last; of an empty one when the last product was taken out.
        var age: Int64?
        /// Minor units of all of it; nil: each product at the plan's price.
        var value: Int64?

        var isTouched: Bool { count > 0 || age != nil }
    }

    /// Of a second look before the first, and of what was taken out again.
    private static let moment: Int64 = 5 * 60_000
    /// An order is promised to come within so long.
    private static let promise = 3 * day

    var cartAge: Int64 { cart.age ?? min(actAge, undone.count > 0 ? Self.soonAfter(undoneAge) : actAge) }

    /// The age of the last look at the shop, if there is any.
    private var lookAge: Int64? {
        [lastVisitAge, firstVisitAge, cart.isTouched ? cartAge : nil].compactMap(\.self).min()
    }

    private var latePlaces: Range<Int> {
        let first = late.age.flatMap { age in orderAges.firstIndex { $0 > age } } ?? 0
        let count = min(late.count, orderCount)
        let start = min(first, orderCount - count)
        return start..<start + count
    }

    /// How long ago the order at `place` was promised for, the `number`th of those that are late.
    private func promiseAge(at place: Int, number: Int) -> Int64 {
        let ordered = orderAges[place]
        let usual = max(ordered - Self.promise, ordered / 2)
        return late.age.map { min(usual, $0 + Int64(number) * late.spacing) } ?? usual
    }

    var actComplexity: Int {
        let flags = [
            hasSecondLook, source != nil, isNewAtSignup != nil, isNewAtSignup == false, isUnsubscribed,
            cart.age != nil, cart.value != nil, isOverdue, deliveredAge != nil, acquisitionCost != nil,
        ]
        return flags.count(where: \.self) + bounces.count + cart.count + 2 * late.count
    }

    func appendVisits(to events: inout [(age: Int64, kind: ExampleEvent.Kind)], _ policy: Policy) {
        if hasSecondLook, let lookAge { events.append((lookAge + Self.moment, .visited)) }
        guard cart.isTouched else { return }
        guard cart.count > 0 else {
            events.append((cartAge + Self.moment, .carted(product: 1, policy.exampleMoney(price))))
            events.append((cartAge, .uncarted(product: 1)))
            return
        }
        let count = Int64(cart.count)
        let value = cart.value ?? price * count
        for place in 0..<count {
            let amount = value / count + (place == 0 ? value % count : 0)
            events.append((cartAge, .carted(product: Int(place) + 1, policy.exampleMoney(amount))))
        }
    }

    func appendSignup(to events: inout [(age: Int64, kind: ExampleEvent.Kind)]) {
        guard let isNewAtSignup else { return }
        let known = events.filter(\.kind.makesKnown).map(\.age).max()
        if isNewAtSignup {
            events.append((known ?? actAge, .subscribed(.email)))
        } else if let known, known > 2 * Self.day {
            events.append((min(actAge, known - 2 * Self.day), .subscribed(.email)))
        } else {
            events.append((actAge + 2 * Self.day, .identified([])))
            events.append((actAge, .subscribed(.email)))
        }
        if isUnsubscribed { events.append((min(actAge, events[events.count - 1].age) / 2, .unsubscribed(.email))) }
    }

    func appendDeliveries(to events: inout [(age: Int64, kind: ExampleEvent.Kind)]) {
        let latePlaces = latePlaces
        for place in latePlaces {
            let (ordered, promised) = (orderAges[place], promiseAge(at: place, number: place - latePlaces.lowerBound))
            let shipped = ordered - min(Self.day, (ordered - promised) / 2)
            let number = orderCount - place
            events.append((shipped, .shipped(order: number, promised: RuleExample.asOf - Milliseconds(promised))))
            if isOverdue { continue }
            let came = deliveredAge.map { $0 < promised ? $0 : 0 } ?? 0
            events.append((max(Self.soonAfter(promised), came), .delivered(order: number)))
        }
        // One that was in time: the newest that was there by then.
        let places = orderAges.indices.filter { !latePlaces.contains($0) }
        guard let deliveredAge, let last = places.last else { return }
        let place = places.first { orderAges[$0] > deliveredAge } ?? last
        let came = min(deliveredAge, Self.soonAfter(orderAges[place]))
        events.append((came, .delivered(order: orderCount - place)))
    }

    func appendTheShops(to events: inout [(age: Int64, kind: ExampleEvent.Kind)], _ policy: Policy) {
        let signup = events.last { $0.kind == .subscribed(.email) }?.age ?? actAge
        for channel in bounces.sorted(by: { $0.rawValue < $1.rawValue }) {
            events.append((Self.soonAfter(min(actAge, signup)), .bounced(channel)))
        }
        if let amount = acquisitionCost.flatMap(policy.exampleMoney) {
            events.append((beginningAge, .acquired(amount)))
        }
    }
}

extension Policy {
    /// Nil where the policy counts in no currency.
    func exampleMoney(_ amount: Int64) -> Money? {
        currency == .none ? nil : Money(minorUnits: amount, currency: currency)
    }
}

extension ExampleEvent.Kind {
    /// Whether the shop knows the customer from then on.
    fileprivate var makesKnown: Bool {
        switch self {
        case .identified, .ordered, .consented, .subscribed: true
        case .visited, .cancelled, .complained, .resolved, .reviewed, .answered, .shared, .unsubscribed, .bounced,
            .carted, .uncarted, .shipped, .delivered, .acquired:
            false
        }
    }
}
