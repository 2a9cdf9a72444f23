package import CustomerLifecycle

/// What becomes of one input record: an event for the log, without personal data, and links to the other ids it names.
///
/// All bytes are lent by the reader and good until it reads the next record.
package struct RoutedRecord {
    /// Optional fields that were there and could not be read; they count as absent.
    package struct Unreadable: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let sentAt = Self(rawValue: 1)
        package static let receivedAt = Self(rawValue: 2)
        package static let birthday = Self(rawValue: 4)
        /// Beside a `userId`, where it is not needed.
        package static let anonymousID = Self(rawValue: 8)
        package static let previousID = Self(rawValue: 16)
        /// Of the shop's own word: a text that is no code.
        package static let reasonCode = Self(rawValue: 32)
        /// Of the shop's own word: a mail address where there is no key to hash it with.
        package static let actorID = Self(rawValue: 64)

        /// In the words of the input.
        static let names: [(field: Self, name: String)] = [
            (.sentAt, "sentAt"), (.receivedAt, "receivedAt"), (.birthday, EventField.birthday.description),
            (.anonymousID, "anonymousId"), (.previousID, "previousId"),
            (.reasonCode, EventField.reasonCode.description), (.actorID, EventField.actorID.description),
        ]
    }

    /// `u:…` or `a:…`: the record's key.
    package let subject: UnsafeRawBufferPointer
    package let claimed: Instant
    package let received: Instant
    package let flags: LogFlags
    package let unreadable: Unreadable
    /// Minified JSON; 64 more bytes are readable behind it.
    package let body: UnsafeRawBufferPointer
    /// 32 bytes: the SHA-256 of the input record's value.
    package let original: UnsafeRawBufferPointer
    /// As in the body: 1 to 100 bytes.
    package let messageID: UnsafeRawBufferPointer
    /// At most three: an alias may name an anonymous id besides its two.
    package let links: UnsafeBufferPointer<Link>

    /// Says that a subject belongs to a user. Its time and its message id are the record's.
    package struct Link {
        /// `a:…` or `u:…`: the link's key.
        package let subject: UnsafeRawBufferPointer
        /// The user's id, without prefix.
        package let user: UnsafeRawBufferPointer
    }
}

/// One record of an input topic, or one line of an imported file.
package struct RouterInput {
    /// Live: a device's clock is corrected where it runs ahead. Backfill: an archive, whose clocks say nothing any
    /// more.
    package enum Mode: Sendable {
        case live
        case backfill
    }

    /// The value; nil for a tombstone.
    package var value: UnsafeRawBufferPointer?
    /// The record's time in Kafka; nil where it has none (librdkafka says -1).
    package var kafkaTime: Instant?
    /// The broker's clock: the log record will be appended then or a little later.
    package var clock: Instant
    package var mode: Mode
    /// The file of orders that it is of.
    package var statement: Statement
    /// Whether only the shop itself writes the input.
    package var isOfOperator: Bool

    package init(
        value: UnsafeRawBufferPointer?, kafkaTime: Instant?, clock: Instant, mode: Mode, statement: Statement = .none,
        isOfOperator: Bool = false
    ) {
        self.value = value
        self.kafkaTime = kafkaTime
        self.clock = clock
        self.mode = mode
        self.statement = statement
        self.isOfOperator = isOfOperator
    }
}
