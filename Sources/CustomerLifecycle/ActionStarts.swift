/// Something that begins an action.
private struct FoundStart {
    var start: Instant
    var key: BusinessID
    /// The first instant at which it can be seen.
    var sight: Instant
    var day: CivilDate
}

/// What a look at a subject found besides its facts.
struct StandingMoves {
    /// The stage that it entered, by its index in the policy.
    var entered: Int?
    /// The segments that it joined, a bit each by their places in the policy.
    var joined: UInt64 = 0
}

extension Partition {
    /// Begins what is to begin, and says when something ahead will; `never` if nothing is known to.
    mutating func beginOccurrences(at instant: Instant, _ moves: StandingMoves, _ look: ActionLook) -> Instant {
        var ahead = Instant.never
        let actions = plan.actions
        for action in actions.indices {
            switch actions[action].start {
            case .touchingTheCart: followCart(action, at: instant, look)
            case .entering(let stage):
                guard moves.entered == stage else { continue }
                let count = current.said.entryCount(of: places.stages[stage])
                begin(action, nth: count, at: instant, look)
            case .joining(let segment):
                guard moves.joined >> UInt64(segment) & 1 == 1 else { continue }
                let count = current.said.membership(of: places.segments[segment])?.entryCount ?? 0
                begin(action, nth: count, at: instant, look)
            case .claimingTheReferralCoupon, .eachReferral: continue
            case .firstOrder, .eachOrder, .eachDelivery, .eachOverdueDelivery, .firstConsent, .eachResolvedComplaint,
                .eachBirthday:
                guard mayFind(actions[action].start, at: instant, look) else { continue }
                beginFound(action, at: instant, look, ahead: &ahead)
            }
        }
        return ahead
    }

    private mutating func begin(_ action: Int, nth count: UInt32, at instant: Instant, _ look: ActionLook) {
        let word = places.actions[action].word
        let zone = plan.zone(clocks)
        let found = FoundStart(
            start: instant, key: .number(Int64(count)), sight: instant, day: zone.date(at: instant))
        // The same number may have begun it under another policy, after which it had another start.
        guard !current.said.actions.isKnown(found.key, of: word) else { return }
        let until = plan.lastDeadline(of: action, after: instant, on: found.day, in: zone)
        current.said.actions.know(found.key, of: word, until: until)
        begin(action, found, instant, look)
    }

    private mutating func beginFound(
        _ action: Int, at instant: Instant, _ look: ActionLook, ahead: inout Instant
    ) {
        let word = places.actions[action].word
        let now = look.learned ?? instant
        for found in starts(of: action, at: instant, look) where !current.said.actions.isKnown(found.key, of: word) {
            guard found.sight <= instant else {
                ahead = min(ahead, found.sight)
                continue
            }
            let until = plan.lastDeadline(of: action, after: found.start, on: found.day, in: zoneNow)
            let memoryEnd = memoryEnd(of: action, found, until)
            // Of these nobody remembers whether they began anything, and nothing can begin with them.
            if memoryEnd + ActionState.memory < now || until <= current.said.actions.forgottenUntil { continue }
            current.said.actions.know(found.key, of: word, until: memoryEnd)
            begin(action, found, instant, look)
        }
    }

    /// Passes over what imported history brought, as soon as it is looked at: none of it begins anything.
    mutating func passUnseenStarts() {
        guard current.said.hasUnseenStarts else { return }
        current.said.hasUnseenStarts = false
        guard progress.isActing, !places.actions.isEmpty else { return }
        prepareJudge()
        _ = beginOccurrences(at: current.said.subjectTime, StandingMoves(), ActionLook(feeds: .all))
    }

    /// Until when it is to be remembered that an action began with this, or did not.
    private mutating func memoryEnd(of action: Int, _ found: FoundStart, _ lastDeadline: Instant) -> Instant {
        switch plan.actions[action].start {
        // One that is opened again is resolved again, and is the same one.
        case .eachResolvedComplaint: .never
        // The day may be told anew within the year.
        case .eachBirthday: CivilDate.lastDay(of: found.day.year).midnight + (lastDeadline - found.day.midnight)
        default: lastDeadline
        }
    }

