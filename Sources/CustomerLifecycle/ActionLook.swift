/// How actions are looked at in the record under way.
struct ActionLook {
    /// When it was known what the record says: what had passed by then is too late. Nil where nothing begins.
    var learned: Instant?
    /// Whether steps are looked at; not while the subject is behind.
    var acts = false
    /// The counted time of the event that is judged: what it sets free is free from then on.
    var freed: Instant?
    /// The append time of a live event: it decides what it begins at once.
    var appended: Instant?
    /// Whether starts are passed over together once history is there: none of it begins anything.
    var isImport = false
    /// Which starts an event may have brought.
    var feeds: Feeds = []
    /// How many products were in the cart before.
    var cartItemsBefore: Int64 = 0

    struct Feeds: OptionSet {
        let rawValue: UInt8
        static let orders = Self(rawValue: 1)
        static let complaints = Self(rawValue: 2)
        static let consents = Self(rawValue: 4)
        /// The cart was touched later than ever before.
        static let touch = Self(rawValue: 8)
        static let all: Self = [.orders, .complaints, .consents]
    }

    static func passing(at instant: Instant, acts: Bool) -> Self {
        Self(learned: acts ? instant : nil, acts: acts)
    }
}

/// What stood before an event was folded, as far as the event may change it and actions ask.
struct BeforeEvent {
    var newestOrder: DatedID?
    var cartTouched = Instant.distantPast
    var cartItems: Int64 = 0

    init() {}
}

extension Judge {
    /// What stands before an event is folded. Where nothing was sent yet, the newest order matters only if the event
    /// may undo it.
    func before(_ event: inout StorefrontEvent, hasSent: Bool) -> BeforeEvent {
        var before = BeforeEvent()
        switch event.kind {
        case .orderCompleted, .deliveryReported:
            if hasSent { before.newestOrder = facts.orders.newestKeptOrder }
        case .orderUpdated, .orderCredited, .orderCancelled, .orderRefunded:
            before.newestOrder = facts.orders.newestKeptOrder
        case .cartTouched, .cartChanged:
            before.cartTouched = facts.cartTouched
            let placed = facts.orders.newestPlaced
            guard facts.cartTouched > placed else { break }
            for product in facts.cartProducts where product.content.value.isAdded {
                if product.content.stamp.time > placed { before.cartItems += 1 }
            }
        default: break
        }
        return before
    }
}

extension Partition {
    /// Says how the event that was just folded lets actions be looked at.
    mutating func lookAfter(
        _ event: inout StorefrontEvent, _ before: BeforeEvent, learned: Instant, counted: Instant,
        in record: RecordContext
    ) {
        switch event.kind {
        case .complaintOpened, .complaintResolved, .markedAsSpam: actionLook.feeds.insert(.complaints)
        case .cartTouched, .cartChanged:
            if judge.facts.cartTouched > before.cartTouched { actionLook.feeds.insert(.touch) }
        case .orderCompleted, .deliveryReported:
            actionLook.feeds.insert(.orders)
            if !current.said.actions.ours.isEmpty { noteNewestOrder(before.newestOrder) }
        case .orderUpdated, .orderCredited, .orderCancelled, .orderRefunded:
            actionLook.feeds.insert(.orders)
            noteNewestOrder(before.newestOrder)
        default: break
        }
        if !event.consents.isEmpty { actionLook.feeds.insert(.consents) }
        actionLook.cartItemsBefore = before.cartItems
        actionLook.isImport = record.isBackfill
        guard !record.isBackfill else { return }
        actionLook.learned = learned
        actionLook.acts = true
        actionLook.freed = counted
        actionLook.appended = record.appended
    }

    /// What we have sent is counted from the newest order on, in the order of the log.
    private mutating func noteNewestOrder(_ before: DatedID?) {
        let after = judge.facts.orders.newestKeptOrder
        let newest = [before, current.said.actions.newestUndone].compactMap(\.self).max()
        if let after, newest.map({ after > $0 }) ?? true {
            current.said.actions.ours.sinceLastOrder = 0
            current.said.actions.newestUndone = nil
        } else if let before, after.map({ $0 < before }) ?? true {
            current.said.actions.newestUndone = newest
        }
    }
}
