package import CustomerLifecycle

/// What a shop tells the Router about itself.
package struct RouterSettings: Sendable {
    /// Written into bodies that name an amount and no currency.
    package var currency: Currency
    /// Times without zone count in it; nil is UTC.
    package var zone: ZoneTable?
    /// Where ids may be mail addresses: they become hashes under this key. Nil leaves them.
    package var hashKey: [UInt8]?
    /// Ids that are none, besides `BlockedIDs.always`.
    package var blockedIDs: [String] = []
    /// The URL parameter that carries a friend's referral code.
    package var referralParameter: String?
    /// The purpose of a mailing list, by `list_id`, for those that are not marketing.
    package var listPurposes: [String: String] = [:]
    /// What a category of a consent banner stands for: `<channel>_<purpose>`, by the banner's name for it.
    package var consentCategories: [String: String] = [:]
    /// The best rating, where a review does not say it.
    package var ratingMaximum = 5
    package var inputByteCountMax = standardInputByteCountMax
    package static let standardInputByteCountMax = 1 << 20
    package var rejectedBytes = RejectedBytes.original
    /// Looks up a person's own zone, for birthdays that are a local midnight; asked once for each name.
    package var zoneNamed: @Sendable (String) -> ZoneTable? = { _ in nil }

    package init(currency: Currency) { self.currency = currency }
}

/// What `lifecycle.rejected` holds of a record that cannot be taken.
package enum RejectedBytes: String, CaseIterable, Sendable {
    /// Its value as it came, personal data included.
    case original
    /// Its value without personal data; none where that cannot be told apart, as in what is no JSON object.
    case redacted
    case none
}
