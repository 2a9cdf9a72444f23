import CustomerLifecycle
import MappingLanguage
import Wire

/// An amount of money as a shop's export writes it, `($10.00)`, `CHF 1'234.50`, `199,00 kr`: its sign, its digits with
/// the marks between them, and the word or symbol beside them. Which mark is the decimal one, a column as a whole says.
struct AmountText {
    /// What a value says of its column's decimal mark.
    enum Evidence: Equatable {
        /// It has no mark.
        case none
        case mark(DecimalMark)
        /// `1.299` may be either.
        case open
    }

    private let isNegative: Bool
    /// Digits, points and commas.
    private let number: [UInt8]
    /// Whether groups are set apart by blanks or apostrophes.
    private let isGrouped: Bool
    /// What stands before and behind the digits, trimmed, one of them empty; UTF-8.
    let word: [UInt8]
    let evidence: Evidence

    /// Nil where the text is no amount, whatever the mark is.
    init?(_ text: UnsafeRawBufferPointer) {
        var rest = String(decoding: SheetText.unwrapped(text), as: UTF8.self).unicodeScalars[...]
        var isNegative = false
        Self.trim(&rest)
        if rest.first == "(", rest.last == ")" {
            isNegative = true
            rest = rest.dropFirst().dropLast()
        }
        guard var first = rest.firstIndex(where: Self.isDigit), let last = rest.lastIndex(where: Self.isDigit) else {
            return nil
        }
        if first > rest.startIndex, Self.isMark(rest[rest.index(before: first)]) {
            // `.50`, but not the point of `Fr.50`.
            let mark = rest.index(before: first)
            if mark == rest.startIndex || !rest[rest.index(before: mark)].properties.isAlphabetic { first = mark }
        }
        var before = rest[..<first]
        var behind = rest[rest.index(after: last)...]
        // `12.-` and `12,-` are whole.
        for ending in [".-", ".–", ".—", ",-", ",–", ",—"] where String(behind.prefix(2)) == ending {
            behind = behind.dropFirst(2)
        }
        if Self.takeSign(&before) { isNegative.toggle() }
        if Self.takeSign(&behind) { isNegative.toggle() }
        guard before.isEmpty || behind.isEmpty else { return nil }
        guard let (number, isGrouped) = Self.number(rest[first...last]) else { return nil }
        if behind.count == 1, let last = behind.first, Self.isMark(last), number.allSatisfy(\.isASCIIDigit) {
            behind = behind.dropFirst()
        }
        // A word or a symbol, and not a mark or a sign that is left over.
        let beside = before.isEmpty ? behind : before
        guard beside.isEmpty || beside.contains(where: { $0.properties.isAlphabetic || Self.isSymbol($0) }),
            !beside.contains(where: Self.isMinus)
        else { return nil }
        self.isNegative = isNegative
        self.number = number
        self.isGrouped = isGrouped
        word = Array(String(beside).utf8)
        guard let evidence = Self.evidence(number, isGrouped: isGrouped) else { return nil }
        self.evidence = evidence
    }

    /// The amount, where that mark is the decimal one; nil where the text makes no sense then.
    func value(_ mark: DecimalMark) -> ExactDecimal? {
        var digits: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
        var (groups, inGroup) = ([Int](), 0)
        var hasMark = false
        for byte in number {
            if byte == mark.byte {
                guard !hasMark else { return nil }
                hasMark = true
                if digits.last.map({ !$0.isASCIIDigit }) ?? true { digits.append(UInt8(ascii: "0")) }
                digits.append(UInt8(ascii: "."))
            } else if byte == mark.other.byte {
                guard !hasMark else { return nil }
                groups.append(inGroup)
                inGroup = 0
            } else {
                digits.append(byte)
                if !hasMark { inGroup += 1 }
            }
        }
        guard groups.isEmpty || Self.areGroups(groups, last: inGroup), !(isGrouped && !groups.isEmpty) else {
            return nil
        }
        if digits.last == UInt8(ascii: ".") { digits.removeLast() }
        return digits.withUnsafeBytes { ExactDecimal($0, mark: UInt8(ascii: "."), grouping: nil) }
    }

    // MARK: Pieces

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool { scalar == "." || scalar == "," }

    private static func isMinus(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "-" || scalar == "\u{2212}" || scalar == "\u{2013}"
    }

    private static func isSymbol(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .currencySymbol
    }

    private static func isApostrophe(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "'" || scalar == "\u{2019}" || scalar == "\u{2BC}"
    }

    private static func trim(_ text: inout Substring.UnicodeScalarView) {
        while let first = text.first, first.properties.isWhitespace { text.removeFirst() }
        while let last = text.last, last.properties.isWhitespace { text.removeLast() }
    }

