import CommandLine
import CustomerLifecycle
import MappingLanguage
import Wire

/// What the values of a file's columns say together of how they are written.
struct ColumnSurvey {
    /// Of a column of amounts.
    private struct Amounts {
        var lines: [DecimalMark: Int] = [:]
        /// The first that may be either, and its line.
        var open: (text: String, line: Int)?
    }

    /// Of a column of times.
    private struct Times {
        /// Lines of the first that can only have the day first, or the month.
        var dayOnly: Int?
        var monthOnly: Int?
        /// The first that may be either, and its line.
        var open: (text: String, line: Int)?
        var numberCount = 0
        var serialCount = 0
        var compactCount = 0
    }

    private var amounts: [Amounts]
    private var times: [Times]

    init() {
        amounts = Array(repeating: Amounts(), count: OrderColumn.allCases.count)
        times = Array(repeating: Times(), count: OrderColumn.allCases.count)
    }

    mutating func look(atAmount text: UnsafeRawBufferPointer, _ column: OrderColumn, line: Int) {
        switch PlainAmount.evidence(text) ?? AmountText(text)?.evidence {
        case nil, .some(.none): break
        case .mark(let mark):
            if amounts[column.rawValue].lines[mark] == nil { amounts[column.rawValue].lines[mark] = line }
        case .open:
            if amounts[column.rawValue].open == nil { amounts[column.rawValue].open = ("\(Excerpt(text))", line) }
        }
    }

    mutating func look(atTime text: UnsafeRawBufferPointer, _ column: OrderColumn, line: Int) {
        switch DateText(text) {
        case .literal, nil: break
        case .numeric(let day, let month):
            if day != nil, month != nil, day != month {
                if times[column.rawValue].open == nil { times[column.rawValue].open = ("\(Excerpt(text))", line) }
            } else if month == nil {
                if times[column.rawValue].dayOnly == nil { times[column.rawValue].dayOnly = line }
            } else if day == nil {
                if times[column.rawValue].monthOnly == nil { times[column.rawValue].monthOnly = line }
            }
        case .number(let whole, let number):
            times[column.rawValue].numberCount += 1
            if SheetDate.serials.contains(whole) { times[column.rawValue].serialCount += 1 }
            if number.scale == 0, SheetDate.date(digits: whole) != nil { times[column.rawValue].compactCount += 1 }
        }
    }

    /// Decides how each column is written. Throws where its values leave it open, naming the option that says it.
    func forms(of header: OrdersHeader, _ request: OrdersRequest, file: String) throws(ImportError) -> OrderForms {
        var forms = OrderForms()
        for column in OrderColumn.allCases where header.has(column) {
            switch column.kind {
            case .amount: forms.marks[column.rawValue] = try mark(of: column, header, request, file)
            case .time: forms.times[column.rawValue] = try time(of: column, header, request, file)
            case .id, .text: break
            }
        }
        return forms
    }

    private func mark(
        of column: OrderColumn, _ header: OrdersHeader, _ request: OrdersRequest, _ file: String
    ) throws(ImportError) -> OrderForms.Mark {
        if let said = request.decimalMark { return OrderForms.Mark(mark: said, reason: .said) }
        if let known = header.export.decimalMark { return OrderForms.Mark(mark: known, reason: .export) }
        let seen = amounts[column.rawValue]
        let name = header.name(of: column)
        switch (seen.lines[.point], seen.lines[.comma]) {
        case (let point?, let comma?):
            throw .openForm(
                file: file, column: name,
                found: "a decimal point in line \(point) and a decimal comma in line \(comma)",
                option: "--decimal . or --decimal ,")
        case (.some, nil): return OrderForms.Mark(mark: .point, reason: .values)
        case (nil, .some): return OrderForms.Mark(mark: .comma, reason: .values)
        case (nil, nil):
            guard let open = seen.open else { return OrderForms.Mark(mark: .point, reason: .unneeded) }
            throw .openForm(
                file: file, column: name,
                found: "\(open.text) in line \(open.line), whose mark may stand before decimals or between thousands, "
                    + "and no value that tells",
                option: "--decimal . or --decimal ,")
        }
    }

