package import CustomerLifecycle
package import Wire

/// Customers in the order asked for, of folds that stand still. Each row is written when it is lent, so that a list of
/// everybody takes 16 bytes for each.
package struct CustomerListing {
    /// A customer among those of all partitions.
    fileprivate struct Entry {
        let key: Int64
        let place: SubjectPlace
        let partition: UInt32
    }

    package let asOf: Instant?
    /// How many there are, whether listed or not.
    package let count: Int
    private let folds: UncheckedFolds
    private let moment: LogMoment
    private let entries: ArraySlice<Entry>
    /// Of each partition; nil where none are asked for.
    private let moved: [[[UInt8]: CustomerRow.Move]]?

    /// How many are listed.
    package var shownCount: Int { entries.count }

    init(
        _ question: CustomersQuestion, of log: FoldedLog, moved: [[[UInt8]: CustomerRow.Move]]? = nil,
        threadCount: Int = coreCount
    ) throws(ProcessorError) {
        precondition(question.moves == nil || moved != nil, "Who moved is told by a fold of its own.")
        try question.check(log.moment)
        let folds = UncheckedFolds(folds: log.folds)
        let moment = log.moment
        let parts = onThreads(count: log.folds.count, threadCount: threadCount) { index in
            ListingPart(question, folds, index, under: moment.policy, moved: moved?[index])
        }
        asOf = moment.instant
        self.moment = moment
        self.folds = folds
        self.moved = moved
        count = parts.reduce(0) { $0 + $1.count }
        let found = parts.count == 1 ? parts[0].found : parts.flatMap(\.found)
        entries = found.sorted { folds.isBefore($0, $1, question) }.prefix(question.limit)
    }

    /// Lends the rows in their order, for as long as `body` asks for more.
    package func lendEach(_ body: (CustomerRow) -> Bool) {
        let instant = moment.instant ?? .distantPast
        let pens = folds.folds.map { fold in
            RowPen(StageWords(policy: moment.policy, progress: fold.withState { $0.progress }), partition: fold.index)
        }
        for entry in entries {
            let row = folds.withSubject(entry) { subject in
                var row = pens[Int(entry.partition)].row(subject, at: instant)
                row.move = moved?[Int(entry.partition)][Array(subject.subject)]
                return row
            }
            guard body(row) else { return }
        }
    }
}

extension FoldedLog {
    /// The customers asked for. Nothing may be folded as long as the listing is used.
    package func listing(_ question: CustomersQuestion) throws(ProcessorError) -> CustomerListing {
        try CustomerListing(question, of: self)
    }
}

/// The customers of one partition who may be listed.
private final class ListingPart {
    private(set) var count = 0
    private(set) var found: [CustomerListing.Entry] = []

    init(
        _ question: CustomersQuestion, _ folds: UncheckedFolds, _ index: Int, under policy: PolicyInForce,
        moved: [[UInt8]: CustomerRow.Move]?
    ) {
        let fold = folds.folds[index]
        fold.withState { state in
            let keys = CustomerKeys(question, state.progress, under: policy, moved: moved)
            var last: CustomerListing.Entry?
            state.lendEachPlace { place, subject in
                guard let key = keys.key(of: subject) else { return }
                count += 1
                let entry = CustomerListing.Entry(key: key, place: place, partition: UInt32(index))
                if let last, !folds.isBefore(entry, last, question) { return }
                found.append(entry)
                guard found.count / 2 >= question.limit else { return }
                found.sort { folds.isBefore($0, $1, question) }
                found.removeLast(found.count - question.limit)
                last = found.last
            }
        }
    }
}

extension UncheckedFolds {
    fileprivate func withSubject<Result>(
        _ entry: CustomerListing.Entry, _ body: (LentSubject) -> Result
    ) -> Result {
        folds[Int(entry.partition)].withState { $0.withSubject(at: entry.place, body) }
    }

    fileprivate func isBefore(
        _ a: CustomerListing.Entry, _ b: CustomerListing.Entry, _ question: CustomersQuestion
    ) -> Bool {
        question.isDescending ? isLess(b, a) : isLess(a, b)
    }

    private func isLess(_ a: CustomerListing.Entry, _ b: CustomerListing.Entry) -> Bool {
        guard a.key == b.key else { return a.key < b.key }
        return withSubject(a) { a in withSubject(b) { b in a.subject.lexicographicallyPrecedes(b.subject) } }
    }
}
