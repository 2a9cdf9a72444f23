/// What is known of a subject beside orders, consents and opinions: visits, cart, reach, costs. Packed with a bit for
/// each part, like the rest of the facts.
private struct ActParts: OptionSet {
    let rawValue: UInt16
    static let acquisition = Self(rawValue: 1)
    static let campaign = Self(rawValue: 2)
    static let subscribed = Self(rawValue: 4)
    static let visit = Self(rawValue: 8)
    static let visitBefore = Self(rawValue: 16)
    static let cartTouched = Self(rawValue: 32)
    /// At another time than the last visit.
    static let cartTouchedOtherwise = Self(rawValue: 64)
    static let cart = Self(rawValue: 128)
    static let cartProducts = Self(rawValue: 256)
    static let coupons = Self(rawValue: 512)
    static let contacts = Self(rawValue: 1_024)
    static let referralCode = Self(rawValue: 2_048)
    static let reach = Self(rawValue: 4_096)
    static let costs = Self(rawValue: 8_192)
    static let overrides = Self(rawValue: 16_384)
    static let deletionRequest = Self(rawValue: 32_768)
}

extension Facts {
    private var actParts: ActParts {
        var parts: ActParts = []
        if let acquisition {
            parts.insert(.acquisition)
            if acquisition.value.campaign != nil { parts.insert(.campaign) }
        }
        if firstSubscribed != .never { parts.insert(.subscribed) }
        if visits.latest != .distantPast { parts.insert(.visit) }
        if visits.before != .distantPast { parts.insert(.visitBefore) }
        if cartTouched != .distantPast { parts.insert(.cartTouched) }
        if cartTouched != .distantPast, cartTouched != visits.latest { parts.insert(.cartTouchedOtherwise) }
        if cart != nil { parts.insert(.cart) }
        if !cartProducts.isEmpty { parts.insert(.cartProducts) }
        if !coupons.isEmpty { parts.insert(.coupons) }
        if referralCode != nil { parts.insert(.referralCode) }
        if !reach.isEmpty { parts.insert(.reach) }
        if !contacts.isEmpty { parts.insert(.contacts) }
        if !costs.isEmpty { parts.insert(.costs) }
        if !overrides.isEmpty { parts.insert(.overrides) }
        if deletionRequest != nil { parts.insert(.deletionRequest) }
        return parts
    }

    @inline(never) func packActs(into writer: inout PackedWriter) {
        let parts = actParts
        writer.write(parts.rawValue)
        if let acquisition {
            writer.write(acquisition.stamp)
            writer.write(acquisition.value.source)
            if let campaign = acquisition.value.campaign { writer.write(campaign) }
        }
        if parts.contains(.subscribed) { writer.write(firstSubscribed) }
        if parts.contains(.visit) { writer.write(visits.latest) }
        if parts.contains(.visitBefore) { writer.write(visits.before) }
        if parts.contains(.cartTouchedOtherwise) { writer.write(cartTouched) }
        if let cart { writer.write(cart) }
        if parts.contains(.cartProducts) { writer.write(cartProducts) { ($0.isAdded, $0.amount) } }
        if parts.contains(.coupons) { writer.write(coupons) { $0.write($1) } }
        if let referralCode { writer.write(referralCode) }
        if parts.contains(.reach) { packReach(into: &writer) }
        if parts.contains(.contacts) { packContacts(into: &writer) }
        if parts.contains(.costs) { writer.write(costs) { ($0.isOfAcquisition, $0.amount) } }
        if parts.contains(.overrides) { writer.write(overrides) { $0.write($1) } }
        if let deletionRequest {
            writer.write(deletionRequest.stamp)
            writer.write(deletionRequest.value.id)
            writer.write(deletionRequest.value.due)
        }
    }

    @inline(never) mutating func unpackActs(from reader: inout PackedReader) {
        let parts = ActParts(rawValue: reader.readUInt16())
        hasActs = true
        if parts.contains(.acquisition) {
            let stamp = reader.readStamp()
            let source = reader.readLabel()
            let campaign = parts.contains(.campaign) ? reader.readLabel() : nil
            acquisition = FirstRegister(Acquisition(source: source, campaign: campaign), stamp: stamp)
        }
        if parts.contains(.subscribed) { firstSubscribed = reader.readInstant() }
        if parts.contains(.visit) {
            let latest = reader.readInstant()
            visits = Visits(latest: latest, before: parts.contains(.visitBefore) ? reader.readInstant() : .distantPast)
        }
        if parts.contains(.cartTouched) {
            cartTouched = parts.contains(.cartTouchedOtherwise) ? reader.readInstant() : visits.latest
        }
        if parts.contains(.cart) { cart = reader.readIDRegister() }
        if parts.contains(.cartProducts) {
            reader.readEach(into: &cartProducts) { CartProduct(isAdded: $0, amount: $1) }
        }
        if parts.contains(.coupons) { reader.readEach(into: &coupons) { $0.readCouponChange() } }
        if parts.contains(.referralCode) { referralCode = reader.readIDRegister() }
        if parts.contains(.reach) { unpackReach(from: &reader) }
        if parts.contains(.contacts) { unpackContacts(from: &reader) }
        if parts.contains(.costs) { reader.readEach(into: &costs) { MarketingCost(isOfAcquisition: $0, amount: $1) } }
        if parts.contains(.overrides) { reader.readEach(into: &overrides) { $0.readOverride() } }
        if parts.contains(.deletionRequest) {
            let stamp = reader.readStamp()
            let id = reader.readOptionalID()
            deletionRequest = FirstRegister(
                DeletionRequest(id: id, due: reader.readOptionalInstant()), stamp: stamp)
        }
    }