    private func time(
        of column: OrderColumn, _ header: OrdersHeader, _ request: OrdersRequest, _ file: String
    ) throws(ImportError) -> OrderForms.Time {
        var time = OrderForms.Time()
        let seen = times[column.rawValue]
        let name = header.name(of: column)
        if let text = request.dateFormat {
            guard let form = MappedTime(form: text) else { throw .badDateFormat(text) }
            time.form = form
            return time
        }
        if seen.numberCount > 0 {
            if seen.serialCount == seen.numberCount { time.numbers = .serial }
            if seen.compactCount == seen.numberCount { time.numbers = .digits }
        }
        if let said = request.dateOrder ?? header.export.dateOrder {
            time.order = said
            return time
        }
        switch (seen.dayOnly, seen.monthOnly) {
        case (let day?, let month?):
            throw .openForm(
                file: file, column: name,
                found: "dates with the day first in line \(day) and with the month first in line \(month)",
                option: "--date-order day or --date-order month")
        case (.some, nil): time.order = .day
        case (nil, .some): time.order = .month
        case (nil, nil):
            guard let open = seen.open else { break }
            throw .openForm(
                file: file, column: name,
                found: "\(open.text) in line \(open.line), where day or month may stand first, and no value that tells",
                option: "--date-order day or --date-order month")
        }
        return time
    }
}

/// How the columns of a file are written, as was decided for each as a whole.
struct OrderForms {
    struct Mark: Equatable {
        enum Reason { case said, export, values, unneeded }

        let mark: DecimalMark
        let reason: Reason
    }

    struct Time {
        /// What a number counts.
        enum Numbers {
            /// Seconds and smaller units since 1970, by their size.
            case epoch
            /// Days since 1900, as spreadsheets count them.
            case serial
            /// `20250131`
            case digits
        }

        var form: MappedTime?
        var order: DateOrder?
        var numbers = Numbers.epoch
    }

    var marks = [Mark?](repeating: nil, count: OrderColumn.allCases.count)
    var times = [Time?](repeating: nil, count: OrderColumn.allCases.count)
    var bases = [Basis?](repeating: nil, count: OrderColumn.allCases.count)
    /// What the file's words for statuses mean, folded.
    var statuses: [String: OrderStatus] = [:]
    /// Of times that name none; nil is UTC.
    var zone: ZoneTable?
    /// The dates that the log takes.
    var dates = Instant.distantPast...Instant.never

    /// Reads an amount and the word or symbol beside it; nil where it is none.
    func amount(_ text: UnsafeRawBufferPointer, _ column: OrderColumn) -> (value: ExactDecimal, word: [UInt8])? {
        let mark = marks[column.rawValue]?.mark ?? .point
        if let value = ExactDecimal(IDText.trimming(text), mark: mark.byte, grouping: mark.other.byte) {
            return (value, [])
        }
        guard let amount = AmountText(text), let value = amount.value(mark) else { return nil }
        return (value, amount.word)
    }

    /// Reads a time; `day` is the time of day where it stands in a column of its own.
    func time(_ text: UnsafeRawBufferPointer, _ column: OrderColumn, day: UnsafeRawBufferPointer? = nil) -> Instant? {
        let time = times[column.rawValue] ?? Time()
        if let form = time.form { return form.instant(of: text, in: zone) }
        switch DateText(text) {
        case nil: return nil
        case .number(let whole, let number):
            switch time.numbers {
            case .epoch: return SheetDate.instant(sinceEpoch: whole, number)
            case .serial: return SheetDate.instant(serial: number).map { local($0, day) } ?? nil
            case .digits:
                return SheetDate.date(digits: whole).map { local(TimeText.Literal(date: $0), day) } ?? nil
            }
        case .literal(let literal): return local(literal, day)
        case .numeric(let dayFirst, let monthFirst):
            switch time.order {
            case .day: return dayFirst.map { local($0, day) } ?? nil
            case .month: return monthFirst.map { local($0, day) } ?? nil
            case nil: return dayFirst == monthFirst ? dayFirst.map { local($0, day) } ?? nil : nil
            }
        }
    }

