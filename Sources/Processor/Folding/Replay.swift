import Brokers
import CustomerLifecycle

/// Folds records with output off: recovery, rebuild, and every question that is answered from the log.
struct Replay {
    let fold: LogFold
    private var outcome = Outcome(describes: false)

    /// Large enough that reading costs nothing beside folding.
    private static let recordCountMax = 8_192

    init(fold: LogFold) { self.fold = fold }

    /// Folds up to `end`, then into the record there up to `cursor`. `onProgress` is told how many records were folded
    /// since the last time.
    mutating func run(
        _ reader: some PartitionReader, upTo end: NextOffset, cursor: Int? = nil, onProgress: (Int) -> Void
    ) throws(ProcessorError) {
        // Its own, or it would be retained and released for each record.
        let fold = fold
        while fold.next < end || (cursor != nil && !fold.isWithinRecord) {
            let count: Int
            do throws(ReadError<ProcessorError>) {
                count = try reader.read(countMax: Self.recordCountMax) { records throws(ProcessorError) in
                    let ahead = FetchAhead(of: records)
                    for place in records.indices {
                        if place % DecodedEvents.countMax == 0 { fold.decodeAhead(records, from: place, ahead) }
                        ahead.fetch(beyond: place, for: fold)
                        try take(records[place], before: end, cursor: cursor)
                    }
                }
            } catch {
                throw ProcessorError(error)
            }
            onProgress(count)
            guard count > 0 else { return }
        }
    }

    private mutating func take(_ record: LentRecord, before end: NextOffset, cursor: Int?) throws(ProcessorError) {
        guard record.offset < end.value || (record.offset == end.value && cursor != nil) else { return }
        outcome.removeAll()
        guard try !fold.fold(record, into: &outcome) else { return }
        if record.offset == end.value, let cursor {
            proceed(to: cursor)
        } else {
            finish()
        }
    }

    /// Into the record, until it has given so many outputs. One call may give fewer: it stops where an epoch begins.
    /// None at all means not one step: a record that gives nothing would be done, and was not when that was committed.
    private mutating func proceed(to cursor: Int) {
        var left = cursor
        while left > 0 {
            outcome.removeAll()
            guard !fold.proceed(outputCountMax: left, into: &outcome) else { return }
            left -= outcome.count
        }
    }

    /// Folds a record that moves time to its end, a slice at a time so that what it publishes is never all in memory.
    mutating func finish() {
        repeat { outcome.removeAll() } while !fold.proceed(outputCountMax: Self.recordCountMax, into: &outcome)
    }
}
