import CustomerLifecycle
import Wire

/// Writes the rows of one partition.
struct RowPen {
    private let words: StageWords
    private let encoder: OutputEncoder
    private let customer: CustomerReading

    init(_ words: StageWords, partition: Int) {
        self.words = words
        encoder = words.encoder(prefix: "", partition: partition)
        customer = CustomerReading(under: words.policy.policy)
    }

    func row(_ lent: LentSubject, at instant: Instant) -> CustomerRow {
        customer.read(lent, at: instant)
        customer.encode(lent.subject, by: encoder)
        let orders = customer.judge.orders
        return CustomerRow(
            customer: String(decoding: lent.subject, as: UTF8.self), stage: words.stageName(customer.said.stage),
            enteredAt: customer.said.since, orders: Int(orders.kept),
            revenue: Money(minorUnits: orders.revenue, currency: words.policy.policy.currency),
            revenueBound: customer.judge.revenueBound, firstOrderAt: orders.first, lastOrderAt: orders.last,
            forecast: customer.forecast.map(words.forecast),
            isTruncated: customer.judge.facts.isTruncated, json: Array(encoder.value))
    }
}
