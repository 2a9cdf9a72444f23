package import Brokers
package import Storage

/// Why processing stopped. Each cause has one exit code; the description is for the person who must act.
package struct ProcessorError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Cause: Hashable, Sendable {
        case brokerUnreachable
        case directoryInUse
        /// Damaged bytes, or a record of a kind or format that this build cannot fold.
        case damagedLog
        case otherFoldVersion
        /// Genesis is missing, or of another log.
        case notOurLog
        /// The log's beginning is gone, or its configuration will lose it.
        case pastIsBeingLost
        case offsetMissing
        case offsetBeyondEnd
        case foldNotDeterministic
        case poisonRecord
        case fenced
        case otherLogContent
        case refused
        /// The client library hung.
        case hung
        /// There is no such input to read, or nobody shows it to us.
        case inputMissing
        /// Something asked for that cannot be done; nothing is wrong with the log.
        case usage
        /// The log knows nothing of what was asked for.
        case notFound
        /// This machine is in the way: its disk, its rights, its limits.
        case local(LocalFailure)
    }

    package let cause: Cause
    package let description: String

    package init(_ cause: Cause, _ description: String) {
        self.cause = cause
        self.description = description
    }

    package init(_ error: BrokerError) {
        if let local = error.local {
            self.init(.local(local), error.description)
            return
        }
        let cause: Cause =
            switch error.remedy {
            case .fenced: .fenced
            case .damaged: .damagedLog
            case .inUse: .directoryInUse
            case .refused: .refused
            case .hung: .hung
            case .retry, .abortTransaction, .absent, .stop: .brokerUnreachable
            }
        self.init(cause, error.description)
    }

    init(_ error: ReadError<ProcessorError>) {
        switch error {
        case .broker(let error): self.init(error)
        case .body(let error): self = error
        }
    }

    package init(_ error: StorageError) {
        let cause = error.local.map { Cause.local($0) }
        switch error {
        case .inUse: self.init(.directoryInUse, error.description)
        case .missing: self.init(.local(.wrongPath), error.description)
        case .system, .full, .damaged, .refusing, .tooLarge: self.init(cause ?? .damagedLog, error.description)
        }
    }

    /// Runs a call on a layer below, whose failure is then a reason to stop.
    package static func translating<Lower: StoppingError, Result>(
        _ body: () throws(Lower) -> Result
    ) throws(ProcessorError) -> Result {
        do throws(Lower) { return try body() } catch { throw error.stopping }
    }
}

/// An error of a layer below that is a reason to stop.
package protocol StoppingError: Error {
    var stopping: ProcessorError { get }
}

extension BrokerError: StoppingError {
    package var stopping: ProcessorError { ProcessorError(self) }
}

extension StorageError: StoppingError {
    package var stopping: ProcessorError { ProcessorError(self) }
}
