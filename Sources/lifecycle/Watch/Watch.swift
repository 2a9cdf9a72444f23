import Brokers
import Processor
import Wire

/// Follows `lifecycle.changes` and shows what a filter lets through, until it is told to stop.
struct Watch<B: Broker> {
    private let place: LogPlace<B>
    private let feed: ChangeFeed<B>
    private let filter: ChangeFilter
    /// Nil: as many as there will be.
    private let countMax: Int?

    /// A change that is shown: what it says, and the record it is.
    struct Shown {
        let notice: ChangeNotice
        let record: LentRecord
    }

    /// Between two looks where nothing comes in.
    static var pauseMilliseconds: Int { 200 }

    init(
        _ place: LogPlace<B>, from start: ChangeStart, filter: ChangeFilter, countMax: Int?
    ) throws(ProcessorError) {
        self.place = place
        self.filter = filter
        self.countMax = countMax
        feed = try ChangeFeed(broker: place.broker, names: place.names, from: start)
    }

    /// `onPause` is called whenever all there is was shown.
    func run(
        until isStopping: () -> Bool, show: (Shown) throws(ProcessorError) -> Void, onPause: () -> Void
    ) throws(ProcessorError) {
        var reader = ChangeNoticeReader()
        var left = countMax ?? .max
        while left > 0, !isStopping() {
            let count = try feed.lendBatch { record throws(ProcessorError) in
                guard left > 0, let value = record.value, let notice = reader.read(value), filter.admits(notice) else {
                    return
                }
                try show(Shown(notice: notice, record: record))
                left -= 1
            }
            guard count == 0 else { continue }
            onPause()
            try pause()
        }
    }

    private func pause() throws(ProcessorError) {
        do throws(BrokerError) { try place.wait(Self.pauseMilliseconds) } catch { throw ProcessorError(error) }
    }
}

/// Which changes a watcher wants to see.
struct ChangeFilter: Equatable, Sendable {
    var stage: String?
    /// With or without its prefix.
    var customer: String?

    func admits(_ change: ChangeNotice) -> Bool {
        if let stage, change.stage != stage, change.previousStage != stage { return false }
        guard let customer else { return true }
        return change.customer == customer || ["u:" + customer, "a:" + customer].contains(change.customer)
    }
}
