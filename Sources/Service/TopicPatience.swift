import Glibc
package import Processor

/// How long a process that starts waits for topics that no broker knows: each of several brokers learns of a topic
/// seconds after its maker was told that it is there, and which of them is asked is the client's choice.
package struct TopicPatience: Sendable {
    package static let standard = Duration.seconds(10)
    private let end: ContinuousClock.Instant
    private let isStopping: @Sendable () -> Bool

    /// It is over at once where `isStopping`.
    package init(_ duration: Duration, until isStopping: @escaping @Sendable () -> Bool = { false }) {
        end = .now + duration
        self.isStopping = isStopping
    }

    /// Calls `body` again as long as a topic is missing and the patience is not over.
    package func call<Result>(_ body: () throws(ProcessorError) -> Result) throws(ProcessorError) -> Result {
        while true {
            do throws(ProcessorError) {
                return try body()
            } catch {
                guard error.isOfMissingTopic, .now < end, !isStopping() else { throw error }
                usleep(100_000)
            }
        }
    }
}

extension ProcessorError {
    fileprivate var isOfMissingTopic: Bool { cause == .notOurLog || cause == .inputMissing }
}
