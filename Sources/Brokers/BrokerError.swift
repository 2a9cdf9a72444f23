/// What went wrong with a broker, reduced to what a caller can act on.
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
        /// Someone else holds the directory.
        case inUse
        /// Nothing a retry could change.
        case stop
    }

    package let remedy: Remedy
    package let description: String

    package init(_ remedy: Remedy, _ description: String) {
        self.remedy = remedy
        self.description = description
    }
}