    /// Whether there may be anything that begins an action with this: most looks find nothing for most actions.
    @inline(__always) private func mayFind(
        _ start: Policy.Action.Start, at instant: Instant, _ look: ActionLook
    ) -> Bool {
        switch start {
        case .firstOrder, .eachOrder: look.feeds.contains(.orders)
        case .eachDelivery: look.feeds.contains(.orders) || judge.deliveries.last >= instant
        case .eachOverdueDelivery: look.feeds.contains(.orders) || !judge.deliveries.overdue.isEmpty
        case .firstConsent: look.feeds.contains(.consents)
        case .eachResolvedComplaint: look.feeds.contains(.complaints)
        case .eachBirthday: judge.facts.birthday != nil
        case .touchingTheCart, .claimingTheReferralCoupon, .eachReferral, .entering, .joining: false
        }
    }

    /// What may begin an action, by (instant, key); not what is so old that nothing could.
    ///
    /// Mutating in name only, as others here: to ask a partition takes a copy of it otherwise (Swift 6.3.1).
    private mutating func starts(of action: Int, at instant: Instant, _ look: ActionLook) -> [FoundStart] {
        let oldest = (look.learned ?? instant) - ActionState.memory - plan.span(of: action)
        switch plan.actions[action].start {
        case .firstOrder: return found(judge.keptOrders(since: oldest, isFirst: true))
        case .eachOrder: return found(judge.keptOrders(since: oldest, isFirst: false))
        case .eachDelivery: return found(judge.deliveredOrders(since: oldest))
        case .eachOverdueDelivery: return found(judge.overdueOrders(since: oldest))
        case .firstConsent(let channel, let purpose):
            guard let first = judge.facts.firstGrant(of: judge.policy.purposes[purpose], on: channel), first >= oldest
            else { return [] }
            return found([DatedID(at: first, id: .customer)])
        case .eachResolvedComplaint: return found(judge.resolvedComplaints)
        case .eachBirthday:
            guard let birthday = judge.facts.birthday?.value else { return [] }
            return birthdays(birthday, of: action, at: instant, since: oldest)
        case .touchingTheCart, .claimingTheReferralCoupon, .eachReferral, .entering, .joining: return []
        }
    }

    private mutating func found(_ dated: [DatedID]) -> [FoundStart] {
        guard !dated.isEmpty else { return [] }
        let zone = zoneNow
        let found = dated.map {
            FoundStart(start: $0.at, key: $0.id, sight: $0.at, day: zone.date(at: $0.at))
        }
        return found.count > 1 ? found.sorted { ($0.start, $0.key) < ($1.start, $1.key) } : found
    }

    /// Each is seen with the earliest of its steps, which may lie before the day. Of those ahead that nobody was given
    /// the first one counts.
    private mutating func birthdays(
        _ birthday: Birthday, of action: Int, at instant: Instant, since oldest: Instant
    ) -> [FoundStart] {
        let zone = zoneNow
        let year = zone.date(at: instant).year
        let word = places.actions[action].word
        var found: [FoundStart] = []
        for year in year - 1...year + 2 where CivilDate.lastDay(of: year).midnight >= oldest {
            let key = BusinessID.number(Int64(year))
            guard !current.said.actions.isKnown(key, of: word), let day = birthday.date(in: year) else { continue }
            let start = zone.instant(on: day, at: Milliseconds(0))
            var sight = Instant.never
            for step in plan.actions[action].steps {
                sight = min(sight, plan.planned(step, after: start, on: day, in: zone))
            }
            found.append(FoundStart(start: start, key: key, sight: sight, day: day))
            if sight > instant { break }
        }
        return found
    }

