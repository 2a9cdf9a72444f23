import CSimdJSON
import CustomerLifecycle

/// What subscriptions, withdrawals and consent updates say.
extension EventDecoder {
    mutating func subscription(_ channel: Channel, _ consents: inout [ConsentChange]) -> StorefrontEvent.Kind {
        let (purpose, isMarketing) = listPurpose()
        let validUntil: Instant?
        do throws(EventError) { validUntil = try self.validUntil() } catch {
            refusal = error
            return .subscribed
        }
        consents.append(
            ConsentChange(
                channel: channel, purpose: purpose, isMarketing: isMarketing,
                act: .granted(validUntil: validUntil)))
        return .subscribed
    }

    /// Without a list, or of `marketing` itself, it withdraws the whole channel.
    mutating func unsubscription(_ channel: Channel, _ consents: inout [ConsentChange]) -> StorefrontEvent.Kind {
        let (purpose, isMarketing) = listPurpose()
        let act: ConsentChange.Act = purpose == Self.marketing ? .withdrawnFromChannel : .withdrawn
        consents.append(ConsentChange(channel: channel, purpose: purpose, isMarketing: isMarketing, act: act))
        return .consented
    }

    /// A list is marketing of its channel, unless the Router wrote beside it what the shop calls it.
    private mutating func listPurpose() -> (purpose: BusinessID, isMarketing: Bool) {
        guard let list = reader.optionalID(.listID) else { return (Self.marketing, true) }
        guard let named = reader.optionalID(.listPurpose), named != Self.marketing else { return (list, true) }
        return (named, false)
    }

    /// Each `<channel>_<purpose>` of the preferences; other keys are a cookie banner's and say nothing about mail.
    ///
    /// Where the end of what it grants cannot be read, the event is refused, since consent must not outlive it; but one
    /// that withdraws something too is taken for its withdrawals alone.
    mutating func consentUpdate(_ consents: inout [ConsentChange]) -> StorefrontEvent.Kind {
        switch reader.kind(of: .categoryPreferences) {
        case .absent, .null: return .consented
        case .object: break
        case .no, .yes, .number, .text, .array:
            reader.note(.categoryPreferences)
            return .consented
        }
        var validUntil: Instant?
        var unreadable: EventError?
        do throws(EventError) { validUntil = try self.validUntil() } catch { unreadable = error }
        var members = FlatObject(reader.raw(.categoryPreferences))
        while let member = members.next() {
            guard let key = member.isKeyEscaped ? reader.resolved(member.key) : member.key,
                let (channel, purpose) = Self.preference(key)
            else { continue }
            guard let isGranted = flag(member) else {
                reader.note(.categoryPreferences)
                continue
            }
            let isMarketing = purpose == Self.marketing
            let act: ConsentChange.Act =
                isGranted ? .granted(validUntil: validUntil) : isMarketing ? .withdrawnFromChannel : .withdrawn
            Self.insert(
                ConsentChange(channel: channel, purpose: purpose, isMarketing: isMarketing, act: act), into: &consents)
        }
        guard let unreadable, consents.contains(where: \.act.isGrant) else { return .consented }
        consents.removeAll(where: \.act.isGrant)
        if consents.isEmpty { refusal = unreadable }
        reader.note(reader.isFilled(.validUntil) ? .validUntil : .consentValidUntil)
        return .consented
    }

    fileprivate static var marketing: BusinessID {
        guard let id = BusinessID("marketing") else { preconditionFailure("A short constant fits an id.") }
        return id
    }

    private static func preference(_ key: UnsafeRawBufferPointer) -> (Channel, BusinessID)? {
        guard let line = key.firstIndex(of: UInt8(ascii: "_")),
            let purpose = BusinessID(
                UnsafeRawBufferPointer(rebasing: key[(line + 1)...]))
        else { return nil }
        let word = UnsafeRawBufferPointer(rebasing: key[..<line])
        if word.equals("email") { return (.email, purpose) }
        if word.equals("sms") { return (.sms, purpose) }
        if word.equals("push") { return (.push, purpose) }
        return word.equals("post") ? (.post, purpose) : nil
    }

