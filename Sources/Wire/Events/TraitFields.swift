import CustomerLifecycle

/// Which traits an `identify` filled in. The Router left `true` where there was personal data, and of a birthday its
/// day.
extension EventDecoder {
    mutating func traits() -> Traits {
        var profile: Profile = []
        if reader.isFilled(.email) { profile.insert(.email) }
        if reader.isFilled(.phone) { profile.insert(.phone) }
        if hasName() { profile.insert(.name) }
        let birthday = birthday()
        if birthday != nil { profile.insert(.birthday) }
        return Traits(profile: profile, birthday: birthday)
    }

    private mutating func hasName() -> Bool {
        reader.isFilled(.name) || reader.isFilled(.firstName) || reader.isFilled(.firstNameSnake)
            || reader.isFilled(.lastName) || reader.isFilled(.lastNameSnake) || reader.isFilled(.fullName)
    }

    /// `--05-14`, `05-14`, or the date that begins a longer text.
    private mutating func birthday() -> Birthday? {
        guard reader.isFilled(.birthday) else { return nil }
        guard let text = reader.text(.birthday), let birthday = Self.birthday(IDText.trimmingBlanks(text)) else {
            reader.note(.birthday)
            return nil
        }
        return birthday
    }

    private static func birthday(_ text: UnsafeRawBufferPointer) -> Birthday? {
        var short = TextCursor(trimming: text)
        if short.skip("-") { guard short.skip("-") else { return nil } }
        if let month = short.digits(2), short.skip("-"), let day = short.digits(2), short.isAtEnd {
            return Birthday(month: month, day: day)
        }
        var long = TextCursor(trimming: text)
        guard long.digits(4) != nil, long.skip("-"), let month = long.digits(2), long.skip("-"),
            let day = long.digits(2),
            long.isAtEnd || long.skip("T") || long.skip("t") || long.skip(" ")
        else { return nil }
        return Birthday(month: month, day: day)
    }
}
