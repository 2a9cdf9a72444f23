/// A code for a reason, as a shop's own system has them: letters, digits and a few signs, no words.
private enum ReasonCode {
    private static let byteCountMax = 64

    static func `is`(_ text: UnsafeRawBufferPointer) -> Bool {
        let code = IDText.trimmingBlanks(text)
        return (1...byteCountMax).contains(code.count)
            && code.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
                    UInt8(ascii: ":"), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
    }
}

/// `properties`, and what the Router adds to them from the shop's settings.
extension Redactor {
    private struct Additions {
        var currency = false
        var scale = false
        var listPurpose: String?
        var referralCode = false

        /// An empty member makes room for the one that is added.
        func replaces(_ rule: KeyRule) -> Bool {
            switch rule {
            case .currency: currency
            case .scale: scale
            case .listPurpose: listPurpose != nil
            case .referralCode: referralCode
            default: false
            }
        }
    }

    mutating func writeProperties(_ plan: Plan, key: Int) {
        let additions = additions(to: key + 1, in: plan)
        writer.key(key, of: plan.json)
        writer.beginObject()
        for member in plan.json.keys(of: key + 1) where !additions.replaces(plan.json.rule(of: member)) {
            switch plan.event {
            case .override, .ofOperator: writeOperatorMember(member, in: plan)
            case .signup: writeMember(member, in: plan, namesArePersonal: true)
            case .review, .refund, nil: writeMember(member, in: plan, namesArePersonal: false)
            }
        }
        write(additions)
        writer.endObject()
    }

    /// What is said of an override in free text goes, and with it all that is not read.
    private mutating func writeOperatorMember(_ member: Int, in plan: Plan) {
        switch plan.json.rule(of: member) {
        case .reasonCode: writeReason(member, in: plan)
        case .actorID: writeActor(member, in: plan)
        case .stage, .until: writeMember(member, in: plan, namesArePersonal: false)
        default: if plan.event == .ofOperator { writeMember(member, in: plan, namesArePersonal: false) }
        }
    }

    /// A reason that is no code is free text.
    private mutating func writeReason(_ member: Int, in plan: Plan) {
        guard plan.json.isFilled(member + 1) else { return }
        let isCode =
            switch plan.json[member + 1].shape {
            case .string: ReasonCode.is(text(member + 1, of: plan.json))
            case .number: true
            case .object, .array, .key, .yes, .no, .null: false
            }
        guard isCode else { return note(.reasonCode) }
        writeMember(member, in: plan, namesArePersonal: false)
    }

    /// Who did it is a person too: under a key all of the id becomes a hash. Without one a mail address goes, since a
    /// hash without a key can be undone by trying addresses.
    private mutating func writeActor(_ member: Int, in plan: Plan) {
        guard plan.json[member + 1].shape == .string else {
            return writeMember(member, in: plan, namesArePersonal: false)
        }
        guard keyedHash != nil else {
            if MailAddress.stands(in: text(member + 1, of: plan.json)) { return note(.actorID) }
            return writeMember(member, in: plan, namesArePersonal: false)
        }
        // A hash stays: what was written once is written the same again.
        if KeyedHash.isHash(plan.json.raw(member + 1)) {
            return writeMember(member, in: plan, namesArePersonal: false)
        }
        writer.key(member, of: plan.json)
        writeHashed(text(member + 1, of: plan.json))
    }

    private mutating func write(_ additions: Additions) {
        if additions.currency {
            set(.currencyFilledIn)
            writer.key("currency")
            currency.withUnsafeBytes { writer.text($0) }
        }
        if additions.scale {
            set(.scaleFilledIn)
            writer.key("scale")
            writer.integer(settings.ratingMaximum)
        }
        if var purpose = additions.listPurpose {
            writer.key("list_purpose")
            purpose.withUTF8 { writer.text(UnsafeRawBufferPointer($0)) }
        }
        if additions.referralCode { writeReferralCode() }
    }

    mutating func writeReferralCode() {
        guard let code = lift.referralCode else { return }
        writer.key("referral_code")
        writeDecoded(lift.bytes(code), isIdentifier: true)
    }

    private mutating func additions(to properties: Int, in plan: Plan) -> Additions {
        let json = plan.json
        var additions = Additions()
        additions.referralCode = lift.referralCode != nil && !isFilled(.referralCode, in: properties, of: json)
        guard plan.type == .track else { return additions }
        // One that we do not know is not replaced by ours: its amounts are worth nothing to us, not something else.
        // A refund that names none is in its order's.
        additions.currency =
            plan.event != .refund && !isFilled(.currency, in: properties, of: json)
            && bearsMoney(properties, of: json)
        additions.scale =
            plan.event == .review && !isFilled(.scale, in: properties, of: json)
            && isBareRating(json.value(of: .rating, in: properties), of: json)
        if !settings.listPurposes.isEmpty, !isFilled(.listPurpose, in: properties, of: json),
            let list = json.value(of: .listID, in: properties),
            json[list].shape == .string || json[list].shape == .number
        {
            additions.listPurpose = settings.listPurposes[String(decoding: text(list, of: json), as: UTF8.self)]
        }
        return additions
    }

    private func isFilled(_ rule: KeyRule, in properties: Int, of json: JSONTokens) -> Bool {
        json.keys(of: properties).contains { json.rule(of: $0) == rule && json.isFilled($0 + 1) }
    }

    private func bearsMoney(_ object: Int, of json: JSONTokens) -> Bool {
        json.keys(of: object).contains { key in
            switch json.rule(of: key) {
            case .amount: isAmount(key + 1, of: json)
            case .products:
                json[key + 1].shape == .array
                    && json.elements(of: key + 1).contains { json[$0].shape == .object && bearsMoney($0, of: json) }
            default: false
            }
        }
    }

    private func isAmount(_ value: Int, of json: JSONTokens) -> Bool {
        switch json[value].shape {
        case .number: true
        case .string: json.raw(value).contains(where: \.isASCIIDigit)
        case .object, .array, .key, .yes, .no, .null: false
        }
    }

    /// `4.5/5` says its own scale.
    private func isBareRating(_ value: Int?, of json: JSONTokens) -> Bool {
        guard let value else { return false }
        switch json[value].shape {
        case .number: return true
        case .string: return json.isFilled(value) && !json.raw(value).contains(UInt8(ascii: "/"))
        case .object, .array, .key, .yes, .no, .null: return false
        }
    }
}
