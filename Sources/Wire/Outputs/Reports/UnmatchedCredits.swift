package import CustomerLifecycle

/// Credits that no order of their customers takes: the first of them, and how many there are.
package struct UnmatchedCredits: Equatable, Sendable {
    package struct Line: Equatable, Sendable {
        package let customer: String
        package let credit: UnmatchedCredit
    }

    package private(set) var shown: [Line] = []
    package private(set) var count = 0

    package init() {}

    package mutating func add(_ credits: (shown: [UnmatchedCredit], count: Int), of customer: String) {
        count += credits.count
        let room = OrderList.unmatchedCreditCountMax - shown.count
        shown += credits.shown.prefix(max(room, 0)).map { Line(customer: customer, credit: $0) }
    }

    /// A line for each that is shown, for people.
    package var lines: [String] {
        guard count > 0 else { return [] }
        let more = count - shown.count
        return shown.map { line in
            "credit \(line.credit.id.text) of \(line.customer), \(line.credit.amount.decimal) "
                + "\(line.credit.amount.currency.letters), is taken off no order, and lowers no revenue"
        } + (more > 0 ? ["\(more) more credits are taken off no order"] : [])
    }

    func writeMembers(to json: inout JSONWriter) {
        json.array("unmatched_credits", shown) { json, line in
            json.beginObject()
            json.member("customer_id", line.customer)
            json.member("id", line.credit.id.text)
            json.member("at", line.credit.at)
            json.name("amount")
            json.amount(line.credit.amount)
            json.endObject()
        }
        json.member("unmatched_credits_count", count)
    }
}

extension JSONWriter {
    /// An amount in minor units, with its currency.
    /// The amount is null where nobody knows it.
    mutating func amount(_ money: Money, isKnown: Bool = true) {
        beginObject()
        member("amount", isKnown ? money.minorUnits : nil)
        member("currency", money.currency.letters)
        endObject()
    }
}

extension Money {
    /// `-12.50`, without its currency.
    package var decimal: String { MoneyText.decimal(minorUnits: minorUnits, digits: currency.minorDigits) }
}
