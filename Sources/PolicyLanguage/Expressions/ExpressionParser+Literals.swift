import CustomerLifecycle

/// Numbers with their units, and the definitions that bound them.
extension ExpressionParser {
    private static let units: [String: Int64] = [
        "minute": 60_000, "minutes": 60_000, "hour": 3_600_000, "hours": 3_600_000, "day": 86_400_000,
        "days": 86_400_000, "week": 604_800_000, "weeks": 604_800_000,
    ]
    private static let shortUnits: Set = ["second", "seconds", "millisecond", "milliseconds", "ms", "s"]
    private static let vagueDays: [String: Int64] = ["month": 30, "quarter": 91, "year": 365]

    // literal = COUNT | duration | DECIMAL CURRENCY | COUNT "of" COUNT
    mutating func constant() throws(ExpressionError) -> WrittenOperand {
        let number = current
        guard number.kind == .number else { throw failure("expected a number") }
        advance()
        let unit = current
        let value: Int64
        let type: ValueType
        if unit.kind == .word, let length = Self.units[unit.text] {
            (value, type) = (try duration(number, times: length), .duration)
            advance()
        } else if unit.kind == .word, let days = vagueDays(unit.text) {
            throw vague(number, unit, days: days)
        } else if unit.kind == .word, Self.shortUnits.contains(unit.text) {
            throw failure("the shortest unit is a minute: write minutes, hours, days or weeks", at: unit)
        } else if unit.kind == .word, isCurrencyCode(unit.text) {
            (value, type) = (try money(number, unit), .money)
            advance()
            findings.need(.currency, for: words(from: number))
        } else if take("of") {
            (value, type) = (try score(number), .score)
        } else {
            (value, type) = (try count(number), .count)
        }
        return WrittenOperand(
            operand: Operand(term: .constant(value, type)), offset: number.offset, phrase: words(from: number))
    }

    /// Reads a duration that ends the line, or a word that follows it and ends the line.
    mutating func wholeDuration(before word: String? = nil) throws(ExpressionError) -> Milliseconds {
        let start = current
        let literal = try constant()
        guard literal.operand.type == .duration, let length = literal.operand.constant else {
            throw failure("expected a duration, for example 60 days", at: start)
        }
        if let word, !take(word) { throw unexpected() }
        guard current.kind == .end else { throw unexpected() }
        return Milliseconds(length)
    }

    private func count(_ number: Token) throws(ExpressionError) -> Int64 {
        guard !number.isDecimal else { throw failure("counts are whole numbers", at: number) }
        return try whole(number, atMost: ValueType.countMax)
    }

    private func duration(_ number: Token, times unit: Int64) throws(ExpressionError) -> Int64 {
        guard !number.isDecimal else { throw failure("durations are whole numbers; use a smaller unit", at: number) }
        let (product, overflow) = (Int64(number.text) ?? .max).multipliedReportingOverflow(by: unit)
        guard !overflow, product <= ValueType.durationMax else {
            throw failure("a duration is at most 100 years, 36525 days", at: number)
        }
        return product
    }

    private func vagueDays(_ unit: String) -> Int64? {
        Self.vagueDays[unit.hasSuffix("s") ? String(unit.dropLast()) : unit]
    }

    private func vague(_ number: Token, _ unit: Token, days: Int64) -> ExpressionError {
        let name = unit.text.hasSuffix("s") ? String(unit.text.dropLast()) : unit.text
        let whole = Int64(number.text.prefix { $0 != "." }) ?? .max
        // Twelve months are a year, and not twelve times thirty days.
        let isYears = name == "month" && whole > 0 && whole % 12 == 0
        let (product, overflow) =
            isYears ? (whole / 12).multipliedReportingOverflow(by: 365) : whole.multipliedReportingOverflow(by: days)
        return failure(
            "a \(name) has no fixed length; write days, for example \(overflow ? 36_525 : product) days", at: unit)
    }

    private func isCurrencyCode(_ word: String) -> Bool {
        word.utf8.count == 3 && word.utf8.allSatisfy { (0x41...0x5A).contains($0) }
    }