    private mutating func flag(_ member: FlatObject.Member) -> Bool? {
        switch member.value.first {
        case UInt8(ascii: "t"): return true
        case UInt8(ascii: "f"): return false
        case UInt8(ascii: "\""):
            let text = UnsafeRawBufferPointer(rebasing: member.value.dropFirst().dropLast())
            if text.equals("true") { return true }
            return text.equals("false") ? false : nil
        default: return nil
        }
    }

    /// Ascending by (channel, purpose), so that the order of the keys does not matter; the later of two equal ones
    /// counts, and beyond the maximum the greatest go.
    private static func insert(_ change: ConsentChange, into consents: inout [ConsentChange]) {
        func precedes(_ other: ConsentChange) -> Bool {
            (other.channel.rawValue, other.purpose) < (change.channel.rawValue, change.purpose)
        }
        let place = consents.firstIndex { !precedes($0) } ?? consents.count
        if place < consents.count, consents[place].channel == change.channel,
            consents[place].purpose == change.purpose
        {
            consents[place] = change
            return
        }
        consents.insert(change, at: place)
        if consents.count > StorefrontEvent.consentCountMax { consents.removeLast() }
    }

    /// Until when what is granted is valid; nil for ever.
    private mutating func validUntil() throws(EventError) -> Instant? {
        for field in [EventField.validUntil, .consentValidUntil] where reader.isFilled(field) {
            guard let text = reader.textOrNumber(field), let instant = TimeText.parse(text, zone: nil) else {
                throw .field(
                    reader.fieldError(
                        field, expected: "a time such as 2027-01-31T12:00:00Z, or seconds or milliseconds since 1970"))
            }
            return instant
        }
        return nil
    }
}

extension ConsentChange {
    /// The withdrawal of every purpose of a channel.
    static func withdrawal(of channel: Channel) -> Self {
        Self(channel: channel, purpose: EventDecoder.marketing, isMarketing: true, act: .withdrawnFromChannel)
    }
}

/// The members of an object as it stands in a checked document; those with a nested value are passed over.
struct FlatObject {
    struct Member {
        let key: UnsafeRawBufferPointer
        let isKeyEscaped: Bool
        /// As it stands, a text with its quotes.
        let value: UnsafeRawBufferPointer
    }

    private let text: UnsafeRawBufferPointer
    private var nextIndex = 1

    init(_ text: UnsafeRawBufferPointer) { self.text = text }

    mutating func next() -> Member? {
        guard skip(until: { $0 == UInt8(ascii: "\"") }) else { return nil }
        let keyStart = nextIndex + 1
        let isEscaped = passText()
        let keyEnd = nextIndex - 1
        guard keyEnd >= keyStart, skip(until: { $0 == UInt8(ascii: ":") }) else { return nil }
        nextIndex += 1
        guard skip(until: { $0 > 0x20 }) else { return nil }
        let valueStart = nextIndex
        passValue()
        return Member(
            key: UnsafeRawBufferPointer(rebasing: text[keyStart..<keyEnd]), isKeyEscaped: isEscaped,
            value: IDText.trimmingBlanks(UnsafeRawBufferPointer(rebasing: text[valueStart..<nextIndex])))
    }

    private mutating func skip(until isWanted: (UInt8) -> Bool) -> Bool {
        while nextIndex < text.count, !isWanted(text[nextIndex]) { nextIndex += 1 }
        return nextIndex < text.count
    }

    /// Goes from a quote to behind the next one that is not escaped. Returns whether a backslash stood between.
    private mutating func passText() -> Bool {
        var isEscaped = false
        nextIndex += 1
        while nextIndex < text.count, text[nextIndex] != UInt8(ascii: "\"") {
            if text[nextIndex] == UInt8(ascii: "\\") {
                isEscaped = true
                nextIndex += 1
            }
            nextIndex += 1
        }
        nextIndex = min(nextIndex + 1, text.count)
        return isEscaped
    }

    private mutating func passValue() {
        var depth = 0
        repeat {
            switch text[nextIndex] {
            case UInt8(ascii: "\""):
                _ = passText()
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return }
                depth -= 1
            case UInt8(ascii: ","):
                if depth == 0 { return }
            default: break
            }
            nextIndex += 1
        } while nextIndex < text.count
    }
}
