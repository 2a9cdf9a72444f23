import CustomerLifecycle

/// One customer at one instant. It performs a planned step, and plans the steps that follow.
struct Life {
    enum Step: Sendable {
        case session(Session)
        case order([Purchase.Line])
        /// The same, with a coupon that was applied just before.
        case pay([Purchase.Line], Coupon)
        case act(Act)
    }

    enum Session: Sendable {
        case first
        case look
        case buy
    }

    struct Coupon: Sendable {
        let percent: Int
        var code: String { "MINUS\(percent)" }
    }

    var person: Person
    let now: Instant
    private let currency: Currency
    private(set) var planned: [(Step, Instant)] = []

    init(person: Person, now: Instant, currency: Currency) {
        self.currency = currency
        self.person = person
        self.now = now
    }

    /// Performs a step. Returns nil where there is nothing to report, as when no consent is left to withdraw.
    mutating func perform(
        _ step: Step, placing place: ([Purchase.Line], _ coupon: String?, _ discountMinorUnits: Int64) -> Purchase
    ) -> Act? {
        switch step {
        case .session(let session): begin(session)
        case .order(let lines): checkOut(lines, placing: place)
        case .pay(let lines, let coupon): order(lines, coupon, placing: place)
        case .act(.subscribed(let channel, let place)):
            person.subscriptions.insert(channel).inserted ? .subscribed(channel, at: place) : nil
        case .act(.clicked(let channel)): person.subscriptions.contains(channel) ? .clicked(channel) : nil
        case .act(.bounced(let channel)): person.subscriptions.contains(channel) ? .bounced(channel) : nil
        case .act(.unsubscribed(let channel)):
            person.subscriptions.remove(channel) == nil ? nil : .unsubscribed(channel)
        case .act(.markedAsSpam): person.subscriptions.remove(.email) == nil ? nil : .markedAsSpam
        case .act(.identified(let traits)): identify(traits)
        case .act(let act): act
        }
    }

    private mutating func identify(_ traits: Traits) -> Act {
        person.isSignedIn = true
        return .identified(traits)
    }

    // MARK: a visit

    private mutating func begin(_ session: Session) -> Act {
        person.arrive()
        switch session {
        case .first:
            browse()
            decideAfterFirstVisit()
        case .look:
            browse()
            if person.orderCount == 0, person.habits.daysToFirstOrder == nil { lookAgain() }
        case .buy:
            buy()
        }
        let paths = ["/", "/new", "/sale", "/about", "/stories"]
        let path = person.chance.pick(from: paths)
        let campaign = campaign()
        if campaign == "newsletter" { plan(.act(.clicked(.email)), at: now + Milliseconds(1)) }
        return .visited(path: path, campaign: campaign)
    }

    private mutating func campaign() -> String? {
        guard person.chance.happens(inThousand: 350) else { return nil }
        return person.chance.pick(from: ["newsletter", "search", "social", "friends"])
    }

    /// Plans views of a few products, and perhaps a subscription.
    private mutating func browse() {
        var seconds = 0
        for _ in 0..<person.chance.number(below: 4) {
            seconds += person.chance.number(in: 15...240)
            plan(.act(.viewed(person.chance.pick(from: Catalogue.products))), inSeconds: seconds)
        }
        if person.chance.happens(inThousand: 150) {
            let product = person.chance.pick(from: Catalogue.products)
            plan(.act(.addedToCart(product, quantity: 1, currency)), inSeconds: seconds + 40)
            // Most carts are left as they are.
            if person.asides.happens(inThousand: 200) {
                plan(.act(.removedFromCart(product)), at: now + .seconds(Int64(seconds + 45)))
            }
        }
        guard person.userID == nil, person.chance.happens(inThousand: person.habits.subscribes / 2) else { return }
        introduce(inSeconds: seconds + 90)
        plan(.act(.subscribed(.email, at: "footer")), inSeconds: seconds + 130)
    }

