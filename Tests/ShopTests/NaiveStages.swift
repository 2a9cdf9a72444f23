import CustomerLifecycle
import Shop

/// The default policy's stages, computed in the slow and obvious way from all of a customer's events up to an instant.
///
/// It judges people, not subjects: what a browser did before its owner was known counts as the owner's.
struct NaiveStages {
    private struct History {
        var placed: [BusinessID: (time: Instant, value: Int64)] = [:]
        var undone: Set<BusinessID> = []
        var refunded: [BusinessID: Int64] = [:]
        var openComplaints: Set<BusinessID> = []
        var lastRating: Int?
        var isIdentified = false
        var consents: Set<Channel> = []
    }

    private var histories: [CustomerNumber: History] = [:]

    mutating func fold(_ event: ShopEvent) {
        var history = histories[event.customer] ?? History()
        if event.userID != nil { history.isIdentified = true }
        switch event.act {
        case .orderCompleted(let order): history.placed[order.id] = (event.time, order.value.minorUnits)
        case .orderUpdated(let order): history.placed[order.id]?.value = order.value.minorUnits
        case .orderCancelled(let id): history.undone.insert(id)
        case .orderRefunded(let id, let refund):
            if let amount = refund.amount {
                history.refunded[id, default: 0] += amount.minorUnits
            } else {
                history.undone.insert(id)
            }
        case .complaintOpened(let id, _): history.openComplaints.insert(id)
        case .complaintResolved(let id): history.openComplaints.remove(id)
        case .reviewed(_, _, let rating): history.lastRating = rating
        case .subscribed(let channel, _): history.consents.insert(channel)
        case .unsubscribed(let channel): history.consents.remove(channel)
        case .markedAsSpam: history.consents.remove(.email)
        case .visited, .viewed, .addedToCart, .removedFromCart, .couponApplied, .signedUp, .identified,
            .answeredSurvey, .shared, .shipped, .delivered, .deliveryDelayed, .deliveryFailed, .clicked, .bounced,
            .costRecorded:
            break
        }
        histories[event.customer] = history
    }

    func counts(at instant: Instant) -> [String: Int] {
        histories.values.reduce(into: [:]) { $0[stage(of: $1, at: instant), default: 0] += 1 }
    }

    private func stage(of history: History, at instant: Instant) -> String {
        let kept = history.placed.filter { id, order in
            !history.undone.contains(id) && (history.refunded[id].map { $0 < order.value } ?? true)
        }
        let times = kept.values.map(\.time).sorted()
        guard let last = times.last else {
            return history.isIdentified && !history.consents.isEmpty ? "lead" : "prospect"
        }
        return stage(of: history, orders: times, silence: days(instant - last), at: instant)
    }

    private func stage(of history: History, orders: [Instant], silence: Int64, at instant: Instant) -> String {
        if silence >= 385 { return "lost" }
        if silence > 182 { return "dormant" }
        if orders.count <= 2, silence > 90 { return "at_risk" }
        let whole = days(orders[orders.count - 1] - orders[0])
        let patience = min(max((70 + whole) * 29 / 10 / Int64(orders.count), 40), 150)
        if orders.count >= 3, silence > patience { return "at_risk" }
        if orders.count >= 2, days(orders[orders.count - 1] - orders[orders.count - 2]) > 182 { return "won_back" }
        if orders.filter({ days(instant - $0) <= 365 }).count >= 3 {
            let isAdvocate = (history.lastRating ?? 0) >= 4 && history.openComplaints.isEmpty
            return isAdvocate ? "advocate" : "loyal"
        }
        return orders.count >= 2 ? "active" : "first_time_buyer"
    }

    private func days(_ length: Milliseconds) -> Int64 { length.count / 86_400_000 }
}
