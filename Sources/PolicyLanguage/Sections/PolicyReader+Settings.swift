import CommandLine
import CustomerLifecycle

/// The sections that hold single values: name, currency, zones, assumptions, and what is built of contact and referral.
extension PolicyReader {
    static let nameLengthMax = 100
    static let purposeCountMax = 64
    static let zoneCountMax = 64

    mutating func readName(_ node: YAMLNode) {
        guard let name = text(node, "a name for the policy") else { return }
        guard name.unicodeScalars.count <= Self.nameLengthMax else {
            error(node, "a policy's name has at most \(Self.nameLengthMax) characters")
            return
        }
        draft.name = PolicyDraft.Name(text: name, place: draft.name.place)
    }

    mutating func readCurrency(_ node: YAMLNode) {
        defer { if draft.currency == nil { draft.misread.insert(.currency) } }
        guard let code = text(node, "a currency, for example EUR") else { return }
        guard let currency = Currency(code.utf8), currency.letters == code else {
            error(node, "expected a currency as three capital letters, for example EUR")
            return
        }
        draft.currency = currency
        scope.currency = code
        scope.minorDigits = currency.minorDigits
    }

    mutating func readZone(_ node: YAMLNode) {
        guard let name = text(node, "a time zone, for example Europe/Paris") else {
            draft.misread.insert(.timeZone)
            return
        }
        draft.zones.insert(PolicyDraft.Name(text: name, place: place(node)), at: 0)
        draft.hasOwnZone = true
    }

    /// That the policy's own zone is among them says nothing new.
    mutating func readOtherZones(_ nodes: [YAMLNode]) {
        var names: Set<String> = []
        for node in nodes {
            guard let name = text(node, "a time zone, for example Europe/Paris") else { continue }
            guard draft.zones.count < Self.zoneCountMax else {
                error(node, "more than \(Self.zoneCountMax) time zones")
                return
            }
            guard names.insert(name).inserted else {
                error(node, "time zone \"\(Suggestion.excerpt(name))\" is already given")
                continue
            }
            guard !draft.zones.contains(where: { $0.text == name }) else { continue }
            draft.zones.append(PolicyDraft.Name(text: name, place: place(node)))
        }
    }

    mutating func readAssumptions(_ node: YAMLNode) {
        let allowed = ["gap between orders", "margin", "delivery promise"]
        for entry in entries(node, of: "assumptions", allowed: allowed) {
            switch entry.key.text {
            case "margin":
                draft.assumedMarginPercent = percentage(entry.value)
                if draft.assumedMarginPercent == nil { draft.misread.insert(.margin) }
            case "gap between orders":
                draft.assumedGap = duration(entry.value)
                if draft.assumedGap == nil { draft.misread.insert(.gapBetweenOrders) }
            default:
                draft.deliveryPromise = duration(entry.value)
                if draft.deliveryPromise == nil { draft.misread.insert(.deliveryPromise) }
            }
        }
    }

    mutating func percentage(_ node: YAMLNode) -> Int64? {
        let text = node.scalar?.text ?? ""
        var digits = text.prefix { $0.isASCII && $0.isNumber }
        let rest = text[digits.endIndex...]
        while digits.count > 1, digits.first == "0" { digits.removeFirst() }
        guard rest == "%" || rest == " %", let percent = Int64(digits), percent <= 100 else {
            error(node, "expected a percentage, for example 40 %")
            return nil
        }
        return percent
    }

    /// `contact: purposes`: what `consent to` may ask for, and whether there is a `cost`. The rest of the section is
    /// read with the actions.
    mutating func readPurposes(_ node: YAMLNode) {
        draft.hasContactCost = value(of: "cost", in: node) != nil
        guard let given = value(of: "purposes", in: node) else { return }
        var purposes: [String] = []
        for item in items(given, "purposes") {
            guard let name = text(item, "a purpose, for example marketing") else { continue }
            guard BusinessID(name) != nil else {
                error(item, "a purpose has at most \(BusinessID.byteCountMax) bytes")
                continue
            }
            if purposes.contains(name) { error(item, "purpose \"\(name)\" is already given") }
            purposes.append(name)
        }
        guard purposes.count <= Self.purposeCountMax else {
            error(given, "more than \(Self.purposeCountMax) purposes")
            return
        }
        draft.purposes = purposes
        scope.purposes = purposes
    }

    /// `referral: hold`. The rest of the section is not built and not looked at.
    mutating func readReferral(_ node: YAMLNode) {
        if let hold = value(of: "hold", in: node) {
            draft.referralHold = duration(hold)
            if draft.referralHold == nil { draft.misread.insert(.referralHold) }
        }
    }

    /// The names alone, so that a stage which asks for a segment is told why it may not.
    mutating func readSegmentNames(_ node: YAMLNode) {
        guard case .map(let entries) = node.content else { return }
        // One that takes a word of the language is refused where it stands; here the word keeps its meaning.
        scope.segments = Set(entries.map(\.key.text)).subtracting(FactWord.byPhrase.keys)
    }

    private func value(of key: String, in node: YAMLNode) -> YAMLNode? {
        guard case .map(let entries) = node.content else { return nil }
        return entries.first { $0.key.text == key }?.value
    }
}
