extension Facts {
    /// Folds an event of the subject. Total, and dull: it assigns. `counted` is the event's counted time.
    package mutating func fold(_ event: inout StorefrontEvent, counted: Instant, in record: RecordContext) {
        let stamp = Stamp(time: counted, tieBreaker: event.tieBreaker)
        guard event.kind.origin != .nobody else { return }
        lastEvent = max(lastEvent, counted)
        noteSeen(&event, counted)
        switch event.kind {
        case .unrelated:
            return
        case .noticed, .seen:
            break
        case .signedUp:
            ownKnownSince = min(ownKnownSince, counted)
        case .identified(let traits):
            ownKnownSince = min(ownKnownSince, counted)
            fold(traits, stamp: stamp)
        case .orderCompleted, .orderUpdated, .orderCredited, .orderCancelled, .orderRefunded, .deliveryReported:
            foldOrder(&event, counted: counted, stamp: stamp)
        case .subscribed:
            hasActs = true
            firstSubscribed = min(firstSubscribed, counted)
            ownKnownSince = min(ownKnownSince, counted)
        case .consented:
            if event.consents.contains(where: \.act.isGrant) { ownKnownSince = min(ownKnownSince, counted) }
        case .complaintOpened(let id):
            fold(complaint: id, opened: counted, isOpen: true, stamp: stamp)
        case .complaintResolved(let id):
            fold(complaint: id, opened: .never, isOpen: false, stamp: stamp)
        case .markedAsSpam(let id):
            fold(complaint: id, opened: counted, isOpen: false, isSpamMark: true, stamp: stamp)
        case .reviewed(let id, let score):
            fold(review: id, score: score, stamp: stamp)
        case .surveyAnswered(let score):
            survey.write(score, stamp: stamp)
        case .visited, .cartTouched, .cartChanged, .clicked, .bounced, .messageDelivered, .couponChanged, .shared,
            .advocated, .costRecorded, .overridden, .deletionRequested:
            foldAct(event.kind, counted: counted, stamp: stamp)
        }
        if event.acquisition != nil { noteAcquisition(&event, stamp: stamp) }
        if let name = event.locale { locale.write(name, stamp: stamp) }
        if let name = event.timeZone { timeZone.write(name, stamp: stamp) }
        guard !event.consents.isEmpty else { return }
        fold(
            event.consents, tieBreaker: event.tieBreaker, counted: counted, received: record.counted(event.received),
            in: record)
    }

    @inline(__always)
    private mutating func foldOrder(_ event: inout StorefrontEvent, counted: Instant, stamp: Stamp) {
        let statement = event.statement
        switch event.kind {
        case .orderCompleted(let id, let content):
            change(order: id, as: statement, covering: statement.covers) {
                $0.complete(content, counted: counted, stamp: stamp)
            }
        case .orderUpdated(let id, let content):
            change(order: id, as: statement) { $0.fold(content, isUpdate: true, stamp: stamp) }
        case .orderCredited(let id, let credit):
            change(order: id, as: statement, covering: statement.covers) {
                $0.fold(credit, counted: counted, stamp: stamp)
            }
        case .orderCancelled(let id):
            // Its row says all that a row of the file says.
            change(order: id, as: statement, covering: statement.covers.union(.status)) {
                $0.cancelled = max($0.cancelled, counted)
            }
        case .orderRefunded(let id, let refund):
            fold(refund, of: id, as: statement, stamp: stamp)
        case .deliveryReported(let id, let report):
            change(order: id) { $0.delivery.fold(report, counted: counted, stamp: stamp) }
        default:
            preconditionFailure("Only what is about an order comes here.")
        }
    }

    @inline(never) private mutating func noteAcquisition(_ event: inout StorefrontEvent, stamp: Stamp) {
        guard let came = event.acquisition, event.kind.origin != .shop else { return }
        hasActs = true
        acquisition.write(came, stamp: stamp)
    }

