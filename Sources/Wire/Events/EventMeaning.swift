import CustomerLifecycle

/// What a shop's event name means to the fold.
enum EventMeaning: Equatable, Sendable {
    case unrelated, noticed, seen, signedUp
    case orderCompleted, orderUpdated, orderCancelled, orderRefunded
    case subscribed(Channel)
    case unsubscribed(Channel)
    case consentUpdated
    case complaintOpened, complaintResolved, conversationOpened, conversationClosed, markedAsSpam
    case reviewed, surveyAnswered, shared

    /// Every name of ours and of the public e-commerce specification, in small letters.
    static let byName: [(name: String, meaning: Self)] = orders + people + consents + opinions + visits + others

    private static let orders: [(String, Self)] = [
        ("order completed", .orderCompleted), ("completed order", .orderCompleted),
        ("order updated", .orderUpdated), ("updated order", .orderUpdated),
        ("order cancelled", .orderCancelled), ("order canceled", .orderCancelled),
        ("cancelled order", .orderCancelled), ("canceled order", .orderCancelled),
        ("order refunded", .orderRefunded), ("refunded order", .orderRefunded),
    ]

    private static let people: [(String, Self)] = [
        ("signed up", .signedUp), ("account created", .signedUp), ("signed in", .seen), ("signed out", .noticed),
    ]

    private static let consents: [(String, Self)] =
        [("email", Channel.email), ("sms", .sms), ("push", .push), ("post", .post)].flatMap { word, channel in
            [
                ("\(word) subscribed", .subscribed(channel)), ("\(word) subscribe", .subscribed(channel)),
                ("\(word) unsubscribed", .unsubscribed(channel)), ("\(word) unsubscribe", .unsubscribed(channel)),
            ]
        } + [
            ("unsubscribed", .unsubscribed(.email)), ("unsubscribe", .unsubscribed(.email)),
            ("segment consent preference updated", .consentUpdated), ("consent preference updated", .consentUpdated),
        ]

    private static let opinions: [(String, Self)] = [
        ("complaint opened", .complaintOpened), ("complaint resolved", .complaintResolved),
        ("conversation opened", .conversationOpened), ("conversation closed", .conversationClosed),
        ("email marked as spam", .markedAsSpam),
        ("product reviewed", .reviewed), ("survey answered", .surveyAnswered),
        ("product shared", .shared), ("cart shared", .shared), ("referral share", .shared),
    ]

    private static let visits: [(String, Self)] = [
        "products searched", "product list viewed", "product list filtered", "viewed product category",
        "product clicked", "product viewed", "viewed product", "product added", "added product", "product removed",
        "removed product", "cart viewed", "viewed cart", "checkout started", "started order", "checkout step viewed",
        "viewed checkout step", "checkout step completed", "completed checkout step", "payment info entered",
        "promotion clicked", "clicked promotion", "coupon entered", "coupon applied", "coupon denied", "coupon removed",
        "email link clicked", "sms link clicked", "push notification tapped",
    ].map { ($0, .seen) }

    /// Known, and without effect on facts for now. Own doings of the person count as `noticed`.
    private static let others: [(String, Self)] =
        [
            "return requested", "advocate created", "referred friend created", "promotion viewed", "viewed promotion",
            "product added to wishlist", "product removed from wishlist", "wishlist product added to cart",
        ].map { ($0, .noticed) }
        + [
            "order shipped", "order delivered", "delivery delayed", "delivery failed", "return completed",
            "email delivered", "email opened", "email bounced", "experiment viewed",
            "referral advocate reward earned", "referral advocate reward rejected", "referral friend incentive earned",
            "referral friend incentive rejected", "marketing cost recorded", "user deletion requested",
            "stage override set", "stage override cleared", "identity split",
        ].map { ($0, .unrelated) }
}

/// Finds what a name means, blanks around it and the case of its letters aside, without allocating.
struct EventNames: Sendable {
    private static let nameByteCountMax = 48
    /// A power of two, a good deal more than there are names, so that a search ends soon.
    private static let slotCount = 512

    /// Where in `words` the name stands; no bytes where the slot is free.
    private struct Slot: Sendable {
        var start: Int32 = 0
        var count: Int32 = 0
        var meaning = EventMeaning.unrelated
    }

    private var slots = [Slot](repeating: Slot(), count: slotCount)
    /// All names as `word` cuts them.
    private var words: [UInt64] = []

    init() {
        for (name, meaning) in EventMeaning.byName {
            let bytes = Array(name.utf8)
            precondition(bytes.count <= Self.nameByteCountMax, "Longer names are never looked for: \(name)")
            precondition(bytes.allSatisfy { $0 == 0x20 || (0x61...0x7A).contains($0) }, "Not in small letters: \(name)")
            let index = bytes.withUnsafeBytes { place(of: $0) }
            precondition(slots[index].count == 0, "A name has one meaning: \(name)")
            slots[index] = Slot(start: Int32(words.count), count: Int32(bytes.count), meaning: meaning)
            bytes.withUnsafeBytes { name in
                for start in stride(from: 0, to: name.count, by: 8) { words.append(Self.word(name, at: start)) }
            }
        }
    }

    func meaning(of text: UnsafeRawBufferPointer) -> EventMeaning {
        let name = IDText.trimmingBlanks(text)
        guard (1...Self.nameByteCountMax).contains(name.count) else { return .unrelated }
        return slots[place(of: name)].meaning
    }

    /// The slot of a name, or the free one where it would be.
    private func place(of name: UnsafeRawBufferPointer) -> Int {
        var hash = UInt64(name.count)
        var start = 0
        while start < name.count {
            // Small letters and capitals fall together; so do other bytes, which `matches` tells apart.
            let word = Self.word(name, at: start) | 0x2020_2020_2020_2020
            hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
            start += 8
        }
        var index = Int(truncatingIfNeeded: hash) & (Self.slotCount - 1)
        while slots[index].count > 0, !matches(slots[index], name) { index = (index + 1) & (Self.slotCount - 1) }
        return index
    }

    private func matches(_ slot: Slot, _ name: UnsafeRawBufferPointer) -> Bool {
        guard Int(slot.count) == name.count else { return false }
        var place = Int(slot.start)
        var start = 0
        while start < name.count {
            // Letters may differ in their case, which is bit 0x20; they are what has bit 0x40 in our names.
            let isCase = (words[place] & 0x4040_4040_4040_4040) >> 1
            guard (words[place] ^ Self.word(name, at: start)) & ~isCase == 0 else { return false }
            place += 1
            start += 8
        }
        return true
    }

    /// Eight bytes from `start` on. At the end of the name those before `start` once more, or zeros in a short one.
    @inline(__always) private static func word(_ name: UnsafeRawBufferPointer, at start: Int) -> UInt64 {
        if name.count >= 8 {
            let whole = min(start, name.count - 8)
            return UInt64(littleEndian: name.loadUnaligned(fromByteOffset: whole, as: UInt64.self))
        }
        var word: UInt64 = 0
        for index in 0..<name.count { word |= UInt64(name[index]) << UInt64(8 * index) }
        return word
    }
}
