/// What is taken out of a page's URL before its query goes: the campaign, and a friend's referral code.
struct QueryLift: ~Copyable {
    private static let valueByteCountMax = 200

    /// Decoded values, one behind the other.
    private var text = ReusedBytes(capacity: 1_024)
    private(set) var campaign: [Parameter] = []
    private(set) var referralCode: Range<Int>?
    private let referralParameter: [UInt8]

    /// A member of `campaign`, and where its value stands.
    struct Parameter {
        let name: CampaignName
        let value: Range<Int>
    }

    init(referralParameter: String?) {
        self.referralParameter = Array((referralParameter ?? "").utf8)
        campaign.reserveCapacity(CampaignName.allCases.count)
    }

    func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer { text.bytes(range) }

    mutating func removeAll() {
        text.removeAll()
        campaign.removeAll(keepingCapacity: true)
        referralCode = nil
    }

    /// Reads one URL or query. The first that names a campaign gives all of it; the first of a repeated parameter
    /// counts.
    mutating func read(_ url: UnsafeRawBufferPointer) {
        guard let query = url.firstIndex(where: URLText.isQueryStart) else { return }
        let isCampaignKnown = !campaign.isEmpty
        var start = query + 1
        while start < url.count {
            let rest = url[start...]
            let end = rest.firstIndex { URLText.isQueryStart($0) || $0 == UInt8(ascii: "&") } ?? url.count
            if let equals = url[start..<end].firstIndex(of: UInt8(ascii: "=")) {
                take(url[start..<equals], value: url[(equals + 1)..<end], isCampaignKnown: isCampaignKnown)
            }
            start = end + 1
        }
    }

    private mutating func take(
        _ name: Slice<UnsafeRawBufferPointer>, value: Slice<UnsafeRawBufferPointer>, isCampaignKnown: Bool
    ) {
        if !referralParameter.isEmpty, referralCode == nil, name.elementsEqual(referralParameter) {
            referralCode = decoded(value)
        }
        if !isCampaignKnown, let member = CampaignName(parameter: name), !isTaken(member), let range = decoded(value) {
            campaign.append(Parameter(name: member, value: range))
        }
    }

    private func isTaken(_ name: CampaignName) -> Bool { campaign.contains { $0.name == name } }

    /// Returns where the decoded value stands; nil where nothing is left, or too much, or no UTF-8.
    private mutating func decoded(_ value: Slice<UnsafeRawBufferPointer>) -> Range<Int>? {
        let start = text.count
        var rest = value
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let encoded = Self.byte(rest.prefix(2)) {
                text.append(encoded)
                rest = rest.dropFirst(2)
            } else {
                text.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        let range = start..<text.count
        let isGood =
            range.count <= Self.valueByteCountMax && !text.bytes(range).allSatisfy(\.isASCIIBlank)
            && text.bytes(range).isUTF8
        if !isGood { text.removeLast(range.count) }
        return isGood ? range : nil
    }

    private static func byte(_ digits: Slice<UnsafeRawBufferPointer>) -> UInt8? {
        guard digits.count == 2 else { return nil }
        var value: UInt8 = 0
        for digit in digits {
            let letter = digit.loweredASCII
            guard digit.isASCIIDigit || (0x61...0x66).contains(letter) else { return nil }
            value = value << 4 | (digit.isASCIIDigit ? digit & 0x0F : letter - 0x57)
        }
        return value
    }
}

/// The members of `context.campaign`, by the `utm_` parameters that they come from. Others are not taken: who knows
/// what stands in them.
enum CampaignName: CaseIterable {
    case source, medium, name, term, content, id

    var member: StaticString {
        switch self {
        case .source: "source"
        case .medium: "medium"
        case .name: "name"
        case .term: "term"
        case .content: "content"
        case .id: "id"
        }
    }

    private var parameter: StaticString {
        switch self {
        case .source: "utm_source"
        case .medium: "utm_medium"
        case .name: "utm_campaign"
        case .term: "utm_term"
        case .content: "utm_content"
        case .id: "utm_id"
        }
    }

    init?(parameter: Slice<UnsafeRawBufferPointer>) {
        guard parameter.count <= 12, parameter.first?.loweredASCII == UInt8(ascii: "u") else { return nil }
        for name in Self.allCases {
            let wanted = UnsafeBufferPointer(start: name.parameter.utf8Start, count: name.parameter.utf8CodeUnitCount)
            if parameter.elementsEqual(wanted, by: { $0.loweredASCII == $1 }) {
                self = name
                return
            }
        }
        return nil
    }
}
