internal import CSimdJSON

/// The top level of an event, and its `context`.
extension Redactor {
    /// Takes the campaign and the referral code out of the page's URL, before its query goes.
    mutating func readQueries(_ plan: Plan) {
        lift.removeAll()
        let json = plan.json
        let page = json.value(of: .page, in: plan.envelope.context)
        readQuery(json.value(of: .url, in: page), of: json)
        readQuery(json.value(named: "search", in: page), of: json)
        guard plan.type == .page || plan.type == .screen else { return }
        readQuery(json.value(of: .url, in: plan.envelope.properties), of: json)
        readQuery(json.value(named: "search", in: plan.envelope.properties), of: json)
    }

    private mutating func readQuery(_ value: Int?, of json: JSONTokens) {
        guard let value, json[value].shape == .string, json[value].has(walk_has_query) else { return }
        lift.read(text(value, of: json))
    }

    /// Members that are `null` are absent. What the Router adds comes last.
    mutating func writeTop(_ plan: Plan) {
        let json = plan.json
        var hasContext = false
        writer.beginObject()
        for key in json.keys(of: 0) where json[key + 1].shape != .null && json.rule(of: key) != .plumbing {
            let value = key + 1
            switch value {
            case plan.envelope.type where plan.type != nil: writeType(plan)
            case plan.envelope.event where plan.newName != nil: writeName(plan)
            case plan.envelope.messageID where plan.newMessageID != nil: break
            case plan.envelope.context:
                guard json[value].shape == .object else { break }
                writeContext(plan, key: key)
                hasContext = true
            case plan.envelope.properties where json[value].shape == .object: writeProperties(plan, key: key)
            default: writeMember(key, in: plan, namesArePersonal: false)
            }
        }
        if plan.envelope.type == nil { writeType(plan) }
        if let id = plan.newMessageID {
            writer.key("messageId")
            writer.text(id)
        }
        if !hasContext, !lift.campaign.isEmpty {
            writer.key("context")
            writer.beginObject()
            writeLiftedCampaign()
            writer.endObject()
        }
        if plan.envelope.properties == nil, lift.referralCode != nil {
            writer.key("properties")
            writer.beginObject()
            writeReferralCode()
            writer.endObject()
        }
        writer.endObject()
    }

    private mutating func writeName(_ plan: Plan) {
        guard var name = plan.newName else { return }
        writer.key("event")
        name.withUTF8 { writer.text(UnsafeRawBufferPointer($0)) }
    }

    private mutating func writeType(_ plan: Plan) {
        guard let type = plan.type else { return }
        writer.key("type")
        writer.text(type.name)
    }

    // MARK: context

    private mutating func writeContext(_ plan: Plan, key: Int) {
        let json = plan.json
        let isCampaignMissing = !(json.value(of: .campaign, in: key + 1).map { json.isFilled($0) } ?? false)
        let liftsCampaign = isCampaignMissing && !lift.campaign.isEmpty
        let start = writer.count
        writer.key(key, of: json)
        writer.beginObject()
        for member in json.keys(of: key + 1) {
            switch json.rule(of: member) {
            case .campaign where liftsCampaign: break
            case .campaign, .locale, .timezone, .sessionID: writeMember(member, in: plan, namesArePersonal: false)
            case .consent: writeConsent(member, in: plan)
            case .page: writePage(member, in: plan)
            case .externalIDs: writeExternalIDs(member, in: plan)
            default: break
            }
        }
        if liftsCampaign { writeLiftedCampaign() }
        if writer.isAtBegin { writer.takeBack(to: start) } else { writer.endObject() }
    }

    private mutating func writeLiftedCampaign() {
        writer.key("campaign")
        writer.beginObject()
        for index in lift.campaign.indices {
            let parameter = lift.campaign[index]
            writer.key(parameter.name.member)
            writeDecoded(lift.bytes(parameter.value), isIdentifier: parameter.name == .id)
        }
        writer.endObject()
    }

    private mutating func writePage(_ key: Int, in plan: Plan) {
        let json = plan.json
        guard json[key + 1].shape == .object else { return }
        writer.key(key, of: json)
        writer.beginObject()
        for member in json.keys(of: key + 1) {
            switch json.rule(of: member) {
            case .url, .path, .referrer: writeMember(member, in: plan, namesArePersonal: false)
            default: break
            }
        }
        writer.endObject()
    }

    /// An address is no id to keep; that one of its type was there, and where it came from, stays.
    private mutating func writeExternalIDs(_ key: Int, in plan: Plan) {
        let json = plan.json
        guard json[key + 1].shape == .array else { return }
        writer.key(key, of: json)
        writer.beginArray()
        for element in json.elements(of: key + 1) where json[element].shape == .object {
            let isAddress = isPersonalType(json.value(of: .type, in: element), of: json)
            writer.beginObject()
            for member in json.keys(of: element) where !(isAddress && json.rule(of: member) == .id) {
                writeMember(member, in: plan, namesArePersonal: true)
            }
            writer.endObject()
        }
        writer.endArray()
    }

    private mutating func isPersonalType(_ value: Int?, of json: JSONTokens) -> Bool {
        guard let value, json[value].shape == .string else { return false }
        return names.rule(of: TextCursor(trimming: text(value, of: json)).remaining) == .personal
    }

    // MARK: consent

    private mutating func writeConsent(_ key: Int, in plan: Plan) {
        let json = plan.json
        guard json[key + 1].shape == .object else { return writeMember(key, in: plan, namesArePersonal: false) }
        writer.key(key, of: json)
        writer.beginObject()
        for member in json.keys(of: key + 1) {
            if json.rule(of: member) == .categoryPreferences, json[member + 1].shape == .object {
                writer.key(member, of: json)
                writeCategories(member + 1, in: plan)
            } else {
                writeMember(member, in: plan, namesArePersonal: false)
            }
        }
        writer.endObject()
    }

    /// A banner's own names become what the shop says they stand for; a name that stands there already is not written
    /// twice.
    private mutating func writeCategories(_ object: Int, in plan: Plan) {
        let json = plan.json
        var written: [String] = []
        writer.beginObject()
        for key in json.keys(of: object) {
            guard !settings.consentCategories.isEmpty,
                let purpose = settings.consentCategories[String(decoding: json.raw(key), as: UTF8.self)]
            else {
                writeMember(key, in: plan, namesArePersonal: false)
                continue
            }
            let standsThere = json.keys(of: object).contains { json.raw($0).elementsEqual(purpose.utf8) }
            guard !standsThere, !written.contains(purpose), json[key + 1].shape != .object else { continue }
            written.append(purpose)
            var name = purpose
            name.withUTF8 { writer.key(UnsafeRawBufferPointer($0)) }
            writer.verbatim(key + 1, of: json)
        }
        writer.endObject()
    }
}
