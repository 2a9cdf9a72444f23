package import CustomerLifecycle

/// What became of a step, as it must be published.
package struct NaiveOutcome: Equatable, Sendable {
    package let action: String
    package let step: String
    package let key: String
    package let decision: String
    package let why: String?
    package let planned: Instant
    package let deadline: Instant
    package let variant: String?

    package var businessKey: String { "\(action)/\(step)/\(key)" }
}

/// What was begun and sent for one customer, kept for ever, by the words of POLICY part 4.
struct NaiveActions {
    struct Step {
        let name: String
        var planned: Instant
        var deadline: Instant
        var due: Instant
        var held: String?
        var ripe: Instant?
        var isLate = false
        var isDead = false

        init(_ name: String, _ planned: Instant, _ deadline: Instant) {
            self.name = name
            self.planned = planned
            self.deadline = deadline
            due = planned
        }
    }

    struct Occurrence {
        let action: String
        let key: String
        let start: Policy.Action.Start
        let kind: String
        var began: Instant
        var day: CivilDate
        var isOpen = true
        var hadItems = false
        /// Nil until it is drawn.
        var draw: String??
        var steps: [Step]
    }

    var live: [Occurrence] = []
    var seen: [String: Set<String>] = [:]
    var lastStarts: [String: (began: Instant, cycle: Int64)] = [:]
    var effort = NaiveEffort()
    var newest: (placed: Instant, id: BusinessID)?
    var cartTouched = Instant.distantPast
    var cartItems: Int64 = 0
    /// The first instant at which something that is known to come begins an action.
    var ahead = Instant.never

    func firstRipe(by tick: Instant, late: Milliseconds) -> Instant? {
        live.flatMap(\.steps).compactMap(\.ripe).filter { $0 <= tick }.map { tick - $0 <= late ? $0 : tick }.min()
    }
}

/// What we have sent.
package struct NaiveEffort {
    var sent: [Channel: [Instant]] = [:]
    var released: [Channel: Int64] = [:]
    var sinceLastOrder: Int64 = 0
}

extension Policy.Action.Start {
    /// The start without its arguments.
    var kind: String {
        switch self {
        case .firstOrder: "first order"
        case .eachOrder: "each order"
        case .eachDelivery: "each delivery"
        case .eachOverdueDelivery: "each overdue delivery"
        case .touchingTheCart: "touching the cart"
        case .firstConsent: "first consent"
        case .claimingTheReferralCoupon: "claiming"
        case .eachReferral: "each referral"
        case .eachResolvedComplaint: "each resolved complaint"
        case .eachBirthday: "each birthday"
        case .entering: "entering"
        case .joining: "joining"
        }
    }
}

/// A customer's actions before a policy, at one instant.
struct NaiveActor {
    static let lateness = Milliseconds.minutes(5)

    let name: String
    let policy: Policy
    var judge: NaiveJudge
    var actions: NaiveActions
    /// The subject's time.
    var time: Instant
    var told: [(at: Instant, outcome: NaiveOutcome)] = []

    var plan: ContactPlan { policy.contacts }

    /// Whose clocks the customer lives by.
    var zone: ZoneTable {
        let own = judge.facts.newestZone
        return plan.otherZones.first { $0.name == own } ?? plan.zone ?? .utc
    }

    func action(_ name: String) -> Policy.Action? { plan.actions.first { $0.name == name } }

    func planned(_ step: Policy.Action.Step, _ began: Instant, _ day: CivilDate) -> Instant {
        switch step.moment {
        case .atOnce: began
        case .later(let time): began + time
        case .day(let days, let time): zone.instant(on: day.adding(days: days), at: time)
        }
    }

    // MARK: Starts

    private struct Found {
        let began: Instant
        let key: String
        let sight: Instant
        let day: CivilDate
    }

    private func found(_ action: Policy.Action, at instant: Instant) -> [Found] {
        func plain(_ began: Instant, _ key: String) -> Found {
            Found(began: began, key: key, sight: began, day: zone.date(at: began))
        }
        let kept = judge.keptOrders
        switch action.start {
        case .eachOrder: return kept.map { plain($0.placed, $0.id.text) }
        case .firstOrder: return kept.prefix(1).map { plain($0.placed, $0.id.text) }
        case .eachDelivery:
            return judge.facts.deliveries.compactMap { delivery in
                guard kept.contains(where: { $0.id == delivery.order }), let at = delivery.delivered else { return nil }
                return plain(at, delivery.order.text)
            }
        case .eachOverdueDelivery:
            return judge.facts.deliveries.compactMap { delivery in
                guard kept.contains(where: { $0.id == delivery.order }), delivery.delivered == nil,
                    let at = delivery.trouble(assuming: policy.deliveryPromise)
                else { return nil }
                return plain(at, delivery.order.text)
            }
        case .eachResolvedComplaint: return judge.facts.resolvedComplaints.map { plain($0.at, $0.id.text) }
        case .firstConsent(let channel, let purpose):
            let first = judge.facts.firstGrant(of: policy.purposes[purpose], on: channel)
            return first.map { [plain($0, "customer")] } ?? []
        case .eachBirthday:
            guard let birthday = judge.facts.birthday else { return [] }
            let year = zone.date(at: instant).year
            return (year - 1...year + 2).compactMap { year in
                guard let day = birthday.date(in: year) else { return nil }
                let began = zone.instant(on: day, at: Milliseconds(0))
                let sight = action.steps.map { planned($0, began, day) }.min() ?? began
                return Found(began: began, key: "\(year)", sight: sight, day: day)
            }
        case .entering, .joining, .touchingTheCart, .claimingTheReferralCoupon, .eachReferral: return []
        }
    }