    @inline(never)
    private mutating func foldAct(_ kind: StorefrontEvent.Kind, counted: Instant, stamp: Stamp) {
        hasActs = true
        switch kind {
        case .visited:
            visits.note(counted)
        case .cartTouched(let cart):
            touchCart(at: counted)
            if let cart { self.cart.write(cart, stamp: stamp) }
        case .cartChanged(let change):
            touchCart(at: counted)
            fold(change, stamp: stamp)
        case .clicked(let channel):
            reach.clicked[Int(channel.rawValue)] = max(reach.clicked[Int(channel.rawValue)], counted)
        case .bounced(let channel):
            reach.bounced[Int(channel.rawValue)] = max(reach.bounced[Int(channel.rawValue)], counted)
        case .messageDelivered(let channel, let message):
            if let message { insert(ReportedContact(channel: channel, message: message, at: counted)) }
        case .couponChanged(let change):
            fold(change, stamp: stamp)
        case .shared(let code):
            lastShare = max(lastShare, counted)
            if let code { referralCode.write(code, stamp: stamp) }
        case .advocated(let code):
            referralCode.write(code, stamp: stamp)
        case .costRecorded(let id, let content):
            fold(cost: id, content, stamp: stamp)
        case .overridden(let override):
            fold(override, stamp: stamp)
        case .deletionRequested(var request):
            if let due = request.due { request.due = due.limited }
            deletionRequest.write(request, stamp: stamp)
        default:
            preconditionFailure("Everything else is folded before.")
        }
    }

    private mutating func touchCart(at counted: Instant) {
        visits.note(counted)
        cartTouched = max(cartTouched, counted)
    }

    /// When a file's orders were placed is joined first: a later file may say another time.
    @inline(__always) private mutating func noteSeen(_ event: inout StorefrontEvent, _ counted: Instant) {
        guard event.statement.number == 0 || event.kind.orderID == nil else { return }
        let origin = event.kind.origin
        if origin != .shop { ownFirstSeen = min(ownFirstSeen, counted) }
        if origin == .life { ownLastSeen = max(ownLastSeen, counted) }
        if case .orderCompleted = event.kind { ownKnownSince = min(ownKnownSince, counted) }
    }

    /// A link is a fact of its subject and nothing else.
    mutating func fold(_ link: IdentityLink, counted: Instant) {
        insert(Link(user: link.user, first: Stamp(time: counted, tieBreaker: link.tieBreaker)))
        limitLinks()
    }

    mutating func insert(_ link: Link) {
        var place = 0
        while place < links.count, links[place].user.lexicographicallyPrecedes(link.user) { place += 1 }
        if place < links.count, links[place].user == link.user {
            links[place].first = min(links[place].first, link.first)
        } else {
            links.insert(link, at: place)
        }
    }

    /// The earliest links decide whom an id belongs to, so it is the newest that go.
    mutating func limitLinks() {
        while links.count > Self.linkCountMax {
            let newest = links.indices.max { links[$0].first < links[$1].first }
            if let newest { links.remove(at: newest) }
            isTruncated = true
        }
    }

    private static let linkCountMax = 64

    private mutating func fold(_ traits: Traits, stamp: Stamp) {
        profile.formUnion(traits.profile)
        guard let day = traits.birthday else { return }
        profile.insert(.birthday)
        birthday.write(day, stamp: stamp)
    }

    // MARK: Orders

    @inline(__always) private mutating func change<Result>(
        order id: BusinessID, as statement: Statement, covering covers: Statement.Coverage = [],
        _ change: (inout OrderReport) -> Result
    ) -> Result {
        self.change(order: id) { $0.change(as: statement, covering: covers, change) }
    }

    private mutating func change<Result>(order id: BusinessID, _ change: (inout Order) -> Result) -> Result {
        guard let place = orders.place(of: id) else {
            var order = Order(id: id)
            let result = change(&order)
            orders.insert(order)
            limitOrders()
            return result
        }
        var order = orders.remove(at: place)
        let result = change(&order)
        orders.insert(order)
        return result
    }

