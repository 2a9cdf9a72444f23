import Brokers
import CommandLine
import CustomerLifecycle
import Processor
import Service
import Wire

extension LogPlace {
    /// The log folded to its end, or as of an instant, with progress shown.
    func folded(asOf: Instant?, terminal: Terminal) throws(CommandFailure) -> FoldedLog {
        let view = try view()
        return try CommandFailure.translating { () throws(ProcessorError) in
            let work = LongWork("folding", unit: "records", total: try view.recordCount(), terminal: terminal)
            defer { work.end() }
            let advance: @Sendable (Int) -> Void = { work.advance(by: $0) }
            return if let asOf { try view.asOf(asOf, onProgress: advance) } else {
                try view.current(onProgress: advance)
            }
        }
    }

    /// A fold for each month, with progress over all of them.
    func months(
        _ count: Int, endingAt instant: Instant, terminal: Terminal
    ) throws(CommandFailure) -> [StagesReport.Month] {
        let view = try view()
        return try CommandFailure.translating { () throws(ProcessorError) in
            let total = try view.recordCount() * count
            let work = LongWork("folding each month", unit: "records", total: total, terminal: terminal)
            defer { work.end() }
            return try view.months(count, endingAt: instant) { work.advance(by: $0) }
        }
    }
}