    /// Removes blanks and one sign from both ends. Returns whether it was a minus.
    private static func takeSign(_ text: inout Substring.UnicodeScalarView) -> Bool {
        trim(&text)
        if let first = text.first, isMinus(first) || first == "+" {
            text.removeFirst()
            trim(&text)
            return isMinus(first)
        }
        if let last = text.last, isMinus(last) || last == "+" {
            text.removeLast()
            trim(&text)
            return isMinus(last)
        }
        return false
    }

    /// The digits and marks, and whether groups of three are set apart by something else.
    private static func number(_ text: Substring.UnicodeScalarView) -> (number: [UInt8], isGrouped: Bool)? {
        var number: [UInt8] = []
        var grouping: Unicode.Scalar?
        var (groups, inGroup) = ([Int](), 0)
        for scalar in text {
            if isDigit(scalar) {
                if !number.contains(where: { !$0.isASCIIDigit }) { inGroup += 1 }
            } else if scalar.properties.isWhitespace || isApostrophe(scalar) {
                guard grouping == nil || grouping == scalar, number.allSatisfy(\.isASCIIDigit) else { return nil }
                grouping = scalar
                groups.append(inGroup)
                inGroup = 0
                continue
            } else if !isMark(scalar) {
                return nil
            }
            number.append(UInt8(truncatingIfNeeded: scalar.value))
        }
        guard grouping == nil || areGroups(groups, last: inGroup) else { return nil }
        return (number, grouping != nil)
    }

    /// Groups of three before the mark, or, as in India, of two before the last one.
    private static func areGroups(_ groups: [Int], last: Int) -> Bool {
        guard last == 3, let first = groups.first, (1...3).contains(first) else { return false }
        let inner = groups.dropFirst()
        return inner.allSatisfy { $0 == 3 } || (first <= 2 && inner.allSatisfy { $0 == 2 })
    }

    /// Nil where no mark makes sense of it.
    private static func evidence(_ number: [UInt8], isGrouped: Bool) -> Evidence? {
        let marks = number.indices.filter { !number[$0].isASCIIDigit }
        guard let last = marks.last else { return Evidence.none }
        let mark: DecimalMark = number[last] == DecimalMark.point.byte ? .point : .comma
        guard marks.allSatisfy({ number[$0] == number[last] }) else {
            return marks.count { number[$0] == number[last] } == 1 ? .mark(mark) : nil
        }
        guard marks.count == 1 else { return isGrouped ? nil : .mark(mark.other) }
        let decimalCount = number.count - last - 1
        let canBeGroup = decimalCount == 3 && (1...3).contains(last) && number[0] != UInt8(ascii: "0") && !isGrouped
        return canBeGroup ? .open : .mark(mark)
    }
}

/// What spreadsheets make of a field.
enum SheetText {
    /// Returns what stands in `="00123"`, by which a spreadsheet is kept from reading a number; another as it is.
    static func unwrapped(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard text.count >= 3, text[0] == UInt8(ascii: "="), text[1] == UInt8(ascii: "\""),
            text[text.count - 1] == UInt8(ascii: "\"")
        else { return text }
        return UnsafeRawBufferPointer(rebasing: text[2..<text.count - 1])
    }

    /// Why a text is what a spreadsheet made of an id, and none any more; nil where it may be one.
    static func lostID(_ text: UnsafeRawBufferPointer) -> String? {
        if text.first == UInt8(ascii: "#") {
            if text.allSatisfy({ $0 == UInt8(ascii: "#") }) { return "a spreadsheet's column was too narrow for it" }
            let names = ["#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"]
            if names.contains(where: { text.elementsEqual($0.utf8) }) { return "a spreadsheet's error" }
        }
        return isRounded(text) ? "a spreadsheet rounded it; export it anew as text" : nil
    }

    /// `1.23E+12` or `1,23E+12`.
    private static func isRounded(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let exponent = text.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }), exponent > 0 else {
            return false
        }
        let digits = text[..<exponent]
        let power = text[(exponent + 1)...]
        guard power.first == UInt8(ascii: "+"), (1...3).contains(power.count - 1) else { return false }
        return digits.first?.isASCIIDigit == true && power.dropFirst().allSatisfy(\.isASCIIDigit)
            && digits.allSatisfy { $0.isASCIIDigit || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }
    }

    /// Whether a text is what programs write where there is nothing: `NULL`, `\N`, `NaT`, `None`, `0000-00-00…`.
    static func isNothing(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let first = text.first(where: { !$0.isBlank }) else { return true }
        switch first {
        case UInt8(ascii: "0"):
            return text.count >= 10 && text.prefix(10).elementsEqual("0000-00-00".utf8)
        case UInt8(ascii: "N"), UInt8(ascii: "n"), UInt8(ascii: "\\"), UInt8(ascii: "#"), UInt8(ascii: "<"):
            guard text.count <= 6 else { return false }
            let word = String(decoding: text, as: UTF8.self).lowercased()
            return ["null", "\\n", "nat", "none", "nan", "n/a", "na", "nil", "#n/a", "<na>"].contains(
                ColumnName.trimmed(word))
        default: return false
        }
    }
}
