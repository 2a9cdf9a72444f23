/// A time zone's rules from 1990 to 2100 as they were when the policy was adopted: part of the policy, hence of the
/// log.
package struct ZoneTable: Equatable, Sendable {
    package struct Transition: Equatable, Sendable {
        /// The instant from which the offset counts.
        package let at: Instant
        /// Local time minus UTC.
        package let offset: Milliseconds

        package init(at: Instant, offset: Milliseconds) {
            self.at = at
            self.offset = offset
        }
    }

    /// The IANA name, for example `Europe/Paris`.
    package let name: String
    /// Ascending; the first holds for all time before the second.
    package let transitions: [Transition]

    /// Where nothing is said of a zone.
    package static let utc = Self(name: "UTC", transitions: [Transition(at: .distantPast, offset: Milliseconds(0))])

    package init(name: String, transitions: [Transition]) {
        self.name = name
        self.transitions = transitions
    }
}
