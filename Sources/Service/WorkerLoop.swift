import Processor

/// The working life of a worker: turns while there is something to do, and patience while the broker is away.
/// It ends when it is told to, or with an error that no waiting mends.
struct WorkerLoop {
    let report: WorkerReport
    let isStopping: @Sendable () -> Bool
    /// Does one turn; says whether there may be more at once.
    let turn: () throws(ProcessorError) -> Bool
    /// Waits for records, at most so many milliseconds.
    let wait: (Int) -> Void

    /// The maximum between two looks at the group; a record ends the wait at once.
    private static let waitMilliseconds = 50
    private static let patienceMilliseconds = 1_000

    func run() throws(ProcessorError) {
        while !isStopping() {
            do throws(ProcessorError) {
                let hasMore = try turn()
                report.beat()
                if !hasMore { wait(Self.waitMilliseconds) }
            } catch {
                guard error.cause == .brokerUnreachable, report.snapshot.hasLived else { throw error }
                report.enter(.inTrouble(error.description))
                wait(Self.patienceMilliseconds)
            }
        }
    }
}
