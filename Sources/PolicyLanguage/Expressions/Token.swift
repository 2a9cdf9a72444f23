/// What stops the reading of one condition, and at which of its characters.
struct ExpressionError: Error {
    let offset: Int
    /// Nil: the consequence of an error that is reported already.
    let message: String?
}

/// A word, number, label or sign of a condition.
struct Token: Equatable {
    enum Kind { case number, word, label, sign, end }

    let kind: Kind
    let text: String
    /// The offset of its first character in the condition's text.
    let offset: Int

    var isDecimal: Bool { text.contains(".") }

    /// Cuts `text` into tokens; the last one is always an `end`.
    static func tokens(of text: [Unicode.Scalar]) throws(ExpressionError) -> [Token] {
        var tokens: [Token] = []
        var index = 0
        while true {
            while index < text.count, text[index].properties.isWhitespace { index += 1 }
            guard index < text.count else { break }
            guard let (kind, length) = next(in: text[index...]) else {
                throw ExpressionError(offset: index, message: "unexpected \"\(Character(text[index]))\"")
            }
            tokens.append(Token(kind: kind, text: string(text[index..<index + length]), offset: index))
            index += length
        }
        return tokens + [Token(kind: .end, text: "", offset: text.count)]
    }

    private static func next(in text: ArraySlice<Unicode.Scalar>) -> (Kind, Int)? {
        guard let first = text.first else { return nil }
        if first.isDigit { return (.number, numberLength(text)) }
        if first.isLetter { return (.word, text.prefix { $0.isLetter || $0.isDigit }.count) }
        if first == "\"" {
            let inside = text.dropFirst().prefix { $0 != "\"" }.count
            return inside + 1 < text.count ? (.label, inside + 2) : nil
        }
        if ["<=", ">=", "!=", "=="].contains(string(text.prefix(2))) { return (.sign, 2) }
        return "<>=*(),".unicodeScalars.contains(first) ? (.sign, 1) : nil
    }

    private static func numberLength(_ text: ArraySlice<Unicode.Scalar>) -> Int {
        let whole = text.prefix { $0.isDigit }.count
        let rest = text.dropFirst(whole)
        guard rest.first == "." else { return whole }
        let decimals = rest.dropFirst().prefix { $0.isDigit }.count
        return decimals == 0 ? whole : whole + 1 + decimals
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
    fileprivate var isLetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) || self == "_" }
}
