import CustomerLifecycle
import PolicyLanguage
import Testing

@Suite struct `A value in words` {
    private static let day: Int64 = 86_400_000

    @Test(arguments: [
        (0, "0 days"), (1, "1 ms"), (day, "1 day"), (91 * day, "91 days"), (90 * day + 1, "90 days 1 ms"),
        (90 * day - 1, "89 days 23 hours"), (3_600_000, "1 hour"), (5_400_000, "1 hour 30 minutes"),
        (61_000, "1 minute 1 second"), (-2 * day, "-2 days"), (Int64.min, "-106751991167 days 7 hours"),
    ])
    func `is a duration in its two greatest units`(value: Int64, expected: String) {
        #expect(PolicyText.value(value, of: .duration) == expected)
        #expect(PolicyText.value(value, of: .runningTime) == expected)
    }

    @Test(arguments: [
        (1_250, "EUR", "12.50 EUR"), (5, "EUR", "0.05 EUR"), (0, "EUR", "0.00 EUR"), (-1_250, "EUR", "-12.50 EUR"),
        (3_164, "JPY", "3164 JPY"), (0, "JPY", "0 JPY"), (1_500, "KWD", "1.500 KWD"),
        (Int64.min, "EUR", "-92233720368547758.08 EUR"),
    ])
    func `is an amount in its currency's digits`(value: Int64, code: String, expected: String) {
        #expect(PolicyText.value(value, of: .money, currency: Currency(code.utf8)) == expected)
    }

    @Test(arguments: [
        (800, "4 of 5"), (1_000, "5 of 5"), (0, "0 of 5"), (700, "7 of 10"), (750, "75 of 100"), (333, "333 of 1000"),
    ])
    func `is a score in the smallest scale that fits`(value: Int64, expected: String) {
        #expect(PolicyText.value(value, of: .score) == expected)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (951_782_400_000, "2000-02-29T00:00:00Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (1_735_689_599_001, "2024-12-31T23:59:59.001Z"), (4_102_444_800_000, "2100-01-01T00:00:00Z"),
    ])
    func `is an instant in UTC`(value: Int64, expected: String) {
        #expect(PolicyText.value(value, of: .instant) == expected)
    }

    @Test func `is a plain count, yes or no`() {
        #expect(PolicyText.value(3, of: .count) == "3")
        #expect(PolicyText.value(1, of: .flag) == "yes")
        #expect(PolicyText.value(0, of: .flag) == "no")
    }

    @Test func `has a type for every fact of the core, the one the language knows`() {
        #expect(Fact.allCases.map(\.valueType).count == Fact.allCases.count)
        #expect(Fact.revenue.valueType == .money)
        #expect(Fact.usualGap.valueType == .duration)
    }
}
