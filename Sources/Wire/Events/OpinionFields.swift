import CustomerLifecycle

/// What complaints, reviews and surveys say.
extension EventDecoder {
    mutating func conversationID() throws(EventError) -> BusinessID {
        if let id = reader.optionalID(.complaintID) { return id }
        return try reader.id(.conversationID, expected: "the conversation's id")
    }

    /// A mark is a complaint, and withdraws the whole channel.
    mutating func spamMark(_ consents: inout [ConsentChange]) throws(EventError) -> StorefrontEvent.Kind {
        consents.append(.withdrawal(of: .email))
        return .markedAsSpam(try spamID())
    }

    /// Names the mark by its mail, so that one reported twice is one.
    private mutating func spamID() throws(EventError) -> BusinessID {
        if let id = reader.optionalID(.complaintID) { return id }
        if let id = reader.optionalID(.emailID) { return id }
        return try idFromMessage()
    }

    mutating func reviewID() throws(EventError) -> BusinessID {
        if let id = reader.optionalID(.reviewID) { return id }
        return try reader.id(.productID, expected: "the product's id, where there is no review_id,")
    }

    /// `4`, `"4"` on the scale that the event or else the Router says, or `"4.5/5"`.
    mutating func rating() throws(EventError) -> Score {
        try score(.rating)
    }

    mutating func surveyScore() throws(EventError) -> Score {
        try score(.score)
    }

    private mutating func score(_ field: EventField) throws(EventError) -> Score {
        guard let text = reader.textOrNumber(field) else {
            throw .field(reader.fieldError(field, expected: "a score, for example 4 or \"4.5/5\""))
        }
        let parts = ScoreText(text)
        guard let value = parts.value else {
            throw .field(reader.fieldError(field, expected: "a score, for example 4 or \"4.5/5\""))
        }
        guard let maximum = parts.maximum ?? scale() else {
            throw .field(reader.fieldError(.scale, expected: "the scale's maximum, for example 5 or \"1-5\""))
        }
        // A score that brings its own needs no other.
        if parts.maximum != nil, reader.isFilled(.scale), scale() == nil { reader.note(.scale) }
        let thousandths = value * 1_000 / maximum
        guard value <= maximum, let score = Score(thousandths: Int(thousandths)) else {
            throw .field(reader.fieldError(field, expected: "a score that is not above its scale"))
        }
        return score
    }

    /// The greatest value of the scale, in thousandths.
    private mutating func scale() -> Int64? {
        if let text = reader.textOrNumber(.scale) { return ScoreText(text).scaleMaximum }
        // The net promoter score is 0 to 10 by definition.
        guard reader.kind(of: .scale) == .absent, let kind = reader.text(.kind),
            IDText.trimmingBlanks(kind).equals("nps")
        else { return nil }
        return 10_000
    }
}

/// A score as text: a number, or a number of a greatest one; both in thousandths.
struct ScoreText {
    /// The value; nil if there is none, or if it is below 0 or above `valueMax`.
    let value: Int64?
    /// What stands after a `/`; nil where nothing does.
    let maximum: Int64?
    /// The text read as a scale: `5`, `"1-5"`, `"0–10"`.
    let scaleMaximum: Int64?

    /// A thousand points are a scale; more are a mistake.
    private static let valueMax: Int64 = 1_000_000

    init(_ text: UnsafeRawBufferPointer) {
        if let slash = text.firstIndex(of: UInt8(ascii: "/")) {
            let value = Self.thousandths(text[..<slash])
            let maximum = Self.thousandths(text[(slash + 1)...])
            let isScore = (maximum ?? 0) > 0
            self.value = isScore ? value : nil
            self.maximum = isScore ? maximum : nil
            scaleMaximum = nil
            return
        }
        value = Self.thousandths(text[...])
        maximum = nil
        // The last byte of an en dash stands before the greatest value as a hyphen does.
        let dash = text.lastIndex { $0 == UInt8(ascii: "-") || $0 == 0x93 }
        let greatest = Self.thousandths(dash.map { text[($0 + 1)...] } ?? text[...])
        scaleMaximum = (greatest ?? 0) > 0 ? greatest : nil
    }

    private static func thousandths(_ text: Slice<UnsafeRawBufferPointer>) -> Int64? {
        guard let value = MoneyText.minorUnits(UnsafeRawBufferPointer(rebasing: text), digits: 3),
            (0...valueMax).contains(value)
        else { return nil }
        return value
    }
}