    /// Parts that wait for their order go first, so that refunds of unknown orders cannot push out real ones.
    mutating func limitOrders() {
        while orders.count > Self.entryCountMax {
            let place = orders.indices.first { orders.outcome(at: $0).placed == .never } ?? 0
            keepSeen(byOrdersAt: place..<place + 1)
            _ = orders.remove(at: place)
            isTruncated = true
        }
        if orders.hasCredits { orders.settleCredits() }
    }

    private mutating func fold(_ refund: Refund, of id: BusinessID, as statement: Statement, stamp: Stamp) {
        // Of a file that has no amounts of refunds, its status says it.
        let covers = statement.covers.contains(.refunds) ? statement.covers : statement.covers.union(.status)
        let isCut = change(order: id, as: statement, covering: covers) { $0.fold(refund, stamp: stamp) }
        if isCut { isTruncated = true }
    }

    /// When somebody was seen stays known when the orders go that say it.
    mutating func keepSeen(byOrdersAt places: Range<Int>) {
        for place in places where orders.isLifeSignOfFile(at: place) {
            let placed = orders.outcome(at: place).placed
            ownFirstSeen = min(ownFirstSeen, placed)
            ownLastSeen = max(ownLastSeen, placed)
            ownKnownSince = min(ownKnownSince, placed)
        }
    }

    // MARK: Other sets

    /// In backfill both count at the event's time; live, a grant at the earlier and a withdrawal at the later of event
    /// and receipt would be known, so that a repeated old grant changes nothing.
    private mutating func fold(
        _ changes: [ConsentChange], tieBreaker: UInt64, counted: Instant, received: Instant, in record: RecordContext
    ) {
        for change in changes.prefix(StorefrontEvent.consentCountMax) {
            fold(
                change, grantTime: record.isBackfill ? counted : min(counted, received),
                withdrawalTime: record.isBackfill ? counted : received, tieBreaker: tieBreaker)
        }
        limitConsents()
    }

    mutating func limitConsents() {
        while consents.count > Self.entryCountMax {
            let oldest = consents.indices.min { consents[$0].newest < consents[$1].newest }
            if let oldest { consents.remove(at: oldest) }
            isTruncated = true
        }
    }

    private mutating func fold(
        complaint id: BusinessID, opened: Instant, isOpen: Bool, isSpamMark: Bool = false, stamp: Stamp
    ) {
        insert(
            Complaint(id: id, opened: opened, isOpen: Register(isOpen, stamp: stamp), isSpamMark: isSpamMark))
        limitComplaints()
    }

    mutating func insert(_ added: Complaint) {
        var complaint = added
        if let place = complaints.firstIndex(where: { $0.id == added.id }) {
            let known = complaints.remove(at: place)
            complaint.opened = min(added.opened, known.opened)
            complaint.isOpen.write(known.isOpen.value, stamp: known.isOpen.stamp)
            complaint.isSpamMark = added.isSpamMark || known.isSpamMark
        }
        let key = (complaint.opened, complaint.id)
        complaints.insert(complaint, at: complaints.firstIndex { key < ($0.opened, $0.id) } ?? complaints.count)
    }

    mutating func limitComplaints() {
        guard complaints.count > Self.entryCountMax else { return }
        complaints.removeFirst(complaints.count - Self.entryCountMax)
        isTruncated = true
    }

    private mutating func fold(review id: BusinessID, score: Score, stamp: Stamp) {
        insert(Review(id: id, first: stamp.time, score: Register(score, stamp: stamp)))
        limitReviews()
    }

    mutating func insert(_ added: Review) {
        var review = added
        if let place = reviews.firstIndex(where: { $0.id == added.id }) {
            let known = reviews.remove(at: place)
            review.score.write(known.score.value, stamp: known.score.stamp)
            review.first = min(review.first, known.first)
        }
        let key = (review.first, review.id)
        reviews.insert(review, at: reviews.firstIndex { key < ($0.first, $0.id) } ?? reviews.count)
    }

    mutating func limitReviews() {
        guard reviews.count > Self.entryCountMax else { return }
        reviews.removeFirst(reviews.count - Self.entryCountMax)
        isTruncated = true
    }
}
