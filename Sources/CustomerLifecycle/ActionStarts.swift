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
        for action in policy.contacts.actions.indices {
            switch policy.contacts.actions[action].start {
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
                beginFound(action, at: instant, look, ahead: &ahead)
            }
        }
        return ahead
    }

    private mutating func begin(_ action: Int, nth count: UInt32, at instant: Instant, _ look: ActionLook) {
        let word = places.actions[action].word
        let zone = policy.contacts.zone(clocks)
        let found = FoundStart(
            start: instant, key: .number(Int64(count)), sight: instant, day: zone.date(at: instant))
        // The same number may have begun it under another policy, after which it had another start.
        guard !current.said.actions.isKnown(found.key, of: word) else { return }
        let until = policy.contacts.lastDeadline(of: action, after: instant, on: found.day, in: zone)
        current.said.actions.know(found.key, of: word, until: until)
        begin(action, found, instant, look)
    }

    private mutating func beginFound(
        _ action: Int, at instant: Instant, _ look: ActionLook, ahead: inout Instant
    ) {
        let word = places.actions[action].word
        let zone = policy.contacts.zone(clocks)
        for found in starts(of: action, at: instant, look, in: zone) {
            let until = policy.contacts.lastDeadline(of: action, after: found.start, on: found.day, in: zone)
            let memoryEnd = memoryEnd(of: action, found, until)
            // Of these nobody remembers whether they began anything, and nothing can begin with them.
            if memoryEnd + ActionState.memory < look.learned ?? instant
                || until <= current.said.actions.forgottenUntil
            {
                continue
            }
            guard !current.said.actions.isKnown(found.key, of: word) else { continue }
            guard found.sight <= instant else {
                ahead = min(ahead, found.sight)
                continue
            }
            current.said.actions.know(found.key, of: word, until: memoryEnd)
            begin(action, found, instant, look)
        }
    }

    /// Until when it is to be remembered that an action began with this, or did not.
    private func memoryEnd(of action: Int, _ found: FoundStart, _ lastDeadline: Instant) -> Instant {
        switch policy.contacts.actions[action].start {
        // One that is opened again is resolved again, and is the same one.
        case .eachResolvedComplaint: .never
        // The day may be told anew within the year.
        case .eachBirthday: CivilDate.lastDay(of: found.day.year).midnight + (lastDeadline - found.day.midnight)
        default: lastDeadline
        }
    }

    /// What begins an action, by (instant, key).
    private func starts(of action: Int, at instant: Instant, _ look: ActionLook, in zone: ZoneTable) -> [FoundStart] {
        var found: [FoundStart] = []
        func add(_ start: Instant, _ key: BusinessID) {
            found.append(FoundStart(start: start, key: key, sight: start, day: zone.date(at: start)))
        }
        switch policy.contacts.actions[action].start {
        case .firstOrder, .eachOrder:
            guard look.feeds.contains(.orders) else { return [] }
            let isFirst = policy.contacts.actions[action].start == .firstOrder
            for place in judge.facts.orders.indices where judge.facts.orders.isKept(at: place) {
                add(judge.facts.orders.outcome(at: place).placed, judge.facts.orders.id(at: place))
                if isFirst { break }
            }
            return found
        case .eachDelivery, .eachOverdueDelivery:
            guard judge.facts.orders.hasDeliveries else { return [] }
            let isOverdue = policy.contacts.actions[action].start == .eachOverdueDelivery
            for place in judge.facts.orders.indices where judge.facts.orders.isKept(at: place) {
                guard let delivery = judge.facts.orders.delivery(at: place) else { continue }
                let trouble = delivery.trouble(assuming: policy.deliveryPromise)
                let start = isOverdue ? (delivery.delivered == .never ? trouble : .never) : delivery.delivered
                if start != .never { add(start, judge.facts.orders.id(at: place)) }
            }
        case .firstConsent(let channel, let purpose):
            guard look.feeds.contains(.consents) else { return [] }
            if let first = judge.facts.firstGrant(of: policy.purposes[purpose], on: channel) { add(first, .customer) }
        case .eachResolvedComplaint:
            guard look.feeds.contains(.complaints) else { return [] }
            for complaint in judge.facts.complaints {
                guard complaint.opened != .never, !complaint.isOpen.value, !complaint.isSpamMark else { continue }
                add(complaint.isOpen.stamp.time, complaint.id)
            }
        case .eachBirthday:
            guard let birthday = judge.facts.birthday?.value else { return [] }
            addBirthdays(birthday, of: action, at: instant, in: zone, to: &found)
        case .touchingTheCart, .claimingTheReferralCoupon, .eachReferral, .entering, .joining: return []
        }
        if found.count > 1 { found.sort { ($0.start, $0.key) < ($1.start, $1.key) } }
        return found
    }

    /// Each is seen with the earliest of its steps, which may lie before the day.
    private func addBirthdays(
        _ birthday: Birthday, of action: Int, at instant: Instant, in zone: ZoneTable, to found: inout [FoundStart]
    ) {
        let year = zone.date(at: instant).year
        for year in year - 1...year + 2 {
            guard let day = birthday.date(in: year) else { continue }
            let start = zone.instant(on: day, at: Milliseconds(0))
            let sights = policy.contacts.actions[action].steps.map {
                policy.contacts.planned($0, after: start, on: day, in: zone)
            }
            found.append(
                FoundStart(start: start, key: .number(Int64(year)), sight: sights.min() ?? start, day: day))
        }
    }

    /// When the next thing that is known to come begins an action; `never` if none is.
    func startAhead(at instant: Instant) -> Instant {
        var ahead = Instant.never
        let zone = policy.contacts.zone(clocks)
        for action in policy.contacts.actions.indices {
            switch policy.contacts.actions[action].start {
            case .eachDelivery, .eachOverdueDelivery, .eachBirthday:
                for found in starts(of: action, at: instant, actionLook, in: zone) where found.sight > instant {
                    guard !current.said.actions.isKnown(found.key, of: places.actions[action].word) else { continue }
                    ahead = min(ahead, found.sight)
                }
            default: continue
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
        let day = policy.contacts.zone(clocks).date(at: newTouch)
        let found = FoundStart(start: newTouch, key: .number(newTouch.milliseconds), sight: newTouch, day: day)
        let count = current.said.actions.live.count
        begin(action, found, instant, look)
        if current.said.actions.live.count > count { current.said.actions.live[count].hadItems = items > 0 }
    }

    private mutating func move(_ place: Int, of action: Int, to touch: Instant) {
        current.said.actions.live[place].start = touch
        current.said.actions.live[place].zone = clocks
        current.said.actions.live[place].day = policy.contacts.zone(clocks).date(at: touch)
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
        if let condition = policy.contacts.actions[action].condition {
            guard judge.verdict(condition, at: instant).holds else { return }
        }
        guard mayRepeat(action, at: found.start) else { return }
        let clocks = clocks
        let zone = policy.contacts.zone(clocks)
        var occurrence = Occurrence(
            action: word, key: found.key, kind: Occurrence.Kind(policy.contacts.actions[action].start),
            start: found.start, day: found.day, zone: clocks)
        for (place, step) in policy.contacts.actions[action].steps.enumerated() {
            let planned = policy.contacts.planned(step, after: found.start, on: found.day, in: zone)
            let deadline = planned + policy.contacts.actions[action].giveUpAfter
            var pending = PendingStep(word: places.actions[action].steps[place], planned: planned, deadline: deadline)
            pending.isDead = deadline < learned
            occurrence.steps.append(pending)
        }
        guard !occurrence.steps.allSatisfy(\.isDead) else { return }
        current.said.actions.live.append(occurrence)
        noteStart(of: action, found)
    }

    private func mayRepeat(_ action: Int, at start: Instant) -> Bool {
        guard let repetition = policy.contacts.actions[action].repetition,
            let last = current.said.actions.lastStart(of: places.actions[action].word)
        else { return true }
        return switch repetition {
        case .oncePerCustomer: false
        case .oncePerCycle: last.cycle != judge[.cycle]
        case .oncePer(let time): start - last.start > time
        }
    }

    private mutating func noteStart(of action: Int, _ found: FoundStart) {
        let zone = policy.contacts.zone(clocks)
        var until = policy.contacts.lastDeadline(of: action, after: found.start, on: found.day, in: zone)
        switch policy.contacts.actions[action].repetition {
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

extension OrderList {
    /// Whether an order of the customer's stands there that is kept; a credit is none.
    func isKept(at place: Int) -> Bool {
        let outcome = outcome(at: place)
        return outcome.isKept && outcome.credit == .none
    }

    /// The newest order that is kept; nil if there is none.
    var newestKeptOrder: DatedOrder? {
        newestKept.map { DatedOrder(placed: outcome(at: $0).placed, id: id(at: $0)) }
    }
}
