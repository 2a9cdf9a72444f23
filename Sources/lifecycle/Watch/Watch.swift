import Brokers
import CustomerLifecycle
import Processor
import Wire

/// Follows `lifecycle.changes` and shows what a filter admits, until it is told to stop.
struct Watch<B: Broker> {
    private let place: LogPlace<B>
    private let feed: ChangeFeed<B>
    private let filter: ChangeFilter
    /// How many changes to show; nil where there is no limit.
    private let countMax: Int?

    /// An output to show, with its record.
    struct Shown {
        let output: PublishedOutput
        let record: LentRecord
    }

    /// The longest wait between two reads while nothing comes.
    static var pauseMilliseconds: Int { 200 }

    init(
        _ place: LogPlace<B>, from start: ChangeStart, filter: ChangeFilter, countMax: Int?
    ) throws(ProcessorError) {
        self.place = place
        self.filter = filter
        self.countMax = countMax
        feed = try ChangeFeed(broker: place.broker, names: place.names, from: start)
    }

    /// Shows changes until `isStopping` or the limit. `onPause` is called whenever everything there is was shown,
    /// `onUnreadable` with a sentence about a record that is passed over.
    func run(
        until isStopping: () -> Bool, show: (Shown) throws(ProcessorError) -> Void, onPause: () -> Void,
        onUnreadable: (String) -> Void
    ) throws(ProcessorError) {
        var left = countMax ?? .max
        while left > 0, !isStopping() {
            let count = try feed.lendBatch { record throws(ProcessorError) in
                guard left > 0 else { return }
                switch record.content {
                case .success(let output?) where filter.admits(output):
                    try show(Shown(output: output, record: record.record))
                    left -= 1
                case .success: break
                case .failure(let reason):
                    onUnreadable("Offset \(record.record.offset) of \(record.partition) is passed over: \(reason).")
                }
            }
            guard count == 0 else { continue }
            onPause()
            try pause()
        }
    }

    private func pause() throws(ProcessorError) {
        try ProcessorError.translating { () throws(BrokerError) in try place.wait(Self.pauseMilliseconds) }
    }
}

/// Which outputs a watcher wants to see.
struct ChangeFilter: Equatable, Sendable {
    var stage: String?
    /// The customer's id, with or without its prefix.
    var customer: String?

    func admits(_ output: PublishedOutput) -> Bool {
        if let stage {
            switch output.content {
            case .stageChange(let change):
                guard change.standing.stage == stage || change.previousStage == stage else { return false }
            case .restatement(let standing):
                guard standing.stage == stage else { return false }
            case .forgetting(let forgetting):
                guard forgetting.previousStage == stage else { return false }
            case .action(let action):
                guard action.stage == stage else { return false }
            case .segmentChange, .consentChange: return false
            }
        }
        guard let customer else { return true }
        return Subject.meant(by: customer).contains(output.head.customer)
    }
}
