import CustomerLifecycle
import Testing

@testable import Shop

@Suite struct `A shop's life` {
    private static let opening = Instant(milliseconds: 1_735_689_600_000)
    private static let end = opening + .days(546)

    private static let seeds: [UInt64] = [1, 2, .max]
    /// The events of a year and a half of each shop.
    private static let lives = Dictionary(uniqueKeysWithValues: seeds.map { ($0, life(seed: $0)) })

    private static func life(seed: UInt64, until end: Instant = end) -> [ShopEvent] {
        var shop = SeededShop(seed: seed, opening: opening)
        var events: [ShopEvent] = []
        while let event = shop.next(before: end) { events.append(event) }
        return events
    }

    @Test(arguments: seeds)
    func `repeats exactly from its seed, however far it is asked for at a time`(seed: UInt64) {
        let whole = Self.life(seed: seed, until: Self.opening + .days(200))
        var shop = SeededShop(seed: seed, opening: Self.opening)
        var pieces: [ShopEvent] = []
        for hour in Int64(0)...(200 * 24) {
            while let event = shop.next(before: Self.opening + .hours(hour)) { pieces.append(event) }
        }
        #expect(whole == pieces)
        #expect(whole.count > 1_000)
    }

    @Test func `is the same on every platform and in every version`() {
        // If this changes, every demo and every figure measured with a shop changes too.
        let events = Self.life(seed: 1)
        let digest = events.reduce(UInt64(0)) { digest, event in
            let ids = [event.userID, event.anonymousID, event.messageID].map { $0?.text ?? "-" }.joined(separator: " ")
            var total: Int64 = 0
            if case .orderCompleted(let order) = event.act { total = order.totalMinorUnits }
            return "\(event.time.milliseconds) \(ids) \(event.home) \(event.act.kind) \(total)".utf8.reduce(digest) {
                ($0 ^ UInt64($1)) &* 0x100_0000_01B3
            }
        }
        #expect(events.count == 54_508)
        #expect(digest == 14_143_941_485_164_842_894)
    }

    @Test func `differs from that of another seed`() {
        let firsts = (UInt64(0)..<20).map { Self.life(seed: $0, until: Self.opening + .days(3)) }
        for (index, life) in firsts.enumerated() {
            #expect(!life.isEmpty)
            #expect(!firsts[..<index].contains(life), "seed \(index)")
        }
    }

    @Test(arguments: seeds)
    func `is in time order, with a message id for each event`(seed: UInt64) throws {
        let events = try #require(Self.lives[seed])
        #expect(zip(events, events.dropFirst()).allSatisfy { $0.time <= $1.time })
        #expect(Set(events.map(\.messageID)).count == events.count)
        #expect(events.allSatisfy { $0.time > Self.opening && $0.time < Self.end })
        #expect(events.allSatisfy { $0.userID != nil || $0.anonymousID != nil })
    }

    @Test(arguments: seeds)
    func `has every kind of act and every temperament`(seed: UInt64) {
        var shop = SeededShop(seed: seed, opening: Self.opening)
        var kinds: Set<Act.Kind> = []
        while let event = shop.next(before: Self.end) { kinds.insert(event.act.kind) }
        #expect(Set(Act.Kind.allCases).subtracting(kinds).isEmpty)
        let temperaments = Set((0..<shop.customerCount).map { shop.temperament(of: CustomerNumber($0)) })
        #expect(temperaments.count == Temperament.allCases.count)
    }