    /// When the next thing that is known to come begins an action; `never` if none is.
    mutating func startAhead(at instant: Instant) -> Instant {
        var ahead = Instant.never
        let plan = plan
        // What has come is no matter of this, so no event feeds it.
        for action in plan.begunByTime where mayFind(plan.actions[action].start, at: instant, ActionLook()) {
            for found in starts(of: action, at: instant, actionLook) where found.sight > instant {
                guard !current.said.actions.isKnown(found.key, of: places.actions[action].word) else { continue }
                ahead = min(ahead, found.sight)
            }
        }
        return ahead
    }

    // MARK: Carts

    /// A touch begins an episode or moves it; the episode ends when the cart is empty or ordered, or when all of its
    /// steps are decided.
    private mutating func followCart(_ action: Int, at instant: Instant, _ look: ActionLook) {
        let word = places.actions[action].word
        let touch = judge.instant(of: .cartTouched)
        let items = judge[.cartItems]
        let newTouch = look.feeds.contains(.touch) ? touch : nil
        if let place = current.said.actions.live.firstIndex(where: { $0.action == word && $0.isOpen }) {
            if touch == nil || current.said.actions.live[place].hadItems && items == 0 {
                current.said.actions.live[place].isOpen = false
            } else if let newTouch {
                move(place, of: action, to: newTouch)
            }
            if items > 0 { current.said.actions.live[place].hadItems = true }
            return
        }
        let isEmptied = look.cartItemsBefore > 0 && items == 0
        guard let newTouch, !isEmptied else { return }
        let day = plan.zone(clocks).date(at: newTouch)
        let found = FoundStart(start: newTouch, key: .number(newTouch.milliseconds), sight: newTouch, day: day)
        let count = current.said.actions.live.count
        begin(action, found, instant, look)
        if current.said.actions.live.count > count { current.said.actions.live[count].hadItems = items > 0 }
    }

    private mutating func move(_ place: Int, of action: Int, to touch: Instant) {
        current.said.actions.live[place].start = touch
        current.said.actions.live[place].isByPolicy = false
        current.said.actions.live[place].zone = clocks
        current.said.actions.live[place].day = plan.zone(clocks).date(at: touch)
        let plan = placedPlan
        for index in current.said.actions.live[place].steps.indices {
            let word = current.said.actions.live[place].steps[index].word
            guard let (planned, deadline) = plan.plan(of: word, in: current.said.actions.live[place]) else { continue }
            current.said.actions.live[place].steps[index].plan(at: planned, until: deadline)
        }
    }

    // MARK: One start

    /// Begins an occurrence, unless nothing may begin now, its condition does not hold, it began not long ago, too many
    /// are under way, or all of its steps would be too late.
    private mutating func begin(_ action: Int, _ found: FoundStart, _ instant: Instant, _ look: ActionLook) {
        guard let learned = look.learned, current.said.actions.live.count < Occurrence.countMax else { return }
        let word = places.actions[action].word
        if let condition = plan.actions[action].condition {
            guard judge.verdict(condition, at: instant).holds else { return }
        }
        guard mayRepeat(action, at: found.start) else { return }
        let clocks = clocks
        let zone = plan.zone(clocks)
        var occurrence = Occurrence(
            action: word, key: found.key, kind: Occurrence.Kind(plan.actions[action].start),
            start: found.start, day: found.day, zone: clocks)
        for (place, step) in plan.actions[action].steps.enumerated() {
            let planned = plan.planned(step, after: found.start, on: found.day, in: zone)
            let deadline = planned + plan.actions[action].giveUpAfter
            var pending = PendingStep(word: places.actions[action].steps[place], planned: planned, deadline: deadline)
            pending.isDead = deadline < learned
            occurrence.steps.append(pending)
        }
        guard !occurrence.steps.allSatisfy(\.isDead) else { return }
        current.said.actions.live.append(occurrence)
        noteStart(of: action, found)
    }

