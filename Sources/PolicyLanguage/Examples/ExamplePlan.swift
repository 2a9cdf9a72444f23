import CustomerLifecycle

/// A customer as the search thinks of one: a few numbers that a history follows from. Ages are milliseconds before
/// `RuleExample.asOf`; nil is what suits the orders.
struct ExamplePlan: Hashable {
    /// Things of which there may be several: `count` of them, the newest `age` old, `spacing` apart.
    struct Items: Hashable {
        var count = 0
        var age: Int64?
        var spacing = ExamplePlan.day
    }

    static let day: Int64 = 86_400_000
    /// Where nothing speaks against it: the newest order's age, and the time between two orders.
    private static let usualAge = 2 * day
    private static let usualSpacing = 30 * day

    var isIdentified = false
    /// Of the orders that are kept, the newest first.
    private(set) var orderAges: [Int64] = []
    /// Minor units of each order, and what the newest has on top.
    var price: Int64
    var extra: Int64 = 0
    /// Per cent of its amount that each order's goods cost; nil: not said.
    var costPercent: Int64?
    /// How many orders, from the newest on, have a coupon.
    var discountedCount = 0
    /// In the order of the policy.
    var categories: [ExampleLabel] = []
    var undone = Items()
    var complaints = Items()
    /// How many of the complaints, from the newest on, are not resolved.
    var openCount = 0
    var reviews = Items()
    var reviewScore = 1_000
    var survey: Int?
    var shareAge: Int64?
    var firstVisitAge: Int64?
    var lastVisitAge: Int64?
    var identifiedAge: Int64?
    /// When somebody without orders does things.
    var quietAge = day
    var profile: Profile = []
    /// As nodes ask for them: channel × 64 + purpose.
    var consents: Set<Int64> = []
    /// Another look at the shop just before the last one.
    var hasSecondLook = false
    var source: ExampleLabel?
    /// Whether the customer became known by signing up for the newsletter, or before; nil: never signed up.
    var isNewAtSignup: Bool?
    var isUnsubscribed = false
    /// The channels whose last message came back.
    var bounces: Set<Channel> = []
    var cart = Cart()
    /// How many orders are late, from the newest on that is older than `late.age`: when it was promised.
    var late = Items()
    /// None of those that are late has come.
    var isOverdue = false
    var deliveredAge: Int64?
    var acquisitionCost: Int64?

    init(price: Int64) { self.price = price }

    // MARK: Orders

    var orderCount: Int { orderAges.count }
    /// From the oldest to the newest.
    var orderSpan: Int64 { (orderAges.last ?? 0) - (orderAges.first ?? 0) }

    /// Adds older orders, or takes the oldest away. Who orders gives a name, unless the policy asks for somebody else.
    mutating func setOrderCount(_ count: Int, pace: Int64 = usualSpacing) {
        if orderAges.isEmpty, count > 0 { isIdentified = true }
        while orderAges.count > count { orderAges.removeLast() }
        while orderAges.count < count { orderAges.append(orderAges.last.map { $0 + pace } ?? Self.usualAge) }
    }

    mutating func ensureOrders(_ count: Int) { if orderCount < count { setOrderCount(count) } }

    mutating func setSilence(_ age: Int64) {
        ensureOrders(1)
        let later = age - orderAges[0]
        for place in orderAges.indices { orderAges[place] += later }
    }

    /// Sets the time between the order at `place`, counted from the newest, and the one before it.
    mutating func setGap(_ gap: Int64, at place: Int) {
        ensureOrders(place + 2)
        let later = gap - (orderAges[place + 1] - orderAges[place])
        for place in (place + 1)..<orderCount { orderAges[place] += later }
    }

    /// Spreads the orders evenly over a time.
    mutating func spread(over span: Int64) {
        guard orderCount > 1 else { return }
        let count = Int64(orderCount - 1)
        for place in orderAges.indices.dropFirst() {
            orderAges[place] = orderAges[0] + Self.wholeDays(span, Int64(place), of: count)
        }
    }

    mutating func setOldest(_ age: Int64) {
        ensureOrders(1)
        guard orderCount == 1 || age < orderAges[orderCount - 2] else {
            orderAges[orderCount - 1] = age
            return
        }
        if orderCount == 1 || orderAges[0] > age / 2 { setSilence(orderCount == 1 ? age : age / 2) }
        spread(over: age - orderAges[0])
    }

    /// Leaves exactly `count` orders in the newest `window`, and older ones where they are.
    mutating func setOrders(_ count: Int, in window: Int64) {
        ensureOrders(count)
        if count > 0, orderAges[count - 1] > window {
            for place in 0..<count {
                orderAges[place] = Self.wholeDays(window, Int64(place + 1), of: Int64(count + 1))
            }
        }
        guard count < orderCount, orderAges[count] <= window else { return }
        if count == 0 {
            setSilence(window + Self.day)
        } else {
            setGap(window + Self.day - orderAges[count - 1], at: count - 1)
        }
    }

    /// Makes so old what the newest order was promised for that is late; `others` are newer.
    mutating func setPromises(_ age: Int64, besides others: Int) {
        guard late.count > 0 else { return }
        late.age = age
        ensureOrders(late.count + others)
        let ordered = age + 6 * Self.day
        if others == 0 { return setSilence(max(ordered, orderAges[0])) }
        if orderAges[others] < ordered { setGap(ordered - orderAges[others - 1], at: others - 1) }
    }

    func orderCount(in window: Int64?) -> Int {
        window.map { window in orderAges.count { $0 <= window } } ?? orderCount
    }

