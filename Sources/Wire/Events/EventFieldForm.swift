import CustomerLifecycle

/// What must stand in a field so that it is read: the types that all fields share.
enum EventFieldForm: String, CaseIterable {
    case id, code, amount, number, currency, time, score, scale, word, label, kept, birthday, preferences, anything

    /// Its schema, as far as JSON Schema can say it.
    var schema: JSONLayout {
        switch self {
        case .id:
            [
                "description": "the shop's own id: text of at most 64 bytes, or a whole number",
                "type": ["string", "integer"], "pattern": .text(Self.filled),
                "maxLength": .integer(BusinessID.byteCountMax),
            ]
        case .code:
            [
                "description": "letters, digits, _ - . : and /, at most 64; any other text is dropped",
                "type": ["string", "integer"], "pattern": #"^\s*[A-Za-z0-9_.:/-]+\s*$"#,
                "maxLength": .integer(BusinessID.byteCountMax),
            ]
        case .amount:
            [
                "description": "in units of the currency, 12.50 being twelve and a half; text as shops write it, too",
                "type": ["number", "string"], "pattern": .text(Self.numeral),
            ]
        case .number: ["type": ["number", "string"], "pattern": .text(Self.numeral)]
        case .currency:
            [
                "description":
                    "ISO 4217, capital or small; without one amounts are in the shop's, of a refund in the order's",
                "type": "string", "pattern": #"^\s*[A-Za-z]{3}\s*$"#,
            ]
        case .time:
            [
                "description": "RFC 3339, or a bare date; or seconds or milliseconds since 1970",
                "type": ["string", "number"], "pattern": .text(#"^\s*([0-9]{4}-"# + Self.day + #"|-?[0-9.]+\s*$)"#),
            ]
        case .score:
            [
                "description": "a score, or a score and its scale: 4, \"4.5/5\"",
                "type": ["number", "string"], "pattern": #"^\s*[0-9]"#, "minimum": 0,
            ]
        case .scale:
            [
                "description": "the greatest score, or the range: 5, \"1-5\"",
                "type": ["number", "string"], "pattern": #"^\s*([0-9.,]+\s*[-–]\s*)?[0-9.,]*[1-9][0-9.,]*\s*$"#,
                "exclusiveMinimum": 0,
            ]
        case .word: ["type": "string", "pattern": .text(Self.filled)]
        case .label: ["type": ["string", "number"], "pattern": .text(Self.filled)]
        case .kept: ["type": "string", "pattern": .text(Self.filled), "maxLength": .integer(BusinessID.byteCountMax)]
        case .birthday:
            [
                "description": "a date, or its month and day; the year is not kept",
                "type": "string", "pattern": .text(#"^\s*([0-9]{4}-|--)?"# + Self.day + #"([Tt\s].*)?$"#),
            ]
        case .preferences:
            [
                "description": "<channel>_<purpose>, such as email_marketing; other keys are a cookie banner's",
                "type": "object",
                "patternProperties": [
                    "^(email|sms|push|post)_.": [
                        "type": ["boolean", "string", "object", "array"],
                        "pattern": "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$",
                    ]
                ],
            ]
        case .anything: ["description": "that it is there is kept, not what it says; false is none"]
        }
    }

    /// The same, or what says nothing.
    var schemaOrNone: JSONLayout {
        let form: JSONLayout = ["$ref": .text("#/$defs/\(rawValue)")]
        return switch self {
        case .anything: form
        case .preferences: ["anyOf": [form, ["type": "null"]]]
        default: ["anyOf": [form, ["$ref": "#/$defs/none"]]]
        }
    }

    static let none: JSONLayout = ["type": ["string", "null"], "pattern": #"^\s*$"#]

    private static let filled = #"\S"#
    /// One number, among a currency's letters or sign.
    private static let numeral = #"^[^0-9%]*[0-9][0-9.,'\s]*(e-?[0-9]+)?[^0-9%]*$"#
    /// Month and day of a calendar; which years have a 29th of February it does not say.
    private static let day =
        "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))"
}

extension EventField {
    var form: EventFieldForm {
        switch self {
        case .orderID, .refundID, .creditedOrderID, .listID, .listPurpose, .complaintID,
            .conversationID, .emailID, .reviewID, .productID, .cartID, .couponID, .referralCode, .costID, .stage,
            .actorID, .requestID, .messageID:
            .id
        case .reasonCode: .code
        case .revenue, .subtotal, .total, .shipping, .tax, .value, .discount, .costOfGoods, .productPrice,
            .refundAmount, .amount, .price:
            .amount
        case .quantity, .productQuantity: .number
        case .currency: .currency
        case .validUntil, .consentValidUntil, .until, .dueAt, .promisedAt, .deliveredAt: .time
        case .rating, .score: .score
        case .scale: .scale
        case .type, .event, .kind, .bounceType, .bounceTypeShort, .productCategory: .word
        case .listedProductID, .source, .campaignSource, .campaignName: .label
        case .locale, .timeZone: .kept
        case .birthday: .birthday
        case .categoryPreferences: .preferences
        case .products, .coupon, .actionKey, .email, .phone, .name, .firstName, .firstNameSnake, .lastName,
            .lastNameSnake,
            .fullName:
            .anything
        }
    }
}
