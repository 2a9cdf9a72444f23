/// What a log record is. The numbers are part of format 1 and never change.
package enum LogKind: UInt8, CaseIterable, Sendable, CustomStringConvertible {
    case genesis = 1
    case event = 2
    case link = 3
    case component = 4
    case tick = 5
    case adoption = 6
    case caughtUp = 7
    case generation = 8
    case erasure = 9
    case opening = 10

    package var description: String {
        switch self {
        case .genesis: "genesis"
        case .event: "event"
        case .link: "link"
        case .component: "component"
        case .tick: "tick"
        case .adoption: "adoption"
        case .caughtUp: "caught-up"
        case .generation: "generation"
        case .erasure: "erasure"
        case .opening: "opening"
        }
    }
}

/// How the Router came by what the header and the body say.
package struct LogFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// History: it leaves its subject behind.
    package static let backfill = Self(rawValue: 1 << 0)
    /// The claimed time is `originalTimestamp`.
    package static let originalTimestamp = Self(rawValue: 1 << 1)
    /// The device's clock ran ahead; the claimed time was corrected.
    package static let skewCorrected = Self(rawValue: 1 << 2)
    /// The event had no time of its own; Kafka's counts.
    package static let kafkaTime = Self(rawValue: 1 << 3)
    package static let currencyFilledIn = Self(rawValue: 1 << 4)
    /// The time had no zone; the shop's was assumed.
    package static let zoneAssumed = Self(rawValue: 1 << 5)
    package static let scaleFilledIn = Self(rawValue: 1 << 6)
    /// It came by an input that only the shop itself writes: what only the shop may say counts.
    package static let ofOperator = Self(rawValue: 1 << 7)

    static let known = Self(rawValue: 0xFF)
}