    private func mayRepeat(_ action: Int, at start: Instant) -> Bool {
        guard let repetition = plan.actions[action].repetition,
            let last = current.said.actions.lastStart(of: places.actions[action].word)
        else { return true }
        return switch repetition {
        case .oncePerCustomer: false
        case .oncePerCycle: last.cycle != judge[.cycle]
        case .oncePer(let time): start - last.start > time
        }
    }

    private mutating func noteStart(of action: Int, _ found: FoundStart) {
        let zone = plan.zone(clocks)
        var until = plan.lastDeadline(of: action, after: found.start, on: found.day, in: zone)
        switch plan.actions[action].repetition {
        case .oncePerCustomer, .oncePerCycle: until = .never
        // Whatever begins within that time has its own last deadline no later than so long after it.
        case .oncePer(let time): until = until + time
        case nil: break
        }
        current.said.actions.note(
            ActionState.LastStart(
                action: places.actions[action].word, start: found.start, cycle: judge[.cycle], until: until))
    }
}

extension BusinessID {
    /// The key of what happens once for a customer.
    fileprivate static let customer: Self = {
        guard let id = Self("customer") else { preconditionFailure("A short id is an id.") }
        return id
    }()

    fileprivate static func number(_ number: Int64) -> Self {
        guard let id = Self(String(number)) else { preconditionFailure("A number is an id.") }
        return id
    }
}

/// What begins actions, none of it older than `oldest`: nothing could begin with that any more.
extension Judge {
    func keptOrders(since oldest: Instant, isFirst: Bool) -> [DatedID] {
        var found: [DatedID] = []
        if isFirst {
            guard let place = facts.orders.indices.first(where: { facts.orders.isKept(at: $0) }),
                facts.orders.outcome(at: place).placed >= oldest
            else { return [] }
            return [DatedID(at: facts.orders.outcome(at: place).placed, id: facts.orders.id(at: place))]
        }
        // They stand by when they were placed.
        for place in facts.orders.indices.reversed() {
            let placed = facts.orders.outcome(at: place).placed
            guard placed >= oldest else { break }
            if facts.orders.isKept(at: place) {
                found.append(DatedID(at: placed, id: facts.orders.id(at: place)))
            }
        }
        return found
    }

    func deliveredOrders(since oldest: Instant) -> [DatedID] {
        orders(since: oldest) { $0.delivered == .never ? nil : $0.delivered }
    }

    func overdueOrders(since oldest: Instant) -> [DatedID] {
        let promise = policy.deliveryPromise
        return orders(since: oldest) { delivery in
            let trouble = delivery.trouble(assuming: promise)
            return delivery.delivered != .never || trouble == .never ? nil : trouble
        }
    }

    private func orders(since oldest: Instant, _ instant: (Delivery) -> Instant?) -> [DatedID] {
        guard facts.orders.hasDeliveries else { return [] }
        var found: [DatedID] = []
        for place in facts.orders.indices where facts.orders.isKept(at: place) {
            guard let at = facts.orders.delivery(at: place).flatMap(instant), at >= oldest else { continue }
            found.append(DatedID(at: at, id: facts.orders.id(at: place)))
        }
        return found
    }

    var resolvedComplaints: [DatedID] {
        facts.complaints.compactMap { complaint in
            guard complaint.opened != .never, !complaint.isOpen.value, !complaint.isSpamMark else { return nil }
            return DatedID(at: complaint.isOpen.stamp.time, id: complaint.id)
        }
    }
}

extension OrderList {
    /// Whether an order of the customer's stands there that is kept; a credit is none.
    func isKept(at place: Int) -> Bool {
        let outcome = outcome(at: place)
        return outcome.isKept && outcome.credit == .none
    }

    /// The newest order that is kept; nil if there is none.
    var newestKeptOrder: DatedID? {
        newestKept.map { DatedID(at: outcome(at: $0).placed, id: id(at: $0)) }
    }
}
