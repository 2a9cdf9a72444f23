import CustomerLifecycle
import MappingLanguage
import Processor
import Testing
import Wire

@testable import Files

/// How the values of a column are written is decided for the column as a whole.
@Suite struct `The amounts and times of a file of orders` {
    private static let start = "order_id;customer_id;ordered_at;total;currency\n"

    /// What the first order is worth, or why it was refused; `others` are amounts that stand in other rows.
    private static func value(
        _ amount: String, _ currency: String = "", others: [String] = [],
        _ change: (inout OrdersRequest) -> Void = { _ in }
    ) throws -> String {
        func quoted(_ text: String) -> String { "\"\(text.replacing("\"", with: "\"\""))\"" }
        let rows = ([amount] + others).enumerated().map { number, amount in
            "o\(number + 1);c\(number + 1);2025-01-31;\(quoted(amount));\(quoted(currency))\n"
        }
        var source = try OrdersSource(csv: Self.start + rows.joined(), change)
        if let refused = source.refused.first.first { return refused.description }
        let first = try source.all().first?.json ?? ""
        guard let fields = first.firstMatch(of: /"revenue":"([^"]*)"(?:,"currency":"([A-Z]*)")?/) else { return first }
        return fields.output.1 + (fields.output.2.map { " \($0)" } ?? "")
    }

    @Test(arguments: [
        ("($10.00)", "USD", "-10.00 USD"), ("CHF 1'234.50", "", "1234.50 CHF"), ("R$ 1.234,50", "", "1234.50 BRL"),
        ("A$12.50", "", "12.50 AUD"), ("99,99 zł", "", "99.99 PLN"), ("1 299 Kč", "", "1299.00 CZK"),
        ("1\u{A0}299,5 Kč", "", "1299.50 CZK"), ("₹1,23,456.50", "", "123456.50 INR"), ("70.00-", "EUR", "-70.00 EUR"),
        ("=\"12.50\"", "EUR", "12.50 EUR"), ("-$5.5", "usd", "-5.50 USD"), ("$ -5.50", "USD", "-5.50 USD"),
        ("\u{2212}5,50 €", "", "-5.50 EUR"), ("1,234,567.89", "", "1234567.89"), ("1.234.567,89", "", "1234567.89"),
        ("1.234.567", "", "1234567.00"), ("12.- ", "CHF", "12.00 CHF"), (".5", "", "0.50"), ("5.", "", "5.00"),
        ("1234.567", "EUR", "1234.57 EUR"), ("0.125", "EUR", "0.13 EUR"), ("-0.125", "EUR", "-0.13 EUR"),
        ("1234", "JPY", "1234 JPY"), ("1.5", "KWD", "1.500 KWD"), ("10.00", "US Dollar", "10.00 USD"),
        ("10.00", "€", "10.00 EUR"), ("Fr.12.50", "", "12.50 CHF"), ("12.50EUR", "", "12.50 EUR"),
        ("1’234.5", "", "1234.50"), ("+7.5", "", "7.50"), ("1e2", "", "100.00"),
    ])
    func `are read as shops write them`(amount: String, currency: String, value: String) throws {
        #expect(try Self.value(amount, currency) == value)
    }

    @Test(arguments: [
        ("ten", ""), ("1,2,3", ""), ("1.2,3.4", ""), ("10 20", ""), ("EUR 5 USD", ""), ("5,55.5", ""), ("--5", ""),
        ("1'23.5", ""), ("12.50.", ""),
    ])
    func `that cannot be read are refused by line`(amount: String, currency: String) throws {
        let read = try Self.value(amount, currency, others: ["1.50"])
        #expect(read.hasPrefix("line 2, total: found `"), "\(read)")
        #expect(read.hasSuffix("expected an amount such as 12.50"), "\(read)")
    }

    @Test func `have the mark that other values of the column have`() throws {
        #expect(try Self.value("1.299", others: ["5,00"]) == "1299.00")
        #expect(try Self.value("1.299", others: ["5.00"]) == "1.30")
        #expect(try Self.value("1,299", others: ["5.00"]) == "1299.00")
        #expect(try Self.value("1.299") { $0.decimalMark = .comma } == "1299.00")
        #expect(try Self.value("1.299") { $0.decimalMark = .point } == "1.30")
    }

    @Test(arguments: [
        (["1.299"], "`1.299` in line 2, whose mark may stand before decimals or between thousands"),
        (["12,999", "5"], "`12,999` in line 2"),
        (["1.50", "2,50"], "a decimal point in line 2 and a decimal comma in line 3"),
    ])
    func `leave nothing imported where they leave the mark open`(amounts: [String], found: String) {
        let error = #expect(throws: ImportError.self) {
            try Self.value(amounts[0], others: Array(amounts.dropFirst()))
        }
        #expect(error?.description.contains(found) == true, "\(error?.description ?? "")")
        #expect(error?.description.hasSuffix("Say --decimal . or --decimal ,.") == true)
    }

    @Test(arguments: [
        ("199,00 kr", "EUR", "found `kr`, which several currencies are written with"), ("$5.00", "", "--currency USD"),
        ("5.00", "XXX", "expected a currency such as EUR"), ("5.00", "euro", "5.00 EUR"),
        ("CHF 5.00", "EUR", "beside amounts of another currency"), ("199,00 kr", "SEK", "199.00 SEK"),
        ("$5.00", "CAD", "5.00 CAD"),
    ])
    func `have one currency, and a symbol of several is not guessed`(amount: String, currency: String, found: String)
        throws
    {
        let read = try Self.value(amount, currency)
        #expect(read.contains(found), "\(read)")
    }

    // MARK: Times

    /// When the first order was; `others` are times that stand in other rows.
    private static func time(
        _ text: String, others: [String] = [], _ change: (inout OrdersRequest) -> Void = { _ in }
    ) throws -> String {
        let rows = ([text] + others).enumerated().map { number, text in
            "o\(number + 1);c\(number + 1);\"\(text)\";;\n"
        }
        var source = try OrdersSource(csv: Self.start + rows.joined(), change)
        if let refused = source.refused.first.first { return refused.found }
        let first = try source.all().first?.json ?? ""
        return first.firstMatch(of: /"timestamp":"([^"]*)"/).map { String($0.output.1) } ?? first
    }

    @Test(arguments: [
        ("2025-01-31", "2025-01-31T00:00:00.000Z"), ("2025-1-5", "2025-01-05T00:00:00.000Z"),
        ("31/12/2025 23:59:59", "2025-12-31T23:59:59.000Z"), ("12/30/25", "2025-12-30T00:00:00.000Z"),
        ("12/13/2010 8:26", "2010-12-13T08:26:00.000Z"), ("Dec 31, 2025, 11:59:59 PM", "2025-12-31T23:59:59.000Z"),
        ("Dec 31, 2025 12:00 AM", "2025-12-31T00:00:00.000Z"), ("May 3, 2024 14:05:09 PM", "2024-05-03T14:05:09.000Z"),
        ("Wed, 31 Dec 2025 23:59:59 +0100", "2025-12-31T22:59:59.000Z"),
        ("31 Dec 2025 23:59:59 EST", "2026-01-01T04:59:59.000Z"), ("31-Dec-25", "2025-12-31T00:00:00.000Z"),
        ("31.12.2025 18:00", "2025-12-31T18:00:00.000Z"), ("5.1.2025", "2025-01-05T00:00:00.000Z"),
        ("2025/01/05 08:00", "2025-01-05T08:00:00.000Z"), ("2025-10-07 09:50:26 +0200", "2025-10-07T07:50:26.000Z"),
        ("1735689600", "2025-01-01T00:00:00.000Z"), ("1735689600000", "2025-01-01T00:00:00.000Z"),
        ("1735689600000000", "2025-01-01T00:00:00.000Z"), ("45658.5", "2025-01-01T12:00:00.000Z"),
        ("20250105", "2025-01-05T00:00:00.000Z"), ("2025-01-31T12:00:00.123456Z", "2025-01-31T12:00:00.123Z"),
        ("Saturday, March 1, 2025", "2025-03-01T00:00:00.000Z"),
        ("31/12/2025, 23:59 (UTC)", "2025-12-31T23:59:00.000Z"),
    ])
    func `are read in any usual form`(text: String, time: String) throws { #expect(try Self.time(text) == time) }

    @Test(arguments: [
        "12/30/25 25:00", "31/13/2025", "Foo 31, 2025", "2025-02-30", "31/12", "12:00", "yesterday", "0x5",
    ])
    func `of no form are refused by line`(text: String) throws { #expect(try Self.time(text) == "`\(text)`") }

    @Test func `have the day or the month first as other values of the column have`() throws {
        #expect(try Self.time("12/1/2010 8:26", others: ["12/13/2010 8:26"]) == "2010-12-01T08:26:00.000Z")
        #expect(try Self.time("12/1/2010", others: ["13/1/2010"]) == "2010-01-12T00:00:00.000Z")
        #expect(try Self.time("12/1/2010") { $0.dateOrder = .day } == "2010-01-12T00:00:00.000Z")
        #expect(try Self.time("12/1/2010") { $0.dateOrder = .month } == "2010-12-01T00:00:00.000Z")
        #expect(try Self.time("5/5/2025") == "2025-05-05T00:00:00.000Z", "whichever it is")
        #expect(try Self.time("01.02.2025 09:30") { $0.dateFormat = "MM.DD.YYYY HH:mm" } == "2025-01-02T09:30:00.000Z")
        #expect(throws: ImportError.badDateFormat("soon")) { try Self.time("1") { $0.dateFormat = "soon" } }
    }

    @Test(arguments: [
        (["12/1/2010"], "`12/1/2010` in line 2, where day or month may stand first"),
        (["13/1/2010", "1/13/2010"], "dates with the day first in line 2 and with the month first in line 3"),
    ])
    func `leave nothing imported where they leave the order open`(times: [String], found: String) {
        let error = #expect(throws: ImportError.self) { try Self.time(times[0], others: Array(times.dropFirst())) }
        #expect(error?.description.contains(found) == true, "\(error?.description ?? "")")
        #expect(error?.description.hasSuffix("Say --date-order day or --date-order month.") == true)
    }

    @Test func `are no spreadsheet's where one of the column is something else`() throws {
        #expect(try Self.time("45658", others: ["1735689600"]) == "1970-01-01T12:40:58.000Z")
        #expect(try Self.time("20250105", others: ["1735689600"]) == "1970-08-23T09:01:45.000Z")
    }

    @Test func `may stand in two columns`() throws {
        var source = try OrdersSource(
            csv: "order_id,customer_id,ordered_at,ordered_time\no,c,31.12.2025,9:05 PM\np,d,31.12.2025,\n")
        let times = try source.all().map { String($0.json.firstMatch(of: /"timestamp":"([^"]*)"/)?.output.1 ?? "") }
        #expect(times == ["2025-12-31T21:05:00.000Z", "2025-12-31T00:00:00.000Z"])
    }

    @Test(arguments: ["NULL", "\\N", "NaT", "None", "0000-00-00 00:00:00", "nan", "N/A", " "])
    func `are empty where a program says that there is nothing`(nothing: String) throws {
        let source = try OrdersSource(
            csv: "order_id,customer_id,ordered_at,cancelled_at,total\no,c,2025-01-01,\(nothing),\(nothing)\n")
        #expect(source.refused.count == 0)
        #expect(source.file.rowCount == 1)
    }
}
