import CustomerLifecycle

/// The consequences of an order: changes to the order itself, what the customer says about it, and the next one.
extension Life {
    /// Orders, or applies a coupon and orders then.
    mutating func checkOut(
        _ lines: [Purchase.Line], placing place: ([Purchase.Line], String?, Int64) -> Purchase
    ) -> Act {
        guard person.chance.happens(inThousand: person.habits.usesCoupon) else {
            return order(lines, nil, placing: place)
        }
        let coupon = Coupon(percent: person.chance.pick(from: [10, 15, 20, 30]))
        plan(.pay(lines, coupon), at: now + .seconds(2))
        return .couponApplied(coupon.code)
    }

    mutating func order(
        _ lines: [Purchase.Line], _ coupon: Coupon?, placing place: ([Purchase.Line], String?, Int64) -> Purchase
    ) -> Act {
        let goods = lines.reduce(0) { $0 + $1.product.minorUnits * Int64($1.quantity) }
        let order = place(lines, coupon?.code, goods * Int64(coupon?.percent ?? 0) / 100)
        person.orderCount += 1
        planFate(of: order)
        planWords(about: order)
        planNextOrder()
        return .orderCompleted(order)
    }

    private mutating func planFate(of order: Purchase) {
        if person.chance.happens(inThousand: 25) {
            plan(.act(.orderCancelled(order.id)), inSeconds: person.chance.number(in: 600...36_000))
            return
        }
        if person.chance.happens(inThousand: 30) {
            plan(.act(.orderUpdated(changed(order))), inSeconds: person.chance.number(in: 600...72_000))
        }
        if person.chance.happens(inThousand: person.habits.refunds) {
            plan(.act(refunded(order)), inDays: person.chance.number(in: 5...25))
        }
        planParcel(of: order)
    }

    /// Plans the parcel, which is promised for the evening of the third day after it is shipped.
    private mutating func planParcel(of order: Purchase) {
        let shipped = person.asides.number(in: 1...2)
        let promised = shipped + 3
        planAside(
            .act(.shipped(order.id, promised: workday(inDays: promised) + .hours(18))), inDays: shipped)
        switch person.asides.number(below: 1_000) {
        case ..<60:
            planAside(.act(.deliveryDelayed(order.id)), inDays: promised + 1)
            planAside(.act(.delivered(order.id)), inDays: promised + person.asides.number(in: 2...8))
            complainOfDelay(of: order, inDays: promised + 1)
        case ..<75:
            planAside(.act(.deliveryFailed(order.id)), inDays: promised)
            planAside(.act(.delivered(order.id)), inDays: promised + 1)
        case ..<80:
            // It is lost.
            planAside(.act(.deliveryDelayed(order.id)), inDays: promised + 1)
            complainOfDelay(of: order, inDays: promised + 1)
        default:
            planAside(.act(.delivered(order.id)), inDays: shipped + person.asides.number(in: 1...3))
        }
    }

    private mutating func complainOfDelay(of order: Purchase, inDays days: Int) {
        guard person.asides.happens(inThousand: 250) else { return }
        let id = BusinessID.made("d", Int64(order.id.text) ?? 0, radix: 10)
        planAside(.act(.complaintOpened(id, order: order.id)), inDays: days + 1)
        planAside(.act(.complaintResolved(id)), inDays: days + person.asides.number(in: 2...7))
    }

    /// Returns the order with one more of its first product and the same discount.
    private func changed(_ order: Purchase) -> Purchase {
        var lines = order.lines
        if let first = lines.first { lines[0] = Purchase.Line(product: first.product, quantity: first.quantity + 1) }
        return Purchase(
            id: order.id, lines: lines, currency: order.currency, coupon: order.coupon,
            discountMinorUnits: order.discountMinorUnits, shippingMinorUnits: order.shippingMinorUnits)
    }

