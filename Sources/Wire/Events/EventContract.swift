package import CustomerLifecycle

/// What shops may send: for each event what is read of it and what it moves, from the tables that the fold itself uses.
package struct EventContract: Sendable {
    /// All names of it, as the specification writes them; of another call than `track` the call's.
    package let names: [String]
    /// Without these it is rejected.
    let needs: [EventNeed]
    package let optional: [EventField]
    /// Whether it says nothing of a browser without a user.
    let needsUser: Bool
    /// What to know of the fields: which wins where several say the same, units, and what is done where they say
    /// nothing.
    package let note: String?
    package let doer: String
    package let moves: [Fact]
    package let isForOperator: Bool
    /// The event as a shop sends it, with its id, time and person left out.
    package let example: String

    package static let all: [EventContract] = calls.map(Self.init(call:)) + meanings.map(Self.init(meaning:))

    /// Whether two spellings are one name.
    package static func isSame(_ name: String, _ other: String) -> Bool {
        EventNames.squeezed(name) == EventNames.squeezed(other)
    }

    package var required: [EventField] { needs.map(\.field) }

    /// Of calls other than `track`, which have no names.
    static let calls = ["page", "identify", "alias", "screen", "group"]

    /// Each meaning once, in the order of the table of names; an unknown name has none.
    private static let meanings = EventMeaning.byName.map(\.meaning).reduce(into: [EventMeaning]()) { found, meaning in
        if !found.contains(meaning) { found.append(meaning) }
    }

    private init(call: String) {
        let reads = EventReads.of(call: call)
        self.init(
            names: [call], reads, isForOperator: false,
            example: #"{"type":"\#(call)"\#(reads.members.isEmpty ? "" : ",")\#(reads.members)}"#)
    }

    private init(meaning: EventMeaning) {
        let names = EventMeaning.byName.filter { $0.meaning == meaning }.map { KnownEventName.written($0.name) }
        let reads = EventReads.of(meaning)
        self.init(
            names: names, reads, isForOperator: meaning.isForOperator,
            example: #"{"type":"track","event":"\#(names[0])"\#(reads.members.isEmpty ? "" : ",")\#(reads.members)}"#)
    }

    private init(names: [String], _ reads: EventReads, isForOperator: Bool, example: String) {
        self.names = names
        needs = reads.required.map { EventNeed(field: $0, instead: reads.instead[$0] ?? []) }
        optional = reads.optional
        needsUser = reads.needsUser
        note = reads.note
        self.isForOperator = isForOperator
        self.example = example
        let kind = Self.kind(of: example)
        doer = kind.doer
        moves = kind.movedFacts
    }

    /// What the fold takes the example for.
    private static func kind(of example: String) -> StorefrontEvent.Kind {
        let json = Array(#"{"messageId":"m",\#(example.dropFirst())"#.utf8)
        var decoder = EventDecoder()
        var event = StorefrontEvent(claimed: .never, received: .never, tieBreaker: 0, kind: .unrelated)
        (json + [UInt8](repeating: 0, count: 64)).withUnsafeBytes { padded in
            let body = UnsafeRawBufferPointer(rebasing: padded[..<json.count])
            do throws(EventError) {
                try decoder.decode(body, claimed: .never, received: .never, flags: .ofOperator, into: &event)
            } catch {
                preconditionFailure("An example of ours cannot be read: \(example)")
            }
        }
        precondition(decoder.refusal == nil, "An example of ours is refused: \(example)")
        return event.kind
    }
}

/// A field that an event must have, or one of others that say as much.
struct EventNeed: Sendable {
    let field: EventField
    let instead: [EventSaying]
}

/// A field that is there, or whose text fits a pattern.
struct EventSaying: Sendable {
    let field: EventField
    var pattern: String?
}

/// The fields of one kind of event.
private struct EventReads {
    var required: [EventField] = []
    var optional: [EventField] = []
    /// What makes a required field needless.
    var instead: [EventField: [EventSaying]] = [:]
    var needsUser = false
    var note: String?
    /// What an example has beside its name.
    var members = ""

    static func of(call: String) -> Self {
        switch call {
        case "identify":
            Self(
                optional: [.email, .phone, .birthday, .name, .firstName, .lastName, .fullName],
                note: "Kept of them is that they are there, and of a birthday month and day.",
                members: #""traits":{"email":"ada@example.org","birthday":"1990-05-14"}"#)
        case "page": Self(members: #""name":"Home""#)
        case "alias":
            Self(
                needsUser: true, note: "Kept as a link of the two ids; nobody follows it yet.",
                members: #""previousId":"web-1""#)
        default: Self(note: "Taken, without effect.")
        }
    }

    static func of(_ meaning: EventMeaning) -> Self {
        switch meaning {
        case .unknown, .unrelated, .noticed, .seen, .visited, .signedUp, .split, .overrideCleared:
            Self()
        case .cartTouched: Self(optional: [.cartID], members: properties(#""cart_id":"c-1""#))
        case .productAdded, .productRemoved:
            Self(
                optional: [.productID, .price, .quantity, .currency, .cartID],
                note: "The cart's value is price × quantity, 1 unless said. Removing takes the product out whole.",
                members: properties(#""cart_id":"c-1","product_id":"p-7","price":19.90,"quantity":2,"currency":"EUR""#))
        case .couponApplied:
            Self(optional: [.couponID, .coupon], members: properties(#""coupon_id":"SPRING""#))
        case .couponRemoved:
            Self(
                optional: [.couponID, .coupon],
                note: "It takes off the coupon of that id alone; without an id whatever was applied before.",
                members: properties(#""coupon_id":"SPRING""#))
        case .orderCompleted, .orderUpdated: order
        case .orderCancelled: Self(required: [.orderID], members: properties(#""order_id":"o-1""#))
        case .orderRefunded: refund
        case .shipped, .delivered, .deliveryTroubled: delivery(meaning)
        case .complaintOpened, .complaintResolved, .conversationOpened, .conversationClosed, .markedAsSpam, .reviewed,
            .surveyAnswered:
            opinion(meaning)
        default: ofPeople(meaning)
        }
    }

    private static func ofPeople(_ meaning: EventMeaning) -> Self {
        switch meaning {
        case .subscribed:
            Self(
                optional: [.listID, .listPurpose, .validUntil, .source],
                note: "Without a list it is consent to marketing on the channel that the name begins with.",
                members: properties(#""list_id":"news","source":"footer""#))
        case .unsubscribed:
            Self(optional: [.listID, .listPurpose], note: "Without a list it withdraws the whole channel.")
        case .consentUpdated:
            Self(
                optional: [.categoryPreferences, .consentValidUntil, .validUntil],
                note: "Only keys <channel>_<purpose> count: email_marketing, sms_orders.",
                members: #""context":{"consent":{"categoryPreferences":{"email_marketing":true}}}"#)
        case .shared: Self(optional: [.referralCode])
        case .advocated: Self(optional: [.referralCode], members: properties(#""referral_code":"ADA10""#))
        case .clicked: Self()
        case .bounced:
            Self(
                optional: [.bounceType, .bounceTypeShort, .kind],
                note: "It is hard unless one of them says soft, transient or block.")
        case .messageDelivered:
            Self(
                optional: [.emailID, .actionKey],
                note: "It counts in limits, once for each email_id, unless it brings back the action_key of an action: "
                    + "that was counted when it fell due.",
                members: properties(#""email_id":"m-1""#))
        case .costRecorded:
            Self(
                required: [.amount, .kind], optional: [.currency, .costID],
                note: "Counted are those of kind acquisition. Without a cost_id each message is a cost.",
                members: properties(#""cost_id":"ad-1","kind":"acquisition","amount":3.50,"currency":"EUR""#))
        case .overrideSet:
            Self(
                required: [.stage], optional: [.until, .actorID, .reasonCode],
                note: "It decides the stage until then, or until it is cleared. To a stage that the policy in force "
                    + "lacks it changes nothing. A reason_code that is no code is dropped; an actor_id that holds a "
                    + "mail address is hashed, and without a key dropped.",
                members: properties(#""stage":"loyal","until":"2026-06-01","actor_id":"op-1","reason_code":"vip""#))
        case .deletionRequested:
            Self(
                optional: [.requestID, .dueAt], note: "It is kept and counted; erasure is not built yet.",
                members: properties(#""request_id":"d-1","due_at":"2026-06-01""#))
        default: Self()
        }
    }

    private static func opinion(_ meaning: EventMeaning) -> Self {
        switch meaning {
        case .complaintOpened, .complaintResolved:
            Self(required: [.complaintID], members: properties(#""complaint_id":"k-1""#))
        case .conversationOpened, .conversationClosed:
            Self(
                required: [.conversationID], optional: [.complaintID],
                instead: [.conversationID: [EventSaying(field: .complaintID)]],
                members: properties(#""conversation_id":"k-1""#))
        case .markedAsSpam:
            Self(optional: [.complaintID, .emailID], note: "It withdraws the whole channel.")
        case .reviewed:
            Self(
                required: [.productID, .rating], optional: [.reviewID, .scale],
                instead: [.productID: [EventSaying(field: .reviewID)]],
                note: "With a review_id the product_id is not needed. A rating without a scale is of 5 unless set.",
                members: properties(#""product_id":"p-7","rating":4,"scale":5"#))
        case .surveyAnswered:
            Self(
                required: [.score, .scale], optional: [.kind],
                instead: [
                    .scale: [
                        EventSaying(field: .kind, pattern: #"^\s*[Nn][Pp][Ss]\s*$"#),
                        EventSaying(field: .score, pattern: "/"),
                    ]
                ],
                note: "Of kind nps the scale is 10.",
                members: properties(#""score":9,"scale":10"#))
        default: Self()
        }
    }

    private static let order = Self(
        required: [.orderID],
        optional: [
            .revenue, .subtotal, .total, .shipping, .tax, .value, .currency, .coupon, .discount, .costOfGoods,
            .productCategory, .productPrice, .productQuantity, .listedProductID, .creditedOrderID,
        ],
        note: "The value is revenue, else subtotal, else total − shipping − tax, else value, in units of the currency. "
            + "An order is placed at the earliest Order Completed of its id; a value below zero is a credit note.",
        members: properties(
            #""order_id":"o-1","revenue":59.90,"currency":"EUR","coupon":"SPRING","products":[{"product_id":"p-7","#
                + #""category":"shoes","price":59.90,"quantity":1}]"#))

    private static let refund = Self(
        required: [.orderID],
        optional: [
            .refundID, .refundAmount, .total, .amount, .revenue, .value, .currency, .productPrice, .productQuantity,
        ],
        note: "The amount is the first of these that is filled, else the sum of the products; where neither is said, "
            + "the whole order. Without a currency it is in the order's.",
        members: properties(#""order_id":"o-1","refund_id":"r-1","refund_amount":20"#))

    private static func delivery(_ meaning: EventMeaning) -> Self {
        let isDelivered = meaning == .delivered
        return Self(
            required: [.orderID], optional: isDelivered ? [.promisedAt, .deliveredAt] : [.promisedAt],
            note: isDelivered ? "It came at delivered_at, else when the event says." : nil,
            members: properties(
                isDelivered
                    ? #""order_id":"o-1","delivered_at":"2026-05-04T10:00:00Z""#
                    : #""order_id":"o-1","promised_at":"2026-05-05""#))
    }

    private static func properties(_ members: String) -> String { #""properties":{\#(members)}"# }
}
