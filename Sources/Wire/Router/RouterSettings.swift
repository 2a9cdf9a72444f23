package import CustomerLifecycle

/// What a shop tells the Router about itself.
package struct RouterSettings: Sendable {
    /// Written into bodies that name an amount and no currency.
    package var currency: Currency
    /// Times without zone count in it; nil is UTC.
    package var zone: ZoneTable?
    /// Where ids may be mail addresses: they become hashes under this key. Nil leaves them.
    package var hashKey: [UInt8]?
    /// How users' ids are spelt in the log; changed before they become hashes.
    package var customerIDCase = IDCase.kept
    /// Ids that are none, besides `BlockedIDs.always`.
    package var blockedIDs: [String] = []
    /// The URL parameter that carries a friend's referral code.
    package var referralParameter: String?
    /// The purpose of a mailing list, by `list_id`, for those that are not marketing.
    package var listPurposes: [String: String] = [:]
    /// What a category of a consent banner stands for: `<channel>_<purpose>`, by the banner's name for it.
    package var consentCategories: [String: String] = [:]
    /// What the shop's own names of events stand for: names that the fold knows.
    package var eventNames: [String: String] = [:]
    /// The best rating, where a review does not say it.
    package var ratingMaximum = standardRatingMaximum
    package static let standardRatingMaximum = 5
    package var inputByteCountMax = standardInputByteCountMax
    package static let standardInputByteCountMax = 1 << 20
    package var rejectedBytes = RejectedBytes.original
    /// Whether an imported file is the shop's own word; of topics each input says it.
    package var isOfOperator = false
    /// Looks up a person's own zone, for birthdays that are a local midnight; asked once for each name.
    package var zoneNamed: @Sendable (String) -> ZoneTable? = { _ in nil }

    package init(currency: Currency) { self.currency = currency }
}

/// How the letters of a user's id are spelt.
package enum IDCase: String, CaseIterable, Sendable {
    /// As they come: `Ada@…` and `ada@…` are two users.
    case kept = "keep"
    /// As small ones.
    case lower
}

/// What `lifecycle.rejected` holds of a record that cannot be taken.
package enum RejectedBytes: String, CaseIterable, Sendable {
    /// Its value as it came, personal data included.
    case original
    /// Its value without personal data; none where that cannot be told apart, as in what is no JSON object.
    case redacted
    case none
}

extension RouterSettings {
    /// The settings that change what a record means to the log, by the names under which a user knows them: those that
    /// have another value than they have where nobody says them. Of the key there is a mark alone, which is the same
    /// for the same key.
    package var rowMeanings: [String: String] {
        var meanings = ["currency": currency.letters]
        meanings["time-zone"] = zone.map { "\($0.name) (rules \(Self.mark(of: $0)))" }
        meanings["hash-ids"] = hashKey.map { "the key marked \(KeyedHash(key: $0).mark)" }
        if customerIDCase != .kept { meanings["customer-id-case"] = customerIDCase.rawValue }
        meanings["blocked-id"] = Self.list(blockedIDs)
        meanings["referral-parameter"] = referralParameter
        meanings["list-purpose"] = Self.list(listPurposes.map { "\($0.key)=\($0.value)" })
        meanings["consent-category"] = Self.list(consentCategories.map { "\($0.key)=\($0.value)" })
        meanings["event"] = Self.list(eventNames.map { "\($0.key)=\($0.value)" })
        if ratingMaximum != Self.standardRatingMaximum { meanings["rating-maximum"] = "\(ratingMaximum)" }
        if isOfOperator { meanings["operator"] = "said" }
        return meanings
    }

    /// A machine's rules of a zone change when it is updated.
    private static func mark(of zone: ZoneTable) -> Substring {
        let numbers = zone.transitions.flatMap { [$0.at.milliseconds, $0.offset.count] }
        return numbers.withUnsafeBytes { SHA256Digest(of: $0).description.prefix(8) }
    }

    /// The order in which they are said means nothing.
    private static func list(_ texts: [String]) -> String? {
        texts.isEmpty ? nil : Set(texts).sorted().joined(separator: ",")
    }
}
