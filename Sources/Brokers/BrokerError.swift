package import Storage

/// An error of a broker, reduced to what a caller can do about it.
package struct BrokerError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Remedy: Equatable, Sendable {
        /// The same call may succeed later.
        case retry
        /// Abort the transaction and run it again.
        case abortTransaction
        /// Another producer of the same id took over.
        case fenced
        /// Stored bytes are damaged; the description names file and offset.
        case damaged
        /// Another process holds the directory.
        case inUse
        /// The topic or partition does not exist, or we may not see it.
        case absent
        /// Authentication or authorisation failed.
        case refused
        /// The client library did not return in time, or its state is impossible. Only a new process helps.
        case hung
        /// No retry can change it.
        case stop
    }

    package let remedy: Remedy
    package let description: String
    /// The cause that lies in this machine, where it does.
    package let local: LocalFailure?

    package init(_ remedy: Remedy, _ description: String, local: LocalFailure? = nil) {
        self.remedy = remedy
        self.description = description
        self.local = local
    }
}

extension BrokerError {
    package static func noPartition(_ partition: TopicPartition) -> Self {
        BrokerError(.absent, "There is no partition \(partition).")
    }

    static func topicExists(_ topic: Topic) -> Self { BrokerError(.stop, "There is a topic \(topic) already.") }

    package init(_ error: StorageError) {
        let remedy: Remedy =
            switch error {
            case .damaged: .damaged
            case .inUse: .inUse
            case .full: .abortTransaction
            case .system, .missing, .refusing, .tooLarge: .stop
            }
        self.init(remedy, error.description, local: error.local)
    }

    static func translating<Result>(_ body: () throws(StorageError) -> Result) throws(Self) -> Result {
        do {
            return try body()
        } catch {
            throw BrokerError(error)
        }
    }
}