    private mutating func introduce(inSeconds seconds: Int) {
        if person.chance.happens(inThousand: 600) { plan(.act(.signedUp), inSeconds: seconds) }
        plan(.act(.identified(person.traits)), inSeconds: seconds + 2)
        guard person.asides.happens(inThousand: 400) else { return }
        let cost = Money(minorUnits: Int64(person.asides.number(in: 80...1_200)), currency: currency)
        planAside(.act(.costRecorded(cost)), inDays: 1)
    }

    private mutating func decideAfterFirstVisit() {
        guard let days = person.habits.daysToFirstOrder else { return lookAgain() }
        plan(.session(.buy), inDays: Scatter.wide.length(around: days, &person.chance))
    }

    /// Plans the next visit of a customer who only looks, or the last goodbye to the newsletter.
    private mutating func lookAgain() {
        guard case .gap(let days, let scatter) = person.habits.rhythm else { return }
        guard !person.chance.happens(inThousand: person.habits.leaves) else {
            if person.chance.happens(inThousand: 250) { plan(.act(.unsubscribed(.email)), inDays: 5) }
            return
        }
        plan(.session(.look), inDays: 1 + scatter.length(around: days, &person.chance))
    }

    /// Plans a visit that ends with an order.
    private mutating func buy() {
        var seconds = 0
        var lines: [Purchase.Line] = []
        for _ in 0...person.chance.index(weighted: [50, 28, 15, 7]) {
            let product = person.chance.pick(from: Catalogue.products)
            guard !lines.contains(where: { $0.product == product }) else { continue }
            let quantity = 1 + person.chance.index(weighted: [80, 15, 5])
            seconds += person.chance.number(in: 20...200)
            plan(.act(.viewed(product)), inSeconds: seconds)
            seconds += person.chance.number(in: 5...60)
            plan(.act(.addedToCart(product, quantity: quantity, currency)), inSeconds: seconds)
            lines.append(Purchase.Line(product: product, quantity: quantity))
        }
        if person.userID == nil {
            introduce(inSeconds: seconds + 30)
        } else if !person.isSignedIn {
            plan(.act(.identified(person.traits)), inSeconds: seconds + 30)
        }
        plan(.order(lines), inSeconds: seconds + 120)
        guard person.subscriptions.isEmpty else { return }
        if person.chance.happens(inThousand: person.habits.subscribes / 2) {
            plan(.act(.subscribed(.email, at: "checkout")), inSeconds: seconds + 125)
        } else if person.chance.happens(inThousand: 40) {
            plan(.act(.subscribed(.sms, at: "checkout")), inSeconds: seconds + 125)
        }
    }

    // MARK: planning

    mutating func plan(_ step: Step, at time: Instant) { planned.append((step, time)) }

    mutating func plan(_ step: Step, inSeconds seconds: Int) {
        planned.append((step, now + Milliseconds(Int64(seconds * 1_000 + person.chance.number(below: 1_000)))))
    }

    /// Plans a step at an hour at which people are awake, at least ten minutes from now.
    mutating func plan(_ step: Step, inDays days: Int) {
        let today = CivilDate.split(now).date
        plan(step, on: CivilDate(dayNumber: today.dayNumber + Int64(days)))
    }

    /// Plans a step in working hours, on a later day.
    mutating func planAside(_ step: Step, inDays days: Int) {
        plan(step, at: workday(inDays: days) + .minutes(Int64(person.asides.number(in: 8 * 60...17 * 60))))
    }

    func workday(inDays days: Int) -> Instant {
        CivilDate(dayNumber: CivilDate.split(now).date.dayNumber + Int64(days)).midnight
    }

    mutating func plan(_ step: Step, on day: CivilDate) {
        let time = Seasons.time(from: day, &person.chance)
        planned.append((step, max(time, now + .minutes(Int64(person.chance.number(in: 10...60))))))
    }
}
