/// What the Router does with the value of a key, by the key's name alone. Part of the format of the log.
///
/// Names are compared without case, `_` and `-`. The list is closed; it names the usual spellings of what it forbids.
enum KeyRule: UInt8 {
    case plain = 0
    /// A fact about the person: `true` where filled, gone where empty.
    case personal
    /// Personal under `traits` and in signups; elsewhere a product's or a page's.
    case name
    /// Free text and search texts: gone.
    case dropped
    case birthday
    /// Ids and codes are kept as they are, or become keyed hashes.
    case identifier
    /// A URL, or a part of one, loses query and fragment.
    case location
    /// At the top level alone: the client's own plumbing.
    case plumbing
    case traits
    // Members of `context` that stay, and of them the ones that are looked for.
    case campaign
    case consent
    case categoryPreferences
    case locale
    case timezone
    case externalIDs
    case sessionID
    case page
    case url
    case path
    case referrer
    // Members of `properties` that say whether a currency or a scale is missing.
    case amount
    case currency
    case products
    case rating
    case scale
    case listID
    case listPurpose
    case referralCode
    // Members of an override's `properties` that stay.
    case stage
    case until
    case reasonCode
    case actorID
    // Others that are looked for.
    case type
    case id

    /// Whether mail addresses in its texts are left alone.
    var isIdentifier: Bool {
        switch self {
        case .identifier, .id, .sessionID, .listID, .referralCode, .reasonCode, .actorID: true
        default: false
        }
    }

    /// Whether its texts are URLs or parts of one, whatever they look like.
    var isLocation: Bool {
        switch self {
        case .location, .url, .path, .referrer: true
        default: false
        }
    }

    static let names: [(KeyRule, [String])] = [
        (
            .personal,
            [
                "email", "phone", "mobile", "firstname", "lastname", "fullname", "accountname", "recipient", "username",
                "address", "street", "city", "postalcode", "zip", "shippingaddress", "billingaddress", "avatar", "ip",
                "useragent", "device", "location",
                "emails", "emailaddress", "phones", "phonenumber", "mobilenumber", "mobilephone", "telephone",
                "givenname", "familyname", "surname", "middlename", "addresses", "address1", "address2",
                "streetaddress",
                "deliveryaddress", "postcode", "zipcode", "ipaddress", "recipients", "recipientname",
                "latitude", "longitude",
            ]
        ),
        (.name, ["name"]),
        (.dropped, ["search", "comments", "notes"]),
        (.birthday, ["birthday", "birthdate", "dateofbirth", "dob"]),
        (.identifier, ["coupon"]),
        (.plumbing, ["writekey", "metadata", "integrations", "channel", "library", "sentat", "receivedat"]),
        (.traits, ["traits"]),
        (.campaign, ["campaign"]),
        (.consent, ["consent"]),
        (.categoryPreferences, ["categorypreferences"]),
        (.locale, ["locale"]),
        (.timezone, ["timezone"]),
        (.externalIDs, ["externalids"]),
        (.sessionID, ["sessionid"]),
        (.page, ["page"]),
        (.url, ["url"]),
        (.path, ["path"]),
        (.referrer, ["referrer"]),
        (
            .amount,
            [
                "revenue", "total", "subtotal", "value", "price", "amount", "refundamount", "shipping", "tax",
                "discount", "costofgoods",
            ]
        ),
        (.currency, ["currency"]),
        (.products, ["products"]),
        (.rating, ["rating"]),
        (.scale, ["scale"]),
        (.listID, ["listid"]),
        (.listPurpose, ["listpurpose"]),
        (.referralCode, ["referralcode"]),
        (.stage, ["stage"]),
        (.until, ["until"]),
        (.reasonCode, ["reasoncode"]),
        (.actorID, ["actorid"]),
        (.type, ["type"]),
        (.id, ["id"]),
    ]

    /// The rules for names that are not in `names`: the first ending that fits counts.
    static let endings: [(KeyRule, [String])] = [
        (.dropped, ["body", "message", "comment", "note"]),
        (.identifier, ["id", "code"]),
        (.location, ["url", "uri", "href", "link", "referer"]),
    ]
}
