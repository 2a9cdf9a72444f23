package import CustomerLifecycle

/// Generates the events of a made-up shop in time order: customers of nine temperaments arrive, look, buy, complain,
/// praise, fall silent and come back, with the seasons, weekdays and hours of a real shop.
///
/// The same seed, opening and rate give the same events, bit by bit, on every platform and with any sequence of `end`s.
/// An event costs O(log n) in the number of plans.
package struct SeededShop: Sendable {
    /// The currency EUR.
    package static let euro = Currency(code: 5_810)

    package let opening: Instant
    let seed: UInt64
    let currency: Currency
    private let customersPerDay: Int
    private let customerCountMax: Int

    private var agenda = Agenda<Plan>()
    private var arrivals: Chance
    private var people: [Person] = []
    private var numbers: [BusinessID: CustomerNumber] = [:]
    private var orderCount = 0
    private var eventCount = 0

    /// `customersPerDay` is the mean over the first year and a half; the shop begins smaller and grows. After
    /// `customerCountMax` customers no new one comes.
    package init(
        seed: UInt64, opening: Instant, customersPerDay: Int = 4, customerCountMax: Int = .max,
        currency: Currency = Self.euro
    ) {
        precondition(customersPerDay > 0, "A shop without customers has no life.")
        self.seed = seed
        self.opening = opening
        self.currency = currency
        self.customersPerDay = customersPerDay
        self.customerCountMax = customerCountMax
        arrivals = Chance(seed: seed)
        planArrival(after: opening)
    }

    /// Returns the next event if it happens before `end`, else nil.
    package mutating func next(before end: Instant) -> ShopEvent? {
        while let earliest = agenda.earliest, earliest < end, let (time, plan) = agenda.next() {
            if let event = perform(plan, at: time) { return event }
        }
        return nil
    }

    package var customerCount: Int { people.count }

    /// Returns a customer's first name, for stories only: no event holds it.
    package func firstName(of customer: CustomerNumber) -> String { people[customer.value].firstName }
    package func temperament(of customer: CustomerNumber) -> Temperament { people[customer.value].temperament }

    /// Returns the customer to whom the shop's user id or a browser's anonymous id belongs.
    package func customer(withID id: BusinessID) -> CustomerNumber? { numbers[id] }

    private mutating func perform(_ plan: Plan, at time: Instant) -> ShopEvent? {
        guard case .customer(let number, let step) = plan else {
            welcome(at: time)
            return nil
        }
        var person = people[number.value]
        var life = Life(person: person, now: time, currency: currency)
        let act = life.perform(step) { lines, coupon, discount in
            order(lines, coupon: coupon, discountMinorUnits: discount)
        }
        person = life.person
        if person.userID == nil, act?.introduces == true {
            let id = BusinessID.made("c", 1_001 + number.value, radix: 10)
            person.userID = id
            person.isSignedIn = true
            numbers[id] = number
        }
        people[number.value] = person
        for (step, time) in life.planned { agenda.add(.customer(number, step), at: time) }
        return act.map { event($0, by: person, at: time) }
    }

    private mutating func event(_ act: Act, by person: Person, at time: Instant) -> ShopEvent {
        eventCount += 1
        let ids = person.ids(for: act)
        let message = Chance.mixed(seed &+ UInt64(eventCount) &* 0x9E37_79B9_7F4A_7C15)
        return ShopEvent(
            time: time, customer: person.number, userID: ids.user, anonymousID: ids.anonymous,
            messageID: .made("m-", message), home: person.home, act: act)
    }

    private mutating func order(_ lines: [Purchase.Line], coupon: String?, discountMinorUnits: Int64) -> Purchase {
        orderCount += 1
        let goods = lines.reduce(0) { $0 + $1.product.minorUnits * Int64($1.quantity) }
        return Purchase(
            id: .made("", 10_000 + orderCount, radix: 10), lines: lines, currency: currency, coupon: coupon,
            discountMinorUnits: discountMinorUnits, shippingMinorUnits: goods >= 5_000 ? 0 : 490)
    }

    /// Adds a new customer and plans the arrival of the next one.
    private mutating func welcome(at time: Instant) {
        if people.count + 1 < customerCountMax { planArrival(after: time) }
        let person = Person(number: CustomerNumber(people.count), seed: seed)
        people.append(person)
        for device in person.devices { numbers[device] = person.number }
        agenda.add(.customer(person.number, .session(.first)), at: time)
    }

    private mutating func planArrival(after time: Instant) {
        var time = time
        repeat {
            let days = Int((time - opening).count / 86_400_000)
            // The rate grows from 60 % of the mean to 140 % within 18 months, and on to 250 %.
            let percent = min(60 + 80 * days / 546, 250)
            let mean = Seasons.meanGap(perThousandDays: customersPerDay * 10 * percent)
            time = time + Milliseconds(1 + Int64(Scatter.wide.length(around: Int(mean.count), &arrivals)))
        } while !Seasons.isBusy(time, &arrivals)
        agenda.add(.arrival, at: time)
    }
}

/// The next step of the shop or of one customer.
enum Plan: Sendable {
    case arrival
    case customer(CustomerNumber, Life.Step)
}

extension Act {
    /// Whether the customer has a user id from then on.
    var introduces: Bool {
        switch self {
        case .signedUp, .identified: true
        default: false
        }
    }
}