    /// A byte says for each channel whether there is a click, and whether there is a bounce.
    private func packReach(into writer: inout PackedWriter) {
        var bits: UInt8 = 0
        for channel in 0..<4 {
            if reach.clicked[channel] != .distantPast { bits |= 1 << UInt8(channel) }
            if reach.bounced[channel] != .distantPast { bits |= 16 << UInt8(channel) }
        }
        writer.write(bits)
        for channel in 0..<4 {
            if reach.clicked[channel] != .distantPast { writer.write(reach.clicked[channel]) }
            if reach.bounced[channel] != .distantPast { writer.write(reach.bounced[channel]) }
        }
    }

    private func packContacts(into writer: inout PackedWriter) {
        writer.writeVarint(UInt64(contacts.count))
        for contact in contacts {
            writer.write(contact.channel.rawValue)
            writer.write(contact.message)
            writer.write(contact.at)
        }
    }

    private mutating func unpackContacts(from reader: inout PackedReader) {
        for _ in 0..<reader.readCount() {
            guard let channel = Channel(rawValue: reader.readByte()) else {
                preconditionFailure("A packed channel is one.")
            }
            let message = reader.readID()
            contacts.append(ReportedContact(channel: channel, message: message, at: reader.readInstant()))
        }
    }

    private mutating func unpackReach(from reader: inout PackedReader) {
        let bits = reader.readByte()
        for channel in 0..<4 {
            if bits & 1 << UInt8(channel) != 0 { reach.clicked[channel] = reader.readInstant() }
            if bits & 16 << UInt8(channel) != 0 { reach.bounced[channel] = reader.readInstant() }
        }
    }
}

extension PackedWriter {
    fileprivate mutating func write(_ label: Label) {
        write(label.hash)
        write(label.text)
    }

    fileprivate mutating func write(_ id: BusinessID?) { if let id { write(id) } else { write(UInt8(0)) } }

    fileprivate mutating func write(_ instant: Instant?) {
        write(UInt8(instant == nil ? 0 : 1))
        if let instant { write(instant) }
    }

    /// Last words on things.
    fileprivate mutating func write<Value>(_ said: [Register<Value>], _ content: (inout Self, Value) -> Void) {
        writeVarint(UInt64(said.count))
        for word in said {
            write(word.stamp)
            content(&self, word.value)
        }
    }

    fileprivate mutating func write(_ change: CouponChange) {
        write(change.coupon)
        guard let coupon = change.coupon else { return }
        write(UInt8(change == .applied(coupon) ? 1 : 0))
    }

    fileprivate mutating func write(_ override: StageOverride?) {
        write(override?.stage)
        guard let override else { return }
        write(override.until)
        write(override.actor)
        write(override.reason)
    }

    /// Things of which a mark and an amount are known.
    fileprivate mutating func write<Content>(
        _ entries: [Keyed<Content>], _ content: (Content) -> (isMarked: Bool, amount: Money?)
    ) {
        writeVarint(UInt64(entries.count))
        for entry in entries {
            write(entry.id)
            write(entry.content.stamp)
            let (isMarked, amount) = content(entry.content.value)
            write((isMarked ? 1 : 0) | (amount == nil ? UInt8(0) : 2))
            guard let amount else { continue }
            write(amount.currency.code)
            writeSigned(amount.minorUnits)
        }
    }
}

extension PackedReader {
    fileprivate mutating func readLabel() -> Label {
        let hash = readUInt64()
        return Label(text: readID(), hash: hash)
    }

    fileprivate mutating func readOptionalInstant() -> Instant? { readByte() == 1 ? readInstant() : nil }

    fileprivate mutating func readEach<Value>(
        into said: inout [Register<Value>], _ content: (inout Self) -> Value
    ) {
        for _ in 0..<readCount() {
            let stamp = readStamp()
            said.append(Register(content(&self), stamp: stamp))
        }
    }

    fileprivate mutating func readCouponChange() -> CouponChange {
        guard let coupon = readOptionalID() else { return .removed(nil) }
        return readByte() == 1 ? .applied(coupon) : .removed(coupon)
    }

    fileprivate mutating func readOverride() -> StageOverride? {
        guard let stage = readOptionalID() else { return nil }
        let until = readOptionalInstant()
        let actor = readOptionalID()
        return StageOverride(stage: stage, until: until, actor: actor, reason: readOptionalID())
    }

    fileprivate mutating func readEach<Content>(
        into entries: inout [Keyed<Content>], _ content: (_ isMarked: Bool, _ amount: Money?) -> Content
    ) {
        for _ in 0..<readCount() {
            let id = readID()
            let stamp = readStamp()
            let bits = readByte()
            let value = content(bits & 1 != 0, bits & 2 != 0 ? readMoney() : nil)
            entries.append(Keyed(id: id, content: Register(value, stamp: stamp)))
        }
    }
}