    private func local(_ literal: TimeText.Literal, _ day: UnsafeRawBufferPointer?) -> Instant? {
        var literal = literal
        if let day {
            guard literal.timeOfDay == 0, let time = DateText.timeOfDay(day) else { return nil }
            literal.timeOfDay = time.timeOfDay
            if time.zone != .none { literal.zone = time.zone }
        }
        return literal.instant(in: zone)
    }
}

/// Dates as numbers.
enum SheetDate {
    /// Days since 1899-12-30, as Excel and its kin count them from March 1900 on: the years 1954 to 2119.
    static let serials: ClosedRange<Int64> = 20_000...80_000

    static func instant(serial: ExactDecimal) -> TimeText.Literal? {
        // To the second: a day's decimals are not exact.
        let divisor = (0..<min(serial.scale, 20)).reduce(Int128(1)) { power, _ in power * 10 }
        let seconds = (serial.mantissa * 86_400 + divisor / 2) / divisor
        guard let days = Int64(exactly: seconds / 86_400), let rest = Int64(exactly: seconds % 86_400) else {
            return nil
        }
        guard let first = CivilDate(year: 1899, month: 12, day: 30) else { return nil }
        return TimeText.Literal(date: CivilDate(dayNumber: first.dayNumber + days), timeOfDay: rest * 1_000)
    }

    /// `20250131`
    static func date(digits: Int64) -> CivilDate? {
        guard (19_000_101...21_001_231).contains(digits) else { return nil }
        return CivilDate(year: Int(digits / 10_000), month: Int(digits / 100 % 100), day: Int(digits % 100))
    }

    /// Seconds, milliseconds, microseconds or nanoseconds since 1970, by their size.
    static func instant(sinceEpoch whole: Int64, _ number: ExactDecimal) -> Instant? {
        let milliseconds: Int64
        switch whole.magnitude {
        case ..<100_000_000_000:
            let divisor = (0..<min(number.scale, 30)).reduce(Int128(1)) { power, _ in power * 10 }
            milliseconds = Int64(truncatingIfNeeded: number.mantissa * 1_000 / divisor)
        case ..<100_000_000_000_000: milliseconds = whole
        case ..<100_000_000_000_000_000: milliseconds = whole / 1_000
        default: milliseconds = whole / 1_000_000
        }
        let instant = Instant(milliseconds: milliseconds)
        return CivilDate.instants.contains(instant) ? instant : nil
    }
}

/// Amounts of digits and at most one kind of mark, which most are.
enum PlainAmount {
    /// Nil where the text has anything else.
    static func evidence(_ text: UnsafeRawBufferPointer) -> AmountText.Evidence? {
        var (mark, place, count) = (UInt8(0), 0, 0)
        for (index, byte) in text.enumerated() where !byte.isASCIIDigit {
            guard byte == UInt8(ascii: ".") || byte == UInt8(ascii: ","), count == 0 || byte == mark else { return nil }
            (mark, place, count) = (byte, index, count + 1)
        }
        guard count > 0 else { return text.isEmpty ? nil : AmountText.Evidence.none }
        guard count == 1, place > 0 else { return nil }
        let isGroup = text.count - place == 4 && place <= 3 && text[0] != UInt8(ascii: "0")
        return isGroup ? .open : .mark(mark == DecimalMark.point.byte ? .point : .comma)
    }
}

extension OrderForms {
    /// What the amounts of a column stand for, and how that is known.
    struct Basis: Equatable {
        let basis: AmountBasis
        let reason: Mark.Reason
    }

    /// What the summary and `--status` call a status that is empty.
    static let emptyWord = "(empty)"

    func basis(_ column: OrderColumn) -> AmountBasis { bases[column.rawValue]?.basis ?? .order }
}
