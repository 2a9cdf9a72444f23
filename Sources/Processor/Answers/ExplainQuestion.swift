package import Brokers
package import CustomerLifecycle
package import Storage
package import Wire

/// Asks where a customer stands and why, and how it came about. An unknown customer is the error `notFound`.
package struct ExplainQuestion: Question, Equatable {
    /// The customer's id, with or without its prefix.
    package var customer: String
    /// The instant asked about; nil for the newest that the log knows.
    package var asOf: Instant?

    package init(customer: String, asOf: Instant? = nil) {
        self.customer = customer
        self.asOf = asOf
    }

    package func answer(
        from view: LogView<some Broker, some Disk>, onWork: OnWork
    ) throws(ProcessorError) -> ExplainReport {
        let report = try view.explain(customer, asOf: asOf, onProgress: onWork("reading", nil))
        guard let report else { throw notFound }
        return report
    }

    /// Reads the customer's partition from the log, a batch a step, up to where its fold stands now.
    package func begin(in log: LiveLog<some Broker>) throws(ProcessorError) -> any AnswerUnderWay<ExplainReport> {
        guard asOf == nil else { throw .asksForItsOwnFold }
        for subject in Subject.meant(by: customer) {
            let key = Array(subject.utf8)
            let fold = try log.fold(of: key, named: subject)
            let isCustomer = key.withUnsafeBytes { key in
                fold.withState { $0.withSubject(key, hash: subjectHash(key), \.isCustomer) }
            }
            if isCustomer == true { return try ExplanationUnderWay(key, of: fold, in: log) }
        }
        throw notFound
    }

    private var notFound: ProcessorError { ProcessorError(.notFound, "no customer \(customer)") }
}

extension LiveLog {
    /// The fold of a subject's partition.
    fileprivate func fold(of key: [UInt8], named subject: String) throws(ProcessorError) -> LogFold {
        let count = folds.first?.genesis?.partitionCount ?? 1
        let partition = key.withUnsafeBytes { Murmur2.partition(of: $0, partitionCount: count) }
        guard let fold = folds.first(where: { $0.index == partition }) else {
            throw ProcessorError(
                .usage, "\(subject) belongs to \(names.log(partition)), which another process holds: ask there.")
        }
        return fold
    }
}

/// The story of one customer, read from the log beside a running processor up to the offset at which it was asked for.
private final class ExplanationUnderWay<B: Broker>: AnswerUnderWay {
    private let reader: B.Reader
    private let end: NextOffset
    private var story: Story

    /// Most records are of others, and only passed over: a few milliseconds' work.
    private static var stepRecordCount: Int { 2_048 }

    init(_ subject: [UInt8], of live: LogFold, in log: LiveLog<B>) throws(ProcessorError) {
        end = live.next
        let fold = LogFold(index: live.index, cache: log.cache)
        fold.leaveOut(live.skipped)
        story = Story(subject: subject, fold: fold)
        reader = try ProcessorError.translating { () throws(BrokerError) in
            try log.broker.reader(of: log.names.log(live.index), from: fold.next)
        }
    }

    func step() throws(ProcessorError) -> ExplainReport? {
        do throws(ReadError<ProcessorError>) {
            _ = try reader.read(countMax: Self.stepRecordCount, waits: false) { records throws(ProcessorError) in
                for record in records where record.offset < end.value { try story.take(record) }
            }
        } catch {
            throw ProcessorError(error)
        }
        return reader.position < end ? nil : story.report(asOf: nil)
    }
}
