internal import CSimdJSON
internal import CustomerLifecycle

/// Writes the body of a log record: the event as it came, without what names or finds a person.
struct Redactor: ~Copyable {
    /// What the Router found out about an event before its body is written.
    struct Plan {
        let json: JSONTokens
        let envelope: Envelope
        /// The call; nil where it is not known: such a record is rejected.
        let type: RouterCall?
        let event: KnownEvent?
        /// What the shop says that the event is called; nil where its name stays.
        let newName: String?
        /// Written in place of a message id that is missing or too long.
        let newMessageID: UnsafeRawBufferPointer?
    }

    var writer = BodyWriter()
    private(set) var unescaper = Unescaper()
    private var stripped = ReusedBytes(capacity: 1_024)
    var lift: QueryLift
    let names = KeyNames()
    let settings: RouterSettings
    let currency: [UInt8]
    let keyedHash: KeyedHash?
    private var hashed = ReusedBytes(capacity: 64)
    private var zones = ZoneLookup()
    private(set) var flags: LogFlags = []
    private(set) var unreadable: RoutedRecord.Unreadable = []

    init(settings: RouterSettings) {
        self.settings = settings
        currency = Array(settings.currency.letters.utf8)
        keyedHash = settings.hashKey.map { KeyedHash(key: $0) }
        lift = QueryLift(referralParameter: settings.referralParameter)
    }

    mutating func write(_ plan: Plan) {
        writer.removeAll()
        flags = []
        unreadable = []
        readQueries(plan)
        writeTop(plan)
    }

    mutating func set(_ flag: LogFlags) { flags.insert(flag) }

    mutating func note(_ field: RoutedRecord.Unreadable) { unreadable.insert(field) }

    mutating func text(_ index: Int, of json: JSONTokens) -> UnsafeRawBufferPointer {
        unescaper.text(json[index], in: json)
    }

    // MARK: Any object

    mutating func writeObject(_ object: Int, in plan: Plan, namesArePersonal: Bool) {
        writer.beginObject()
        for key in plan.json.keys(of: object) { writeMember(key, in: plan, namesArePersonal: namesArePersonal) }
        writer.endObject()
    }

    mutating func writeMember(_ key: Int, in plan: Plan, namesArePersonal: Bool) {
        let json = plan.json
        if json[key].has(walk_has_at), MailAddress.stands(in: json.raw(key)) { return }
        let rule = json.rule(of: key)
        switch rule {
        case .dropped: break
        case .personal: writePresence(key, of: json)
        case .name where namesArePersonal: writePresence(key, of: json)
        case .birthday: writeBirthday(key, in: plan)
        case .traits: writeMember(key, in: plan, rule: rule, namesArePersonal: true)
        default: writeMember(key, in: plan, rule: rule, namesArePersonal: namesArePersonal)
        }
    }

    private mutating func writeMember(_ key: Int, in plan: Plan, rule: KeyRule, namesArePersonal: Bool) {
        writer.key(key, of: plan.json)
        writeValue(key + 1, in: plan, rule: rule, namesArePersonal: namesArePersonal)
    }

    private mutating func writeValue(_ value: Int, in plan: Plan, rule: KeyRule, namesArePersonal: Bool) {
        switch plan.json[value].shape {
        case .object: writeObject(value, in: plan, namesArePersonal: namesArePersonal)
        case .array:
            writer.beginArray()
            for element in plan.json.elements(of: value) {
                writeValue(element, in: plan, rule: rule, namesArePersonal: namesArePersonal)
            }
            writer.endArray()
        case .string: writeString(value, of: plan.json, rule: rule)
        case .key, .number, .yes, .no, .null: writer.verbatim(value, of: plan.json)
        }
    }

    private mutating func writePresence(_ key: Int, of json: JSONTokens) {
        guard json.isFilled(key + 1) else { return }
        writer.key(key, of: json)
        writer.literal("true")
    }

    // MARK: Texts

