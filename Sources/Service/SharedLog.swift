package import CommandLine
import CustomerLifecycle
package import Processor
import Storage
import Synchronization

/// The log of a process with several threads.
///
/// It is written to only while the lock is held, which makes `@unchecked Sendable` safe.
package final class SharedLog: @unchecked Sendable {
    private let lock = Mutex(())
    private let log: Log

    package init(_ style: LogStyle, to output: FileOutput) {
        log = Log(style: style, output: output) { Instant(milliseconds: SystemClock().nowMilliseconds()) }
    }

    package func note(_ sentence: String, _ values: KeyValuePairs<String, String> = [:]) {
        lock.withLock { _ in log.note(sentence, values) }
    }

    package func warning(_ sentence: String, _ values: KeyValuePairs<String, String> = [:]) {
        lock.withLock { _ in log.warning(sentence, values) }
    }

    func write(_ line: LogLine) {
        switch line.level {
        case .note: note(line.sentence, line.values)
        case .warning: warning(line.sentence, line.values)
        case .failure: failure(line.sentence, line.values)
        }
    }

    package func failure(_ sentence: String, _ values: KeyValuePairs<String, String> = [:]) {
        lock.withLock { _ in log.failure(sentence, values) }
    }
}

extension SharedLog {
    /// Logs how a commit turned out whose answer was lost. Neither outcome loses or repeats anything.
    package func tell(_ settled: SettledCommit, by role: Role) {
        switch settled {
        case .made:
            warning("the answer to a commit did not come; the group's offsets say it was made", ["lane": role.rawValue])
        case .notMade:
            warning(
                "the answer to a commit did not come; the group's offsets say it was not made, so it is done again",
                ["lane": role.rawValue])
        }
    }
}
