import CommandLine
package import CustomerLifecycle
import Foundation

/// Looks up the rules of time zones in the machine's zone data. Done once, when a policy is compiled for adoption; from
/// then on the tables travel with it, so that new zone data is a visible change of the policy.
package enum ZoneResolver {
    /// 1990-01-01T00:00:00Z and 2100-01-01T00:00:00Z.
    private static let first: Int64 = 631_152_000
    private static let end: Int64 = 4_102_444_800

    /// Nil: no such zone.
    package static func table(named name: String) -> ZoneTable? {
        // Foundation also takes abbreviations and offsets (`GMT+3`), which no law keeps.
        guard isIANA(name), let zone = TimeZone(identifier: name) else { return nil }
        let start = Date(timeIntervalSince1970: TimeInterval(first))
        var transitions = [ZoneTable.Transition(zone, from: start)]
        var last = start
        while let next = zone.nextDaylightSavingTimeTransition(after: last), next > last,
            Int64(next.timeIntervalSince1970) < end
        {
            let transition = ZoneTable.Transition(zone, from: next)
            if transition.offset != transitions.last?.offset { transitions.append(transition) }
            last = next
        }
        return ZoneTable(name: name, transitions: transitions)
    }

    /// `unknown time zone "Europe/Pari"; did you mean "Europe/Paris"?`
    package static func unknownMessage(_ name: String) -> String {
        let known = TimeZone.knownTimeZoneIdentifiers.filter(isIANA) + ["UTC"]
        return Suggestion.message(unknown: "time zone", name, among: known)
    }

    private static func isIANA(_ name: String) -> Bool { name == "UTC" || name.contains("/") }
}

extension ZoneTable.Transition {
    fileprivate init(_ zone: TimeZone, from date: Date) {
        self.init(
            at: Instant(milliseconds: Int64(date.timeIntervalSince1970) * 1_000),
            offset: .seconds(Int64(zone.secondsFromGMT(for: date))))
    }
}