    mutating func begin(
        at instant: Instant, learned: Instant?, entered: (name: String, count: Int)?, joined: [String: Int]
    ) {
        let touch = judge.instant(of: .cartTouched)
        let items = judge.value(of: .cartItems) ?? 0
        let newTouch = touch.flatMap { $0 > actions.cartTouched ? $0 : nil }
        actions.ahead = .never
        for action in plan.actions {
            if action.start == .touchingTheCart {
                followCart(action, touch, newTouch, items, at: instant, learned)
                continue
            }
            var found = found(action, at: instant)
            func now(_ count: Int) -> Found {
                Found(began: instant, key: "\(count)", sight: instant, day: zone.date(at: instant))
            }
            if case .entering(let stage) = action.start, let entered, policy.stages[stage] == entered.name {
                found.append(now(entered.count))
            }
            if case .joining(let segment) = action.start, let count = joined[policy.segments[segment].name] {
                found.append(now(count))
            }
            found.sort { ($0.began, $0.key) < ($1.began, $1.key) }
            for start in found where actions.seen[action.name]?.contains(start.key) != true {
                guard start.sight <= instant else {
                    actions.ahead = min(actions.ahead, start.sight)
                    continue
                }
                actions.seen[action.name, default: []].insert(start.key)
                _ = begin(action, start, at: instant, learned)
            }
        }
        actions.cartTouched = max(actions.cartTouched, touch ?? .distantPast)
        actions.cartItems = items
    }

    private mutating func followCart(
        _ action: Policy.Action, _ touch: Instant?, _ newTouch: Instant?, _ items: Int64, at instant: Instant,
        _ learned: Instant?
    ) {
        if let place = actions.live.firstIndex(where: { $0.action == action.name && $0.isOpen }) {
            if touch == nil || actions.live[place].hadItems && items == 0 {
                actions.live[place].isOpen = false
            } else if let newTouch {
                let day = zone.date(at: newTouch)
                actions.live[place].began = newTouch
                actions.live[place].day = day
                actions.live[place].steps = actions.live[place].steps.map { step in
                    guard let known = action.steps.first(where: { $0.name == step.name }) else { return step }
                    let planned = planned(known, newTouch, day)
                    return NaiveActions.Step(step.name, planned, planned + action.giveUpAfter)
                }
            }
            if items > 0 { actions.live[place].hadItems = true }
        } else if let newTouch, !(actions.cartItems > 0 && items == 0) {
            let found = Found(
                began: newTouch, key: "\(newTouch.milliseconds)", sight: newTouch, day: zone.date(at: newTouch))
            if begin(action, found, at: instant, learned), items > 0 {
                actions.live[actions.live.count - 1].hadItems = true
            }
        }
    }

    private mutating func begin(
        _ action: Policy.Action, _ found: Found, at instant: Instant, _ learned: Instant?
    ) -> Bool {
        guard let learned, action.condition.map({ judge.holds($0, at: instant) }) ?? true else { return false }
        let cycle = judge.value(of: .cycle) ?? 0
        if let repetition = action.repetition, let last = actions.lastStarts[action.name] {
            switch repetition {
            case .oncePerCustomer: return false
            case .oncePerCycle: if last.cycle == cycle { return false }
            case .oncePer(let time): if found.began - last.began <= time { return false }
            }
        }
        guard actions.live.count < 16 else { return false }
        let steps = action.steps.map { step in
            let planned = planned(step, found.began, found.day)
            var pending = NaiveActions.Step(step.name, planned, planned + action.giveUpAfter)
            pending.isDead = pending.deadline < learned
            return pending
        }
        guard steps.contains(where: { !$0.isDead }) else { return false }
        actions.lastStarts[action.name] = (found.began, cycle)
        actions.live.append(
            NaiveActions.Occurrence(
                action: action.name, key: found.key, start: action.start, kind: action.start.kind, began: found.began,
                day: found.day, steps: steps))
        return true
    }

    // MARK: Adoption

    mutating func replan(since adoption: Instant) {
        for place in actions.live.indices {
            guard let action = action(actions.live[place].action) else { continue }
            if action.start.kind != actions.live[place].kind { actions.live[place].isOpen = false }
            if actions.live[place].kind != "each birthday" {
                actions.live[place].day = zone.date(at: actions.live[place].began)
            }
            let (began, day) = (actions.live[place].began, actions.live[place].day)
            actions.live[place].steps = actions.live[place].steps.map { step in
                guard let known = action.steps.first(where: { $0.name == step.name }) else { return step }
                let planned = planned(known, began, day)
                let deadline = planned + action.giveUpAfter
                var step = step
                if planned != step.planned {
                    step = NaiveActions.Step(step.name, planned, deadline)
                    step.isDead = planned < adoption
                } else if deadline != step.deadline {
                    step.deadline = deadline
                    step.due = min(step.due, deadline + Milliseconds(1))
                }
                return step
            }
        }
    }
}
