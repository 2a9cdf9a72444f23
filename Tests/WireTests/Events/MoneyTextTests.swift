import CustomerLifecycle
import Testing

@testable import Wire

/// The rules for amounts as text, and their edge cases.
@Suite struct `Money as text` {
    @Test(arguments: [
        ("0", 0), ("12", 1_200), ("12.3", 1_230), ("12.34", 1_234), ("-12.34", -1_234), ("+12.34", 1_234),
        (".5", 50), ("5.", 500), ("00012.30", 1_230), ("-0", 0), ("-0.001", 0),
        // Exponents.
        ("1e2", 10_000), ("1.5E+3", 150_000), ("1.5e-1", 15), ("-1.0658141036401503e-14", 0), ("0e999999999999", 0),
        ("12345678901234567890e-18", 1_235),
        // Binary fractions, as clients print them.
        ("28.671000000000003", 2_867), ("2.8000000000000003", 280), ("178.79999999999998", 17_880),
        // Halves are rounded away from zero.
        ("0.005", 1), ("-0.005", -1), ("0.0049999", 0), ("1.995", 200), ("-1.995", -200), ("9.994999", 999),
        // A comma before one or two final digits.
        ("233,73", 23_373), ("0,5", 50), ("1.234,56", 123_456), ("1.234.567,8", 123_456_780),
        // Groups of three.
        ("1,234", 123_400), ("1,234.5", 123_450), ("1,234,567.89", 123_456_789), ("1.234.567", 123_456_700),
        // Symbols, codes, blanks.
        ("€50.92", 5_092), ("50,92 €", 5_092), ("- $ 5", -500), ("$-5.00", -500), ("\u{2212}5", -500), ("£1", 100),
        ("¥12", 1_200), ("₹12", 1_200), ("1 234,50", 123_450), ("1\u{A0}234,50", 123_450), ("1\u{202F}234,50", 123_450),
        ("\t12\n", 1_200), ("EUR 12.50", 1_250), ("12.50eur", 1_250), ("12EUR", 1_200),
        // The limit.
        ("90000000000000", 9_000_000_000_000_000), ("-90000000000000.00", -9_000_000_000_000_000),
        ("90000000000000.004", 9_000_000_000_000_000),
    ])
    func `is read exactly to cents`(text: String, cents: Int64) {
        #expect(minorUnits(text, digits: 2) == cents)
    }

    @Test(
        arguments: [
            ("12", 1_200_000), ("12.34", 1_234_000), ("-0.00001", -1), ("0.000019", 1), ("99.9999999", 9_999_999),
            ("1.234,56", 123_456_000), ("€ 5", 500_000), ("9000000000000", 900_000_000_000_000_000),
            ("9000000000000.1", nil), ("99999999999999", nil), ("12 EUR", nil), ("", nil), ("x", nil),
        ] as [(String, Int64?)])
    func `of whatever currency is read to five decimals, and cut off there`(text: String, count: Int64?) {
        let amount = Array(text.utf8).withUnsafeBytes { MoneyText.fine($0) }
        #expect(amount?.count == count)
    }

    @Test(arguments: [
        "", " ", "€", "-", ".", ",", "e5", "1e", "1e+", "1e5x", "abc", "12abc", "1.2.3", "1,2,3", "12,3456", "1,23.4",
        "1.23,4", "1,,5", "1234,567.8", ",5.5", "--5", "5-", "€5€", "$5€", "0x10", "NaN", "Infinity", "1/2", "10%",
        "USD 5", "٣", "1,5e3", "90000000000000.01", "90000000000000.005", "-90000000000001", "1e15", "1e400",
        "1e99999999999999999999",
        String(repeating: "1", count: 129), String(repeating: " ", count: 200) + "1",
    ])
    func `that cannot be read, or is too much, is absent`(text: String) {
        #expect(minorUnits(text, digits: 2) == nil)
    }

    /// A blank before the text makes the reader take the long way.
    @Test(arguments: UInt64(1)...20)
    func `is read the short way as it is the long way`(seed: UInt64) {
        var random = SplitMix(seed)
        let letters = Array("00123456789..,")
        for _ in 0..<2_000 {
            let text = String((0...random.next() % 16).map { _ in letters[Int(random.next() % 14)] })
            let digits = Int(random.next() % 5)
            #expect(minorUnits(text, digits: digits) == minorUnits(" " + text, digits: digits), "\(text)")
        }
    }

    @Test(arguments: [
        ("3164.64", 0, 3_165), ("3164.5", 0, 3_165), ("3164.49", 0, 3_164), ("12.5", 3, 12_500), ("12.3456", 3, 12_346),
        ("12,50", 3, 12_500), ("1,234,567", 3, 1_234_567_000), ("1.00005", 4, 10_001),
    ])
    func `has the digits of its currency`(text: String, digits: Int, expected: Int64) {
        #expect(minorUnits(text, digits: digits) == expected)
    }

    @Test func `that may be thousands or three decimals is absent where a currency has three`() {
        #expect(minorUnits("1,234", digits: 3) == nil)
    }

    @Test(arguments: [
        (Int64(0), 2, "0.00"), (5, 2, "0.05"), (-5, 2, "-0.05"), (1_234, 2, "12.34"), (1_234, 0, "1234"),
        (12, 3, "0.012"),
        (Int64.min, 2, "-92233720368547758.08"),
    ])
    func `is written with its currency's digits`(minorUnits: Int64, digits: Int, text: String) {
        #expect(MoneyText.decimal(minorUnits: minorUnits, digits: digits) == text)
    }

    @Test(arguments: UInt64(1)...50)
    func `is read back as it was written`(seed: UInt64) {
        var random = SplitMix(seed)
        for _ in 0..<100 {
            let amount = Int64(random.next() % 18_000_000_000_000_001) - Money.minorUnitsMax
            let digits = Int(random.next() % 5)
            #expect(
                minorUnits(MoneyText.decimal(minorUnits: amount, digits: digits), digits: digits) == amount,
                "seed \(seed)")
        }
    }

    @Test(arguments: ["EUR", "usd", " Gbp ", "KWD", "JPY", "XOF"])
    func `may be in a currency that exists, in any case`(letters: String) {
        #expect(known(letters) != nil)
    }

    @Test(arguments: ["", "EU", "EURO", "XXX", "ABC", "€", "E R", "123", "ÄÖÜ"])
    func `may not be in one that does not`(letters: String) {
        #expect(known(letters) == nil)
    }

    @Test func `knows how many digits a currency has`() {
        let currencies = KnownCurrencies()
        #expect(currencies.digits(of: currency("EUR")) == 2)
        #expect(currencies.digits(of: currency("JPY")) == 0)
        #expect(currencies.digits(of: currency("KWD")) == 3)
        #expect(currencies.digits(of: currency("CLF")) == 4)
        #expect(currencies.digits(of: currency("QQQ")) == nil)
    }

    private func minorUnits(_ text: String, digits: Int) -> Int64? {
        Array(text.utf8).withUnsafeBytes { MoneyText.minorUnits($0, digits: digits, code: currency("EUR")) }
    }

    private func known(_ letters: String) -> Currency? {
        Array(letters.utf8).withUnsafeBytes { KnownCurrencies().currency($0) }
    }
}

/// SplitMix64. A seed repeats a test.
struct SplitMix {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
