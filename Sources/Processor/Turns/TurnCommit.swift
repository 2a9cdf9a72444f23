import Brokers

/// One turn on its way to the broker: its records and its offsets, in one transaction. Run once, by whichever thread
/// the `CommitRunner` has for it; nobody else uses the producer meanwhile.
final class TurnCommit<Producer: TransactionalProducer> {
    struct Offset {
        let partition: TopicPartition
        let value: CommittedOffset
    }

    enum Ending {
        case ended(CommitOutcome)
        /// Nothing of it was committed, unless the end itself failed; it was aborted, if that did not fail too.
        case broken(BrokerError, abort: BrokerError?)
    }

    let offsets: [Offset]
    private let records: RecordBuffer
    private let group: Group
    private let assignment: Assignment
    private let producer: Producer
    /// Whether the turn has begun the transaction already.
    private let isOpen: Bool
    /// How it ended; nil until it has run.
    private(set) var ending: Ending?
    /// From its first record to its end.
    private(set) var duration = Duration.zero

    init(
        of records: RecordBuffer, _ offsets: [Offset], for group: Group, as assignment: Assignment,
        to producer: Producer, isOpen: Bool
    ) {
        self.records = records
        self.offsets = offsets
        self.group = group
        self.assignment = assignment
        self.producer = producer
        self.isOpen = isOpen
    }

    func run() {
        let began = ContinuousClock.now
        defer { duration = .now - began }
        do throws(BrokerError) { if !isOpen { try producer.begin() } } catch {
            ending = .broken(error, abort: nil)
            return
        }
        do throws(BrokerError) {
            try records.lendEach { record throws(BrokerError) in try producer.produce(record) }
            for offset in offsets {
                try producer.commit(offset.value, of: offset.partition, for: group, as: assignment)
            }
            ending = .ended(try producer.end())
        } catch {
            ending = .broken(error, abort: producer.abortFailure())
        }
    }
}

extension TransactionalProducer {
    /// Drops the open transaction. Returns what kept it from that.
    func abortFailure() -> BrokerError? {
        do throws(BrokerError) {
            try abort()
            return nil
        } catch {
            return error
        }
    }
}
