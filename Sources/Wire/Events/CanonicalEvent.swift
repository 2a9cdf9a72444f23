import CustomerLifecycle

/// The decoded value of an event as bytes that depend on nothing but the value: what its tie-breaker hashes. Part of
/// the fold version.
extension CanonicalBytes {
    /// The event is left as it is; what is lent is copied on its way here.
    mutating func append(_ event: inout StorefrontEvent) {
        append {
            $0.append(optional: event.locale)
            $0.append(optional: event.timeZone)
            $0.append(kind: event.kind)
            $0.append(UInt16(event.consents.count))
            if let acquisition = event.acquisition { $0.append(acquisition) }
        }
        guard !event.consents.isEmpty else { return }
        for change in event.consents { append { $0.append(change) } }
    }
}

extension CanonicalCursor {
    @inline(__always) fileprivate mutating func append(kind: StorefrontEvent.Kind) {
        switch kind {
        case .unrelated: append(UInt8(0))
        case .noticed: append(UInt8(1))
        case .seen: append(UInt8(2))
        case .signedUp: append(UInt8(3))
        case .identified(let traits): append(traits)
        case .orderCompleted(let id, let content): append(5, id, content)
        case .orderUpdated(let id, let content): append(6, id, content)
        case .orderCredited(let id, let credit):
            append(16, id)
            append(optional: credit.amount)
            append(optional: credit.order)
        case .orderCancelled(let id): append(7, id)
        case .orderRefunded(let id, let refund):
            append(8, id)
            append(optional: refund.id)
            append(refund.worth)
        case .consented: append(UInt8(9))
        case .complaintOpened(let id): append(10, id)
        case .complaintResolved(let id): append(11, id)
        case .markedAsSpam(let id): append(12, id)
        case .reviewed(let id, let score):
            append(13, id)
            append(score.thousandths)
        case .surveyAnswered(let score):
            append(UInt8(14))
            append(score.thousandths)
        case .shared(let code):
            append(UInt8(15))
            if let code { append(code) }
        case .subscribed, .visited, .cartTouched, .cartChanged, .deliveryReported, .clicked, .bounced,
            .messageDelivered,
            .couponChanged, .advocated, .costRecorded, .overridden, .deletionRequested:
            append(act: kind)
        }
    }

    @inline(never) private mutating func append(act kind: StorefrontEvent.Kind) {
        switch kind {
        case .subscribed: append(UInt8(17))
        case .visited: append(UInt8(18))
        case .cartTouched(let cart):
            append(UInt8(19))
            append(optional: cart)
        case .cartChanged(let change):
            append(change.content.isAdded ? 20 : 21, change.product)
            append(optional: change.content.amount)
            append(optional: change.cart)
        case .deliveryReported(let id, let report):
            append(22, id)
            append(report.step.rawValue)
            append((report.promised ?? .never).milliseconds)
            append((report.delivered ?? .never).milliseconds)
        case .clicked(let channel): append(UInt16(channel.rawValue) << 8 | 23)
        case .bounced(let channel): append(UInt16(channel.rawValue) << 8 | 24)
        case .messageDelivered(let channel, let message):
            append(UInt16(channel.rawValue) << 8 | 31)
            append(optional: message)
        case .couponChanged(let change):
            if case .applied = change { append(UInt8(25)) } else { append(UInt8(30)) }
            append(optional: change.coupon)
        case .advocated(let code): append(26, code)
        case .costRecorded(let id, let content):
            append(27, id)
            append(UInt8(content.isOfAcquisition ? 1 : 0))
            append(optional: content.amount)
        case .overridden(let override):
            append(UInt8(28))
            append(optional: override?.stage)
            append((override?.until ?? .never).milliseconds)
            append(optional: override?.actor)
            append(optional: override?.reason)
        case .deletionRequested(let request):
            append(UInt8(29))
            append(optional: request.id)
            append((request.due ?? .never).milliseconds)
        default: preconditionFailure("Everything else is written before.")
        }
    }

    fileprivate mutating func append(_ acquisition: Acquisition) {
        append(acquisition.source.hash)
        append(acquisition.campaign?.hash ?? 0)
    }

    @inline(__always) fileprivate mutating func append(_ number: UInt8, _ id: BusinessID) {
        append(number)
        append(id)
    }

    @inline(__always) fileprivate mutating func append(_ number: UInt8, _ id: BusinessID, _ content: OrderContent) {
        append(number, id)
        append(optional: content.value)
        append(optional: content.costOfGoods)
        let coupon = content.hasCoupon.map { UInt8($0 ? 2 : 1) } ?? 0
        let discount = content.hasDiscount.map { UInt8($0 ? 2 : 1) } ?? 0
        append((content.listedSum == nil ? 0 : 16) | coupon << 2 | discount)
        if let sum = content.listedSum { append(sum.count) }
        append(UInt8(content.categories.count))
        for index in 0..<content.categories.count { append(content.categories.hashes[index]) }
        if !content.products.isEmpty { content.products.withPacked { append(bytes: $0) } }
    }

    fileprivate mutating func append(_ worth: RefundWorth) {
        switch worth {
        case .whole: append(UInt8(0))
        case .unknown: append(UInt8(1))
        case .amount(let money):
            append(UInt8(2))
            append(optional: money)
        case .amountOfOrder(let amount):
            append(UInt8(3))
            append(amount.count)
        case .products(let sum, let currency):
            append(UInt8(4))
            append(currency?.code ?? 0)
            append(sum.count)
        }
    }

    @inline(__always) fileprivate mutating func append(_ traits: Traits) {
        append(UInt8(4))
        append(traits.profile.rawValue)
        append(traits.birthday?.month ?? 0)
        append(traits.birthday?.day ?? 0)
    }

    @inline(__always) fileprivate mutating func append(_ change: ConsentChange) {
        append(change.channel.rawValue, change.purpose)
        append(UInt8(change.isMarketing ? 1 : 0))
        switch change.act {
        case .granted(let validUntil):
            append(UInt8(1))
            append((validUntil ?? .never).milliseconds)
        case .withdrawn: append(UInt8(2))
        case .withdrawnFromChannel: append(UInt8(3))
        }
    }

    @inline(__always) fileprivate mutating func append(optional id: BusinessID?) {
        if let id { append(id) } else { append(UInt8(0)) }
    }

    @inline(__always) fileprivate mutating func append(optional money: Money?) {
        append(money?.currency.code ?? 0)
        if let money { append(money.minorUnits) }
    }
}