    private func money(_ number: Token, _ unit: Token) throws(ExpressionError) -> Int64 {
        if let currency = scope.currency, unit.text != currency {
            throw failure("this policy counts in \(currency); amounts are never converted", at: unit)
        }
        let amount = try scaled(number, digits: scope.minorDigits, none: "\(unit.text) has no decimals")
        guard amount <= ValueType.moneyMax else { throw failure("this amount is too large", at: number) }
        return amount
    }

    private mutating func score(_ number: Token) throws(ExpressionError) -> Int64 {
        let scale = current
        guard scale.kind == .number, !scale.isDecimal, !number.isDecimal, let most = Int64(scale.text),
            let points = Int64(number.text), most > 0, points <= most, most <= ValueType.countMax
        else { throw failure("write a score like 4 of 5") }
        advance()
        return points * 1_000 / most
    }

    private func whole(_ number: Token, atMost most: Int64) throws(ExpressionError) -> Int64 {
        guard let value = Int64(number.text), value <= most else {
            throw failure("this number is too large; at most \(most)", at: number)
        }
        return value
    }

    /// Decimal text as a whole number of its smallest units, without rounding.
    func scaled(_ number: Token, digits: Int, none: String) throws(ExpressionError) -> Int64 {
        let parts = number.text.split(separator: ".", omittingEmptySubsequences: false)
        let decimals = parts.count > 1 ? parts[1] : ""
        guard decimals.count <= digits else {
            let words = ["", "one decimal", "two decimals", "three decimals", "four decimals"]
            let message = digits == 0 ? none : "at most \(words.indices.contains(digits) ? words[digits] : "\(digits)")"
            throw failure(message, at: number)
        }
        let text = String(parts[0]) + decimals + String(repeating: "0", count: digits - decimals.count)
        guard let value = Int64(text) else { throw failure("this number is too large", at: number) }
        return value
    }

    // definition = condition | quantity [ ", at least" literal ] [ ", at most" literal ]
    mutating func definition() throws(ExpressionError) -> Definition {
        do {
            let quantity = try quantity()
            if current.kind == .end || isSign(",") { return try bounded(quantity) }
        } catch {
            // A comma stands in bounds alone, so a quantity was meant; else it may still be a condition.
            if scalar.text.contains(",") { throw error }
        }
        position = 0
        return .condition(try condition())
    }

    private mutating func bounded(_ quantity: WrittenOperand) throws(ExpressionError) -> Definition {
        let type = quantity.operand.type
        guard !quantity.operand.isRunning else {
            throw failure("a definition may not be a running clock; write the comparison")
        }
        var least: WrittenOperand?
        var most: WrittenOperand?
        while isSign(",") {
            advance()
            if least == nil, take("at", "least") {
                least = try constant()
            } else if most == nil, take("at", "most") {
                most = try constant()
            } else {
                throw failure("expected \"at least …\" or \"at most …\"")
            }
        }
        if [least, most].contains(where: { $0 != nil && $0?.operand.type != type }) {
            throw failure("the bounds must be \(type.words)s")
        }
        let bounds = (least: least?.operand.constant, most: most?.operand.constant)
        if quantity.operand.isWindowed, bounds.least != nil || bounds.most != nil {
            throw failure("a fact that changes with time cannot have bounds")
        }
        if let least = bounds.least, let most = bounds.most, least > most {
            throw failure("\"at least\" is above \"at most\"")
        }
        guard current.kind == .end else { throw unexpected() }
        return .quantity(try bound(quantity.operand, least: bounds.least, most: bounds.most))
    }

    private func bound(_ operand: Operand, least: Int64?, most: Int64?) throws(ExpressionError) -> Operand {
        var bounded: Operand? = operand
        if let least { bounded = bounded?.applying(.atLeast(least)) }
        if let most { bounded = bounded?.applying(.atMost(most)) }
        guard let bounded else { throw failure("this can become too large to count") }
        return bounded
    }
}