    @Test(arguments: seeds)
    func `begins for each customer with an anonymous visit`(seed: UInt64) throws {
        var known: Set<CustomerNumber> = []
        for event in try #require(Self.lives[seed]) where known.insert(event.customer).inserted {
            #expect(event.act.kind == .visited)
            #expect(event.userID == nil)
        }
        #expect(known.count > 1_000)
    }

    @Test(arguments: seeds)
    func `keeps causes before effects`(seed: UInt64) throws {
        var orders: [BusinessID: Purchase] = [:]
        var cancelled: Set<BusinessID> = []
        var complaints: Set<BusinessID> = []
        var parcels: [BusinessID: Instant] = [:]
        var applied: [CustomerNumber: String] = [:]
        var subscribed: Set<CustomerNumber> = []
        for event in try #require(Self.lives[seed]) {
            switch event.act {
            case .orderCompleted(let order):
                #expect(orders.updateValue(order, forKey: order.id) == nil)
                #expect(event.userID != nil, "who orders is known")
                #expect(order.value.minorUnits > 0 && order.discountMinorUnits >= 0)
                #expect(order.coupon == nil || order.coupon == applied[event.customer])
            case .orderUpdated(let order):
                #expect(orders.updateValue(order, forKey: order.id) != nil)
            case .orderCancelled(let id):
                #expect(orders[id] != nil && cancelled.insert(id).inserted)
            case .orderRefunded(let id, let refund):
                #expect(!cancelled.contains(id))
                let value = orders[id]?.value.minorUnits ?? 0
                #expect(value > 0 && refund.amount?.minorUnits ?? 0 <= value)
            case .complaintOpened(let id, let order): #expect(orders[order] != nil && complaints.insert(id).inserted)
            case .complaintResolved(let id): #expect(complaints.remove(id) != nil)
            case .subscribed: subscribed.insert(event.customer)
            case .unsubscribed, .markedAsSpam, .clicked, .bounced: #expect(subscribed.contains(event.customer))
            case .reviewed(_, _, let rating): #expect((1...5).contains(rating) && event.userID != nil)
            case .answeredSurvey(let score): #expect((0...10).contains(score))
            case .couponApplied(let coupon): applied[event.customer] = coupon
            case .shipped(let id, let promised):
                #expect(orders[id] != nil && !cancelled.contains(id) && promised > event.time)
                #expect(parcels.updateValue(promised, forKey: id) == nil)
            case .delivered(let id), .deliveryDelayed(let id), .deliveryFailed(let id): #expect(parcels[id] != nil)
            case .costRecorded(let amount): #expect(amount.minorUnits > 0 && event.userID != nil)
            case .visited, .viewed, .addedToCart, .removedFromCart, .signedUp, .identified, .shared: break
            }
        }
        #expect(orders.count > 500)
    }

    @Test(arguments: seeds)
    func `fills every stage of the default policy within 18 months`(seed: UInt64) throws {
        var stages = NaiveStages()
        for event in try #require(Self.lives[seed]) { stages.fold(event) }
        let counts = stages.counts(at: Self.end)
        for stage in [
            "prospect", "lead", "first_time_buyer", "active", "loyal", "advocate", "at_risk", "dormant", "lost",
            "won_back",
        ] {
            #expect(counts[stage, default: 0] >= 10, "\(stage) of \(counts)")
        }
    }

    @Test(arguments: seeds)
    func `has visits of known customers who are not signed in, on one of two devices`(seed: UInt64) throws {
        let visits = try #require(Self.lives[seed]).filter { $0.act.kind == .visited }
        let devices = Dictionary(grouping: visits, by: \.customer).mapValues { Set($0.map(\.anonymousID)).count }
        var known: Set<CustomerNumber> = []
        var isSomeoneNotSignedIn = false
        for visit in visits {
            if visit.userID != nil { known.insert(visit.customer) }
            if visit.userID == nil, known.contains(visit.customer) { isSomeoneNotSignedIn = true }
        }
        #expect(isSomeoneNotSignedIn)
        #expect(Set(devices.values) == [1, 2])
    }

    @Test func `grows, and knows night and Christmas`() {
        let events = Self.life(seed: 7, until: Self.opening + .days(365))
        let orders = events.filter { $0.act.kind == .orderCompleted }.map { CivilDate.split($0.time) }
        #expect(orders.count { $0.date.month == 12 } > orders.count { $0.date.month == 8 })
        let visits = events.filter { $0.act.kind == .visited }.map { CivilDate.split($0.time).time.count / 3_600_000 }
        #expect(visits.count { (1...4).contains($0) } * 4 < visits.count { (17...20).contains($0) })
        let firstVisits = Dictionary(grouping: events, by: \.customer).values.compactMap { $0.first?.time }
        let middle = Self.opening + .days(182)
        #expect(firstVisits.count { $0 < middle } * 5 < firstVisits.count { $0 >= middle } * 4)
    }

    @Test func `tells names for stories, by either id, and never in an event`() {
        var shop = SeededShop(seed: 3, opening: Self.opening)
        while let event = shop.next(before: Self.opening + .days(60)) {
            for id in [event.userID, event.anonymousID].compactMap(\.self) {
                #expect(shop.customer(withID: id) == event.customer)
            }
            #expect(!"\(event)".contains(shop.firstName(of: event.customer)))
        }
        #expect(BusinessID("nobody").flatMap { shop.customer(withID: $0) } == nil)
        #expect(SeededShop.euro.letters == "EUR")
    }
}
