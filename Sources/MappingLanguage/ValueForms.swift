import CommandLine
import CustomerLifecycle
import PolicyLanguage
import Wire

/// How values are written, as the key `as` and its companions say.
enum ValueForms {
    static let minorUnits = "minor units"
    static let base64 = "base64"

    /// The form of a kind where nothing is said.
    static func standard(_ kind: MappableField.Kind) -> MappedField.Form {
        switch kind {
        case .text: .text
        case .id: .id
        case .number: .number
        case .currency: .currency
        case .amount: .amount(.decimal(mark: UInt8(ascii: "."), grouping: nil))
        case .time: .time(MappedTime())
        }
    }

    /// Whether a constant can be of that kind.
    static func holds(_ text: String, _ kind: MappableField.Kind) -> Bool {
        switch kind {
        case .text, .id: true
        case .number, .amount: text.wholeMatch(of: /-?\d{1,12}(\.\d{1,6})?/) != nil
        case .currency: Currency(text.utf8).flatMap { KnownCurrencies().digits(of: $0) } != nil
        case .time: false
        }
    }

    static func expected(_ kind: MappableField.Kind) -> String {
        switch kind {
        case .text, .id: "a text"
        case .number, .amount: "a number such as 12.50"
        case .currency: "an ISO 4217 code such as EUR"
        case .time: "a time: an event's time stands in its record"
        }
    }

    /// Returns the pieces of a date's form; nil where the text is none.
    static func pieces(_ text: String) -> [DatePiece]? {
        var pieces: [DatePiece] = []
        var rest = text[...]
        while !rest.isEmpty {
            if let known = DatePiece.words.first(where: { rest.hasPrefix($0.word) }) {
                pieces.append(known.piece)
                rest.removeFirst(known.word.count)
            } else {
                guard let byte = rest.first?.asciiValue, !rest[rest.startIndex].isLetter else { return nil }
                pieces.append(.literal(byte))
                rest.removeFirst()
            }
        }
        let hasDate =
            pieces.contains(.year) && (pieces.contains(.month) || pieces.contains(.shortMonth))
            && (pieces.contains(.day) || pieces.contains(.shortDay))
        return hasDate ? pieces : nil
    }
}

extension MappingReader {
    /// Reads how a value of that kind is written.
    mutating func form(
        _ kind: MappableField.Kind, writing: YAMLNode?, scale: YAMLNode?, mark: YAMLNode?, zone: YAMLNode?
    ) -> MappedField.Form {
        if let zone, kind != .time { error(zone, "\"zone:\" goes only with a time") }
        for node in [scale, mark] {
            if let node, kind != .amount { error(node, "that goes only with an amount of money") }
        }
        switch kind {
        case .amount: return .amount(amount(writing, scale, mark))
        case .time: return .time(time(writing, zone))
        case .text, .id, .number, .currency:
            if let writing { error(writing, "\"as:\" goes only with a time or an amount of money") }
            return ValueForms.standard(kind)
        }
    }

    private mutating func amount(_ writing: YAMLNode?, _ scale: YAMLNode?, _ mark: YAMLNode?) -> MappedAmount {
        let known = [ValueForms.minorUnits, ValueForms.base64]
        let said = writing.flatMap { text($0, "\(known.joined(separator: " or "))") }
        if let writing, let said, !known.contains(said) {
            error(writing, Suggestion.message(unknown: "way to write an amount", said, among: known))
        }
        if let scale, said != ValueForms.base64 { error(scale, "\"scale:\" goes only with \"as: base64\"") }
        if let mark, said != nil { error(mark, "\"decimal mark:\" goes only with amounts written in digits") }
        switch said {
        case ValueForms.minorUnits: return .minorUnits
        case ValueForms.base64:
            guard let scale else {
                if let writing { error(writing, "say \"scale:\" too: how many of the digits are decimals") }
                return .base64(scale: 0)
            }
            guard let digits = text(scale, "a whole number"), let count = Int(digits), (0...30).contains(count) else {
                error(scale, "expected how many of the digits are decimals, such as 2")
                return .base64(scale: 0)
            }
            return .base64(scale: count)
        default: return decimal(mark)
        }
    }

    /// Where the decimal mark is said, the other one may stand between thousands.
    private mutating func decimal(_ mark: YAMLNode?) -> MappedAmount {
        guard let mark else { return .decimal(mark: UInt8(ascii: "."), grouping: nil) }
        switch mark.scalar?.text {
        case ",": return .decimal(mark: UInt8(ascii: ","), grouping: UInt8(ascii: "."))
        case ".": return .decimal(mark: UInt8(ascii: "."), grouping: UInt8(ascii: ","))
        default:
            error(mark, "expected \",\" or \".\", in quotes")
            return .decimal(mark: UInt8(ascii: "."), grouping: nil)
        }
    }

    private mutating func time(_ writing: YAMLNode?, _ zone: YAMLNode?) -> MappedTime {
        var time = MappedTime()
        if let zone, let name = text(zone, "a time zone such as Europe/Paris") {
            time.zone = ZoneResolver.table(named: name)
            if time.zone == nil { error(zone, ZoneResolver.unknownMessage(name)) }
        }
        guard let writing, let said = text(writing, "milliseconds or another unit, or a form such as DD/MM/YYYY") else {
            return time
        }
        if let unit = EpochUnit(rawValue: said) {
            time.writing = .epoch(unit)
        } else if let pieces = ValueForms.pieces(said) {
            time.writing = .pattern(pieces)
            if zone == nil { error(writing, "say \"zone:\" too, such as Europe/Paris or UTC: this form names none") }
        } else {
            let known = EpochUnit.allCases.map(\.rawValue)
            error(
                writing,
                Suggestion.message(unknown: "way to write a time", said, among: known)
                    + "; expected \(known.joined(separator: ", ")), or a form of YYYY, MM, DD, HH, mm, ss")
        }
        return time
    }
}