    /// Returns a refund of the last product with its amount, or of the whole order without one.
    private mutating func refunded(_ order: Purchase) -> Act {
        let id = BusinessID.made("r", Int64(order.id.text) ?? 0, radix: 10)
        var amount: Money?
        if person.chance.happens(inThousand: 600), let last = order.lines.last {
            amount = Money(minorUnits: min(last.product.minorUnits, order.value.minorUnits), currency: order.currency)
        }
        return .orderRefunded(order.id, Refund(id: id, amount: amount))
    }

    private mutating func planWords(about order: Purchase) {
        guard let product = order.lines.first?.product else { return }
        let number = Int64(order.id.text) ?? 0
        if person.chance.happens(inThousand: person.habits.complains) {
            planComplaint(.made("k", number, radix: 10), about: order)
        }
        if person.chance.happens(inThousand: person.habits.reviews) {
            let rating = 1 + person.chance.index(weighted: person.habits.ratings)
            let id = BusinessID.made("w", number, radix: 10)
            plan(.act(.reviewed(id, product, rating: rating)), inDays: person.chance.number(in: 4...25))
        }
        if person.chance.happens(inThousand: 120) {
            let score = 2 * (1 + person.chance.index(weighted: person.habits.ratings)) - person.chance.number(below: 2)
            plan(.act(.answeredSurvey(score: score)), inDays: person.chance.number(in: 1...6))
        }
        if person.chance.happens(inThousand: person.habits.shares) {
            plan(.act(.shared(product)), inDays: person.chance.number(in: 1...12))
        }
        if person.chance.happens(inThousand: 12) { plan(.act(.unsubscribed(.email)), inDays: 9) }
        if person.asides.happens(inThousand: 8) { planAside(.act(.bounced(.email)), inDays: 20) }
    }

    /// Plans a complaint. The shop resolves most of them; some customers mark the next newsletter as spam.
    private mutating func planComplaint(_ id: BusinessID, about order: Purchase) {
        let day = person.chance.number(in: 2...9)
        plan(.act(.complaintOpened(id, order: order.id)), inDays: day)
        if person.chance.happens(inThousand: 850) {
            // Eight days later, so that the complaint has been opened for certain.
            plan(.act(.complaintResolved(id)), inDays: day + 8 + person.chance.number(below: 12))
        }
        if person.chance.happens(inThousand: 120) { plan(.act(.markedAsSpam), inDays: day + 3) }
    }

    private mutating func planNextOrder() {
        guard !person.chance.happens(inThousand: person.habits.leaves) else { return }
        let today = CivilDate.split(now).date
        switch person.habits.rhythm {
        case .gap(let days, let scatter):
            planOrder(inDays: 1 + scatter.length(around: days, &person.chance))
        case .ownSeason:
            // Some customers order twice in their season.
            let day =
                person.orderCount % 2 == 1 && person.chance.happens(inThousand: 350)
                ? CivilDate(dayNumber: today.dayNumber + Int64(person.chance.number(in: 4...15)))
                : Seasons.nextOwnSeason(person.number.value, after: today, apart: 40, &person.chance)
            plan(.session(.buy), on: day)
        case .everySale:
            plan(.session(.buy), on: Seasons.nextSale(after: today, apart: 12, &person.chance))
        case .spells(let gapDays, let silenceDays):
            person.ordersLeftInSpell -= 1
            guard person.ordersLeftInSpell < 0 else {
                planOrder(inDays: 1 + Scatter.steady.length(around: gapDays, &person.chance))
                return
            }
            person.ordersLeftInSpell = person.chance.number(in: 1...3)
            plan(.session(.buy), inDays: person.chance.number(in: silenceDays))
        }
    }

    /// Plans the next order, often with a visit before it.
    private mutating func planOrder(inDays days: Int) {
        if days > 14, person.chance.happens(inThousand: 500) { plan(.session(.look), inDays: days / 2) }
        plan(.session(.buy), inDays: days)
    }
}
