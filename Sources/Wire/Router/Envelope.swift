/// Where an event's own fields stand: indexes of values among the tokens, nil where there is none or it is `null`.
struct Envelope {
    var type: Int?
    var event: Int?
    var messageID: Int?
    var userID: Int?
    var anonymousID: Int?
    var previousID: Int?
    var timestamp: Int?
    var originalTimestamp: Int?
    var sentAt: Int?
    var receivedAt: Int?
    var context: Int?
    var properties: Int?

    init() {}

    /// Names are taken verbatim, as the Segment specification writes them.
    init(_ json: JSONTokens) {
        for key in json.keys(of: 0) where json[key + 1].shape != .null { take(key + 1, named: json.raw(key)) }
    }

    private mutating func take(_ value: Int, named name: UnsafeRawBufferPointer) {
        switch name.count {
        case 4 where name.isEqual("type"): type = value
        case 5 where name.isEqual("event"): event = value
        case 6 where name.isEqual("userId"): userID = value
        case 6 where name.isEqual("sentAt"): sentAt = value
        case 7 where name.isEqual("context"): context = value
        case 9 where name.isEqual("messageId"): messageID = value
        case 9 where name.isEqual("timestamp"): timestamp = value
        case 10 where name.isEqual("properties"): properties = value
        case 10 where name.isEqual("previousId"): previousID = value
        case 10 where name.isEqual("receivedAt"): receivedAt = value
        case 11 where name.isEqual("anonymousId"): anonymousID = value
        case 17 where name.isEqual("originalTimestamp"): originalTimestamp = value
        default: break
        }
    }
}

/// The calls of the Segment specification.
enum RouterCall: CaseIterable {
    case track, identify, page, screen, group, alias

    var name: StaticString {
        switch self {
        case .track: "track"
        case .identify: "identify"
        case .page: "page"
        case .screen: "screen"
        case .group: "group"
        case .alias: "alias"
        }
    }

    init?(_ text: UnsafeRawBufferPointer) {
        let trimmed = IDText.trimming(text)
        for type in Self.allCases where trimmed.isEqual(type.name, ignoringCase: true) {
            self = type
            return
        }
        return nil
    }
}

extension UnsafeRawBufferPointer {
    func isEqual(_ other: Self) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }

    func isEqual(_ text: StaticString, ignoringCase: Bool = false) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        let expected = text.utf8Start
        for index in indices where self[index] != expected[index] {
            guard ignoringCase, self[index].loweredASCII == expected[index].loweredASCII else { return false }
        }
        return true
    }
}
