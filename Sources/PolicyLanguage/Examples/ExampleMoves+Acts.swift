import CustomerLifecycle

// MARK: - Flags and labels

extension ExampleMoves {
    /// The flag is to be so; where it can be unknown, no is not what is wanted of it.
    func flagging(_ plan: ExamplePlan, _ node: Policy.Node, as isSet: Bool) -> [ExamplePlan] {
        switch node.left.fact {
        case .newAtSignup:
            [
                changed(plan) { $0.isNewAtSignup = isSet },
                changed(plan) { ($0.isNewAtSignup, $0.isUnsubscribed) = (nil, false) },
            ]
        case .bounced: looking(plan, isSecond: !isSet) + staying(plan)
        case .reachableBy:
            Channel(rawValue: UInt8(truncatingIfNeeded: node.operand)).map { reaching(plan, $0, isSet) } ?? []
        case .deliveryOverdue: isSet ? awaiting(plan) : arriving(plan)
        // Toggled, or no for everybody.
        default: []
        }
    }

    /// Whether a newsletter signup grants what the node asks for: e-mail marketing.
    func asksForSignup(_ operand: Int64) -> Bool {
        let isOfEmail = operand / 64 == 255 || operand / 64 == Int64(Channel.email.rawValue)
        return isOfEmail && policy.purposes[Int(operand % 64)].text == "marketing"
    }

    func coming(_ plan: ExamplePlan, from source: ExampleLabel?, _ isWanted: Bool) -> [ExamplePlan] {
        let others = isWanted ? [source].compactMap(\.self) : sources.filter { $0 != source }
        return others.map { other in changed(plan) { $0.source = other } }
    }

    private func reaching(_ plan: ExamplePlan, _ channel: Channel, _ isReachable: Bool) -> [ExamplePlan] {
        let address: Profile? =
            switch channel {
            case .email: .email
            case .sms: .phone
            case .push, .post: nil
            }
        let isOfChannel = { (operand: Int64) in operand / 64 == Int64(channel.rawValue) }
        guard isReachable else {
            return [
                changed(plan) { $0.bounces.insert(channel) },
                changed(plan) { plan in
                    if let address { plan.profile.remove(address) }
                    plan.consents = plan.consents.filter { !isOfChannel($0) }
                },
            ]
        }
        let plan = changed(plan) { $0.bounces.remove(channel) }
        // To be serviced: a purpose that no policy asks for by its number.
        return [plan] + (address.map { address in [changed(plan) { $0.profile.insert(address) }] } ?? [])
            + [changed(plan) { $0.consents.insert(Int64(channel.rawValue) * 64 + 63) }]
    }
}

// MARK: - Visits and carts

extension ExampleMoves {
    private func looking(_ plan: ExamplePlan, isSecond: Bool) -> [ExamplePlan] {
        [
            changed(plan) { plan in
                if plan.lastVisitAge == nil, !plan.cart.isTouched { plan.lastVisitAge = plan.actAge }
                plan.hasSecondLook = isSecond
            }
        ]
    }

    /// The customer never looked at the shop.
    func staying(_ plan: ExamplePlan) -> [ExamplePlan] {
        let unseen = changed(plan) { plan in
            (plan.firstVisitAge, plan.lastVisitAge, plan.cart) = (nil, nil, ExamplePlan.Cart())
        }
        // Somebody is there all the same.
        return [unseen] + (plan.orderCount > 0 ? [] : [changed(unseen) { $0.identifiedAge = unseen.beginningAge }])
    }

    func visiting(_ plan: ExamplePlan, _ age: Int64) -> [ExamplePlan] {
        let visited = changed(plan) { $0.lastVisitAge = age }
        guard plan.cart.isTouched || plan.firstVisitAge != nil else { return [visited] }
        return [
            visited,
            changed(visited) { plan in
                plan.firstVisitAge = plan.firstVisitAge.map { max($0, age) }
                if plan.cart.isTouched { plan.cart.age = max(plan.cartAge, age) }
            },
        ]
    }

    func filling(_ plan: ExamplePlan, _ count: Int) -> [ExamplePlan] {
        [
            changed(plan) { plan in
                plan.cart.count = count
                if count == 0 { plan.cart.value = nil }
            }
        ]
    }

    func pricing(_ plan: ExamplePlan, _ amount: Int64) -> [ExamplePlan] {
        let priced = changed(plan) { plan in
            plan.cart.count = max(plan.cart.count, 1)
            plan.cart.value = amount
        }
        return amount == 0 ? filling(plan, 0) + [priced] : [priced]
    }

    /// A cart is touched after the newest order, or that was before.
    func touching(_ plan: ExamplePlan, _ age: Int64) -> [ExamplePlan] {
        let touched = changed(plan) { $0.cart.age = age }
        // An empty cart was touched twice, which is no single look at the shop.
        let filled = plan.cart.count == 0 ? [changed(touched) { $0.cart.count = 1 }] : []
        guard let last = plan.orderAges.first, last <= age else { return [touched] + filled }
        return [changed(touched) { $0.setSilence(age + ExamplePlan.day) }]
    }
}

// MARK: - Deliveries

extension ExampleMoves {
    func delaying(_ plan: ExamplePlan, _ count: Int, _ window: Int64?) -> [ExamplePlan] {
        let delayed = changed(plan) { plan in
            plan.ensureOrders(count)
            plan.late.count = count
            plan.isOverdue = plan.isOverdue && count > 0
        }
        guard let window else { return [delayed] }
        guard count == 0 else {
            return [changed(delayed) { ($0.late.age, $0.late.spacing) = (window / 2, window / 2 / Int64(count)) }]
        }
        let promised = window + ExamplePlan.day
        return [delayed] + [0, 1].map { others in changed(plan) { $0.setPromises(promised, besides: others) } }
    }

    private func awaiting(_ plan: ExamplePlan) -> [ExamplePlan] {
        [
            changed(plan) { plan in
                plan.ensureOrders(1)
                plan.late.count = max(plan.late.count, 1)
                plan.isOverdue = true
            }
        ]
    }

    private func arriving(_ plan: ExamplePlan) -> [ExamplePlan] {
        [changed(plan) { $0.isOverdue = false }, changed(plan) { ($0.isOverdue, $0.late.count) = (false, 0) }]
    }

    /// None has come.
    func undelivered(_ plan: ExamplePlan) -> [ExamplePlan] {
        let undelivered = changed(plan) { $0.deliveredAge = nil }
        return [false, true].map { isOverdue in
            changed(undelivered) { plan in
                if !isOverdue { plan.late.count = 0 }
                plan.isOverdue = isOverdue && plan.late.count > 0
            }
        }
    }

    /// The last one came so long ago, of the orders that are late or of others.
    func delivering(_ plan: ExamplePlan, _ age: Int64) -> [ExamplePlan] {
        let delivered = changed(plan) { plan in
            plan.ensureOrders(1)
            plan.deliveredAge = age
        }
        var plans = [delivered, changed(delivered) { $0.setOldest(age + 4 * ExamplePlan.day) }]
        guard plan.late.count > 0 else { return plans }
        plans.append(changed(delivered) { $0.setPromises(age + ExamplePlan.day, besides: 0) })
        let waiting = changed(delivered) { plan in
            plan.isOverdue = true
            plan.ensureOrders(plan.late.count + 1)
        }
        return plans + [waiting, changed(waiting) { $0.setOldest(age + 4 * ExamplePlan.day) }]
    }
}