    private mutating func writeString(_ value: Int, of json: JSONTokens, rule: KeyRule) {
        let token = json[value]
        let suspicious = walk_has_at.rawValue | walk_has_query.rawValue | walk_has_unpaired.rawValue
        guard UInt32(token.marks) & suspicious != 0 else { return writer.verbatim(value, of: json) }
        let text = unescaper.text(token, in: json)
        let isChanged = token.has(walk_has_unpaired)
        if rule.isIdentifier {
            writeIdentifier(text, isSuspicious: token.has(walk_has_at), isChanged: isChanged, at: value, of: json)
        } else if token.has(walk_has_query) {
            stripped.removeAll()
            URLText.strip(text, isLocation: rule.isLocation, into: &stripped)
            writeText(
                stripped.bytes, isSuspicious: token.has(walk_has_at),
                isChanged: isChanged || stripped.count < text.count,
                at: value, of: json)
        } else {
            writeText(text, isSuspicious: token.has(walk_has_at), isChanged: isChanged, at: value, of: json)
        }
    }

    private mutating func writeText(
        _ text: UnsafeRawBufferPointer, isSuspicious: Bool, isChanged: Bool, at value: Int, of json: JSONTokens
    ) {
        if isSuspicious, MailAddress.stands(in: text) {
            writer.literal("true")
        } else if isChanged {
            writer.text(text)
        } else {
            writer.verbatim(value, of: json)
        }
    }

    private mutating func writeIdentifier(
        _ text: UnsafeRawBufferPointer, isSuspicious: Bool, isChanged: Bool, at value: Int, of json: JSONTokens
    ) {
        if isSuspicious, keyedHash != nil, MailAddress.stands(in: text) {
            writeHashed(text)
        } else if isChanged {
            writer.text(text)
        } else {
            writer.verbatim(value, of: json)
        }
    }

    /// Writes a decoded text that did not stand in the event as such.
    mutating func writeDecoded(_ text: UnsafeRawBufferPointer, isIdentifier: Bool) {
        guard MailAddress.stands(in: text) else { return writer.text(text) }
        guard isIdentifier else { return writer.literal("true") }
        writeHashed(text)
    }

    /// Writes the keyed hash of an id; the id itself where there is no key.
    mutating func writeHashed(_ id: UnsafeRawBufferPointer) {
        guard let keyedHash else { return writer.text(id) }
        hashed.removeAll()
        keyedHash.append(IDText.trimming(id), to: &hashed)
        writer.text(hashed.bytes)
    }

    // MARK: Birthdays

    private mutating func writeBirthday(_ key: Int, in plan: Plan) {
        guard plan.json.isFilled(key + 1) else { return }
        guard let birthday = birthday(key + 1, in: plan) else {
            unreadable.insert(.birthday)
            return
        }
        writer.key(key, of: plan.json)
        var text: (UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8) = (0x2D, 0x2D, 0, 0, 0x2D, 0, 0)
        text.2 = 0x30 + birthday.month / 10
        text.3 = 0x30 + birthday.month % 10
        text.5 = 0x30 + birthday.day / 10
        text.6 = 0x30 + birthday.day % 10
        withUnsafeBytes(of: text) { writer.text($0) }
    }

    private mutating func birthday(_ value: Int, in plan: Plan) -> Birthday? {
        let json = plan.json
        switch json[value].shape {
        case .string:
            switch BirthdayText.read(text(value, of: json)) {
            case .day(let birthday): return birthday
            case .instant(let instant): return midnight(instant, in: plan)
            case nil: return nil
            }
        case .object:
            guard let month = number(json.value(named: "month", in: value), of: json),
                let day = number(json.value(named: "day", in: value), of: json)
            else { return nil }
            return Birthday(month: month, day: day)
        case .array, .key, .number, .yes, .no, .null: return nil
        }
    }

    private mutating func midnight(_ instant: Int64, in plan: Plan) -> Birthday? {
        if let value = plan.json.value(of: .timezone, in: plan.envelope.context), plan.json[value].shape == .string,
            let zone = zones.zone(named: plan.json.raw(value), from: settings),
            let birthday = BirthdayText.midnight(instant, in: zone)
        {
            return birthday
        }
        return BirthdayText.midnight(instant, in: settings.zone)
    }

    /// One or two digits, as a number or a text.
    private func number(_ value: Int?, of json: JSONTokens) -> Int? {
        guard let value, json[value].shape == .number || json[value].shape == .string else { return nil }
        var cursor = TextCursor(trimming: json.raw(value))
        guard let number = cursor.integer(), cursor.isAtEnd else { return nil }
        return Int(number)
    }
}
