extension Facts {
    /// Joins the facts of another subject who is the same person: what folding the events of both gives, in whatever
    /// order they came.
    ///
    /// The sets are united before any limit is applied, so that the join commutes beyond the limits too; what is kept
    /// then is decided by the union, and the facts say `truncated`.
    package mutating func join(_ other: Facts) {
        isIdentified = isIdentified || other.isIdentified
        isTruncated = isTruncated || other.isTruncated
        ownFirstSeen = min(ownFirstSeen, other.ownFirstSeen)
        lastEvent = max(lastEvent, other.lastEvent)
        ownLastSeen = max(ownLastSeen, other.ownLastSeen)
        ownKnownSince = min(ownKnownSince, other.ownKnownSince)
        profile.formUnion(other.profile)
        birthday.join(other.birthday)
        hasActs = hasActs || other.hasActs
        acquisition.join(other.acquisition)
        firstSubscribed = min(firstSubscribed, other.firstSubscribed)
        visits.join(other.visits)
        cartTouched = max(cartTouched, other.cartTouched)
        cart.join(other.cart)
        for product in other.cartProducts { insert(product) }
        for coupon in other.coupons { coupons.insert(coupon, on: \.coupon) }
        referralCode.join(other.referralCode)
        reach.join(other.reach)
        for contact in other.contacts { insert(contact) }
        for cost in other.costs { costs.insert(cost) }
        limitCosts()
        for override in other.overrides { overrides.insert(override, on: \.?.stage) }
        deletionRequest.join(other.deletionRequest)
        locale.join(other.locale)
        timeZone.join(other.timeZone)
        survey.join(other.survey)
        lastShare = max(lastShare, other.lastShare)
        joinOrders(other.orders)
        joinConsents(other)
        for complaint in other.complaints { insert(complaint) }
        limitComplaints()
        for review in other.reviews { insert(review) }
        limitReviews()
        for link in other.links { insert(link) }
        limitLinks()
    }

    private mutating func joinOrders(_ others: OrderList) {
        for other in others {
            guard let place = orders.place(of: other.id) else {
                orders.insert(other)
                continue
            }
            var order = orders.remove(at: place)
            if order.join(other) { isTruncated = true }
            orders.insert(order)
        }
        limitOrders()
    }

    private mutating func joinConsents(_ other: Facts) {
        for consent in other.consents {
            let place = consentPlace(channel: consent.channel, purpose: consent.purpose)
            consents[place].granted.join(consent.granted)
            consents[place].withdrawn = max(consents[place].withdrawn, consent.withdrawn)
            consents[place].firstGranted = min(consents[place].firstGranted, consent.firstGranted)
        }
        for channel in 0..<4 {
            channelWithdrawals[channel] = max(channelWithdrawals[channel], other.channelWithdrawals[channel])
        }
        limitConsents()
    }
}