    /// So many parts of a time that is cut into `count`: whole days where that is long enough.
    private static func wholeDays(_ span: Int64, _ place: Int64, of count: Int64) -> Int64 {
        let part = span / count
        return place == count ? span : place * (part >= day ? part / day * day : part)
    }

    // MARK: Other things

    /// A day later, or as much later as there is time.
    static func soonAfter(_ age: Int64) -> Int64 { max(age - day, age / 2) }
    /// When the customer does something that has no order of its own: the day after the newest order.
    var actAge: Int64 { orderAges.first.map(Self.soonAfter) ?? quietAge }
    /// The day before all of it.
    var beginningAge: Int64 { (orderAges.last ?? quietAge) + Self.day }
    var undoneAge: Int64 { undone.age ?? (orderAges.last ?? 0) + 10 * Self.day }

    /// How many events the history has, about.
    var complexity: Int {
        orderCount + 2 * undone.count + 2 * complaints.count - openCount + reviews.count + consents.count
            + categories.count + discountedCount + (survey == nil ? 0 : 1) + (shareAge == nil ? 0 : 1)
            + (firstVisitAge == nil ? 0 : 1) + (lastVisitAge == nil ? 0 : 1) + (identifiedAge == nil ? 0 : 1)
            + profile.rawValue.nonzeroBitCount + (costPercent == nil ? 0 : 1) + (extra == 0 ? 0 : 1) + actComplexity
    }
}

extension ExamplePlan.Items {
    /// Leaves exactly `wanted` of them in the newest `window`: all there are, or none.
    mutating func set(_ wanted: Int, in window: Int64?, unlessSaid usual: Int64) {
        count = wanted > 0 || window == nil ? wanted : count
        guard let window else { return }
        guard wanted > 0 else {
            age = window + ExamplePlan.day
            return
        }
        let newest = min(age ?? usual, window / 2)
        age = newest
        spacing = min(spacing, (window - newest) / Int64(wanted))
    }

    /// None is older.
    mutating func limit(age limit: Int64) {
        guard count > 0 else { return }
        (age, spacing) = (min(age ?? limit, limit / 2), min(spacing, limit / 2 / Int64(count)))
    }
}

extension ExamplePlan {
    /// What happens, oldest first.
    func example(under policy: Policy) -> RuleExample {
        var events: [(age: Int64, kind: ExampleEvent.Kind)] = []
        appendBeginning(to: &events, policy)
        appendOrders(to: &events, policy)
        appendActs(to: &events)
        appendVisits(to: &events, policy)
        appendSignup(to: &events)
        if events.isEmpty { events.append((Self.day, isIdentified ? .identified(profile) : .visited)) }
        appendDeliveries(to: &events)
        appendTheShops(to: &events, policy)
        // Stable: what was said first at one instant stays first.
        let sorted = events.enumerated().sorted { ($1.element.age, $0.offset) < ($0.element.age, $1.offset) }
        var history = sorted.map {
            ExampleEvent(instant: RuleExample.asOf - Milliseconds($0.element.age), kind: $0.element.kind)
        }
        if let source, let first = history.firstIndex(where: \.isOwn) { history[first].source = source }
        return RuleExample(isIdentified: isIdentified, events: history)
    }

    private func appendBeginning(to events: inout [(age: Int64, kind: ExampleEvent.Kind)], _ policy: Policy) {
        if let firstVisitAge { events.append((firstVisitAge, .visited)) }
        if !profile.isEmpty || identifiedAge != nil {
            events.append((identifiedAge ?? beginningAge, .identified(profile)))
        }
        for operand in consents.sorted() {
            let channel = Channel(rawValue: UInt8(truncatingIfNeeded: operand / 64)) ?? .email
            let purpose = Int(operand % 64)
            let isAsked = policy.purposes.indices.contains(purpose)
            let named = isAsked ? policy.purposes[purpose] : ExampleEvent.constant("service")
            events.append((identifiedAge ?? beginningAge, .consented(channel, purpose: named)))
        }
    }

    private func appendOrders(to events: inout [(age: Int64, kind: ExampleEvent.Kind)], _ policy: Policy) {
        let money = policy.exampleMoney
        for (place, age) in orderAges.enumerated() {
            let amount = price + (place == 0 ? extra : 0)
            var order = ExampleOrder(number: orderCount - place, amount: money(amount))
            order.costOfGoods = costPercent.flatMap { money(amount * $0 / 100) }
            order.hasCoupon = place < discountedCount
            order.categories = Array(categories.dropFirst(4 * place).prefix(4))
            events.append((age, .ordered(order)))
        }
        for place in 0..<undone.count {
            let number = orderCount + undone.count - place
            let age = undoneAge + Int64(place) * undone.spacing
            events.append((age, .ordered(ExampleOrder(number: number, amount: money(price)))))
            events.append((Self.soonAfter(age), .cancelled(order: number)))
        }
    }

    private func appendActs(to events: inout [(age: Int64, kind: ExampleEvent.Kind)]) {
        for place in 0..<complaints.count {
            let age = (complaints.age ?? actAge) + Int64(place) * complaints.spacing
            events.append((age, .complained(complaint: complaints.count - place)))
            guard place >= openCount else { continue }
            events.append((Self.soonAfter(age), .resolved(complaint: complaints.count - place)))
        }
        for place in 0..<reviews.count {
            let age = (reviews.age ?? actAge) + Int64(place) * reviews.spacing
            guard let score = Score(thousandths: reviewScore) else { continue }
            events.append((age, .reviewed(product: reviews.count - place, score)))
        }
        if let score = survey.flatMap({ Score(thousandths: $0) }) { events.append((actAge, .answered(score))) }
        if let shareAge { events.append((shareAge, .shared)) }
        if let lastVisitAge { events.append((lastVisitAge, .visited)) }
    }
}
