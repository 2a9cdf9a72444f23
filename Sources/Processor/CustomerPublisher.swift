import Brokers
import CustomerLifecycle
import Wire

/// Writes `lifecycle.customers`: the latest row of everyone whom a turn touched, once, on the log's own partition; a
/// tombstone for who was forgotten.
///
/// A view, outside count and chains: where turns end decides how many rows there are, the log alone decides which is
/// the last.
final class CustomerPublisher {
    private let partition: TopicPartition
    private let index: Int
    private var json = JSONWriter()

    init(names: Names, partition: Int) {
        self.partition = TopicPartition(names.customers, partition)
        index = partition
    }

    func publish(_ fold: LogFold, to producer: some TransactionalProducer) throws(BrokerError) {
        guard let words = StageWords(fold) else { return }
        try fold.withState { state throws(BrokerError) in
            try state.lendTouchedCustomers { subject, lent throws(BrokerError) in
                guard let lent else { return try produce(nil, key: subject, to: producer) }
                json.removeAll()
                CustomerRow(lent, in: index, words: words, at: .distantPast).write(to: &json)
                var failure: BrokerError?
                json.bytes.withUnsafeBytes { value in
                    do throws(BrokerError) { try produce(value, key: subject, to: producer) } catch { failure = error }
                }
                if let failure { throw failure }
            }
        }
    }

    private func produce(
        _ value: UnsafeRawBufferPointer?, key: UnsafeRawBufferPointer, to producer: some TransactionalProducer
    ) throws(BrokerError) {
        try producer.produce(OutgoingRecord(partition: partition, key: key, value: value))
    }
}

extension CustomerRow {
    /// A customer as judged at an instant, or at their own time where that is later.
    init(_ lent: LentSubject, in partition: Int, words: StageWords, at instant: Instant) {
        let judge = Judge(under: words.policy.policy)
        var said = Said()
        lent.read(into: &judge.facts, &said)
        judge.read()
        let facts = judge.facts
        let at = max(instant, said.subjectTime)
        let description = judge.describe(judge.evaluate(at: at), at: at)
        self.init(
            customer: String(decoding: lent.subject, as: UTF8.self), stage: words.stageName(said.stage),
            enteredAt: said.since, rule: words.rule(of: said), entryCount: Int(said.entryCount(of: said.stage)),
            cycle: Int(description.orders.cycle), sequence: Int64(said.sequence),
            forecast: description.forecast.map(words.forecast), orders: Int(description.orders.kept),
            revenue: words.revenue(description.orders), firstOrderAt: description.orders.first,
            lastOrderAt: description.orders.last, firstSeenAt: description.firstSeen, lastSeenAt: description.lastSeen,
            consents: ShortList(Self.consents(facts, at: at)), policy: words.policy.reference,
            isTruncated: facts.isTruncated, logPartition: partition, logOffset: said.lastChange.offset, asOf: at)
    }

    private static func consents(_ facts: Facts, at instant: Instant) -> [Consent] {
        facts.consents.map { consent in
            let standing = facts.consent(to: consent.purpose, on: consent.channel, at: instant)
            return Consent(
                channel: consent.channel, purpose: consent.purpose.text, isGranted: standing.stands,
                since: consent.newest,
                validUntil: standing.stands && standing.until != .never ? standing.until : nil)
        }
    }
}
