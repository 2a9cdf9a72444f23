import CustomerLifecycle
import PolicyLanguage
import Wire

/// An event in one line, for a timeline.
enum EventWords {
    /// `title` is what the shop calls it, for what has no words of its own.
    static func text(_ event: StorefrontEvent, called title: @autoclosure () -> String?) -> String {
        let number = event.statement.number
        let what = what(event) ?? title() ?? "an event"
        if case .unrelated = event.kind { return "\(what), without effect" }
        // Of several files the highest number counts; most logs have one.
        return number > 1 && event.kind.orderID != nil ? "\(what) (import \(number))" : what
    }

    /// What the shop decided, or that the policy decides again.
    static func text(_ override: StageOverride?) -> String {
        guard let override else { return "the shop's override ended: the policy decides again" }
        let until = override.until.map { " until \($0.shortRFC3339)" } ?? " until it is cleared"
        let actor = override.actor.map { ", by \($0.text)" } ?? ""
        let reason = override.reason.map { " (\($0.text))" } ?? ""
        return "set to \(override.stage.text) by the shop\(until)\(actor)\(reason)"
    }

    /// Nil of what has no words of its own.
    private static func what(_ event: StorefrontEvent) -> String? {
        switch event.kind {
        case .unrelated, .noticed, .seen: nil
        case .overridden(let override): text(override)
        case .deletionRequested(let request): text(request)
        case .visited: "visited"
        case .cartTouched(let cart): "looked into the cart\(named(cart))"
        case .cartChanged(let change):
            change.content.isAdded
                ? "put \(change.product.text) into the cart\(amountIfKnown(change.content.amount))"
                : "took \(change.product.text) out of the cart"
        case .signedUp: "signed up"
        case .identified: "identified"
        case .orderCompleted(let id, let content): "order \(id.text)\(amount(content.value))"
        case .orderUpdated(let id, let content): "order \(id.text) updated\(amount(content.value))"
        case .orderCredited(let id, let credit):
            "credit \(id.text)\(amount(credit.amount))\(credit.order.map { " of order \($0.text)" } ?? "")"
        case .orderCancelled(let id): "order \(id.text) cancelled"
        case .orderRefunded(let id, let refund):
            "order \(id.text) refunded, \(text(refund.worth))"
        case .deliveryReported(let id, let report): text(report, of: id)
        case .subscribed where event.consents.isEmpty: "subscribed to a newsletter"
        case .consented where event.consents.isEmpty: "a consent update that names no channel"
        case .subscribed, .consented: event.consents.map(text).joined(separator: ", ")
        case .complaintOpened(let id): "complaint \(id.text) opened"
        case .complaintResolved(let id): "complaint \(id.text) resolved"
        case .markedAsSpam: "marked a mail as spam"
        case .reviewed(let id, let score): "reviewed \(id.text): \(PolicyText.score(Int64(score.thousandths)))"
        case .surveyAnswered(let score): "answered a survey: \(PolicyText.score(Int64(score.thousandths)))"
        case .clicked(let channel): "clicked in a message by \(channel.word)"
        case .bounced(let channel): "cannot be reached by \(channel.word): a message bounced"
        case .messageDelivered(let channel, let message):
            message == nil ? "got our message by \(channel.word)" : "got another message by \(channel.word)"
        case .couponChanged(.applied(let coupon)): "applied the coupon \(coupon.text)"
        case .couponChanged(.removed(let coupon)): "took off the coupon\(coupon.map { " \($0.text)" } ?? "")"
        case .shared(let code): "shared something\(named(code))"
        case .advocated(let code): "got the referral code \(code.text)"
        case .costRecorded(_, let content):
            "cost the shop\(content.amount.map { " " + PolicyText.money($0.minorUnits, $0.currency) } ?? "")"
                + (content.isOfAcquisition ? " to win" : "")
        }
    }

    /// Whether it belongs into a short story of a customer even where no stage changed.
    static func isTelling(_ event: StorefrontEvent) -> Bool {
        switch event.kind {
        case .complaintOpened, .complaintResolved, .orderCredited, .orderCancelled, .orderRefunded, .markedAsSpam: true
        case .consented:
            event.consents.contains { change in
                switch change.act {
                case .granted: false
                case .withdrawn, .withdrawnFromChannel: true
                }
            }
        case .deliveryReported(_, let report): report.step == .troubled
        case .bounced, .overridden, .deletionRequested: true
        case .unrelated, .noticed, .seen, .visited, .cartTouched, .cartChanged, .signedUp, .identified,
            .orderCompleted, .orderUpdated, .subscribed, .reviewed, .surveyAnswered, .clicked, .messageDelivered,
            .couponChanged,
            .shared, .advocated, .costRecorded:
            false
        }
    }

    private static func text(_ request: DeletionRequest) -> String {
        let about = [request.id?.text, request.due.map { "due by \($0.shortRFC3339)" }].compactMap(\.self)
        return "asked to be forgotten" + (about.isEmpty ? "" : " (\(about.joined(separator: ", ")))")
    }

    private static func text(_ report: DeliveryReport, of order: BusinessID) -> String {
        let promise = report.promised.map { ", promised by \($0.shortRFC3339)" } ?? ""
        switch report.step {
        case .shipped: return "order \(order.text) shipped\(promise)"
        case .delivered: return "order \(order.text) delivered"
        case .troubled: return "order \(order.text) is late\(promise)"
        }
    }

    private static func named(_ id: BusinessID?) -> String { id.map { " (\($0.text))" } ?? "" }

    private static func amountIfKnown(_ money: Money?) -> String { money == nil ? "" : amount(money) }

    private static func amount(_ money: Money?) -> String {
        money.map { ", " + PolicyText.money($0.minorUnits, $0.currency) } ?? ", amount unknown"
    }

    private static func text(_ worth: RefundWorth) -> String {
        switch worth {
        case .whole: "all of it"
        case .unknown: "by an amount that is not known"
        case .amount(let money): PolicyText.money(money.minorUnits, money.currency)
        case .amountOfOrder(let amount): decimal(amount)
        case .products(let sum, let currency):
            "products of \(decimal(sum))" + (currency.map { " \($0.letters)" } ?? "")
        }
    }

    /// With two decimals or more, as many as it needs.
    private static func decimal(_ amount: FineAmount) -> String {
        var text = MoneyText.decimal(minorUnits: amount.count, digits: FineAmount.digits)
        for _ in 2..<FineAmount.digits where text.hasSuffix("0") { text.removeLast() }
        return text
    }

    private static func text(_ change: ConsentChange) -> String {
        switch change.act {
        case .granted: "consented to \(change.channel.word) \(change.purpose.text)"
        case .withdrawn: "withdrew \(change.channel.word) \(change.purpose.text)"
        case .withdrawnFromChannel: "withdrew all \(change.channel.word)"
        }
    }
}
