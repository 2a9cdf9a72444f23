import Processor

/// Runs the turns of a worker, and waits while the broker is away. It ends when told to, or with an error that waiting
/// cannot mend.
struct WorkerLoop {
    let report: WorkerReport
    let isStopping: @Sendable () -> Bool
    /// Takes one turn and returns whether there may be more to do at once.
    let turn: () throws(ProcessorError) -> Bool
    /// Waits for records, at most for the given milliseconds.
    let wait: (Int) -> Void

    /// The longest wait between two polls of the group. A record ends the wait at once.
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
