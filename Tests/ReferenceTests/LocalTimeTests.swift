import CustomerLifecycle
import Foundation
import PolicyLanguage
import Testing

/// Local times in five zones, worked out minute by minute with the machine's zone data by others.
@Suite struct `Local times of the reference` {
    private struct Case: Decodable {
        let kind: String
        let zone: String
        let local: String?
        let instant: Int64?
        let start: Int64?
        let day: Int64?
        let at: String?
        let birthday: String?
        let after: Int64?
        let quiet: String?
        let t: Int64?
        let ends: Int64?

        /// As the case itself is spelled, for messages.
        var text: String { "\(kind) \(zone) \(local ?? at ?? quiet ?? "") \(start ?? after ?? t ?? 0)" }
    }

    /// Fails nowhere: each case is of one of these kinds.
    private static func answer(_ found: Case, in zone: ZoneTable) throws -> (found: Int64, expected: Int64?) {
        switch found.kind {
        case "local":
            let (date, time) = try #require(try found.local.map(split))
            return (zone.instant(on: date, at: time).milliseconds, found.instant)
        case "day":
            let date = try zone.date(at: Instant(milliseconds: #require(found.start)))
            let day = try date.adding(days: #require(found.day))
            return (zone.instant(on: day, at: try time(#require(found.at))).milliseconds, found.instant)
        case "birthday":
            let words = try #require(found.birthday).split(separator: "-").compactMap { Int($0) }
            let birthday = try #require(Birthday(month: words[0], day: words[1]))
            let after = Instant(milliseconds: try #require(found.after))
            let instant = try zone.instant(
                #require(found.day), daysAfter: birthday, at: time(#require(found.at)), after: after)
            return (instant.milliseconds, found.instant)
        default:
            let ends = try #require(found.quiet).components(separatedBy: " to ").map(time)
            let hours = QuietHours(start: ends[0], end: ends[1])
            let instant = Instant(milliseconds: try #require(found.t))
            #expect(hours.contain(instant, in: zone) == (found.ends != found.t))
            return (zone.end(of: hours, from: instant).milliseconds, found.ends)
        }
    }

    private static func split(_ text: String) throws -> (CivilDate, Milliseconds) {
        let parts = text.split(separator: "T")
        let numbers = parts[0].split(separator: "-").compactMap { Int($0) }
        let date = try #require(CivilDate(year: numbers[0], month: numbers[1], day: numbers[2]))
        return (date, try time(String(parts[1])))
    }

    private static func time(_ text: String) throws -> Milliseconds {
        let numbers = text.split(separator: ":").compactMap { Int64($0) }
        try #require(numbers.count == 2)
        return .minutes(numbers[0] * 60 + numbers[1])
    }

    @Test func `are ours, skipped and doubled ones, birthdays and the ends of quiet hours`() throws {
        let cases = try ReferenceCase.read("calendar.jsonl.gz").map { line in
            try JSONDecoder().decode(Case.self, from: Data(line.utf8))
        }
        #expect(cases.count == 2_000)
        var zones: [String: ZoneTable] = [:]
        var counts: [String: Int] = [:]
        for found in cases {
            let zone = try zones[found.zone] ?? #require(ZoneResolver.table(named: found.zone))
            zones[found.zone] = zone
            let (instant, expected) = try Self.answer(found, in: zone)
            #expect(instant == expected, "\(found.text)")
            counts[found.kind, default: 0] += 1
        }
        #expect(counts.count == 4 && counts.values.allSatisfy { $0 > 100 } && zones.count == 5, "\(counts)")
    }

    /// A look at each minute of the days around each change of the clocks.
    @Test(arguments: ["Europe/Paris", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia"])
    func `are the earliest instants at which the clocks show them`(name: String) throws {
        let zone = try #require(ZoneResolver.table(named: name))
        for transition in zone.transitions.dropFirst().prefix(40) {
            let first = zone.date(at: transition.at).adding(days: -2)
            var earliest: [Int64: Instant] = [:]
            var instant = first.midnight - .days(2)
            while instant < first.midnight + .days(6) {
                let local = zone.date(at: instant).midnight + zone.timeOfDay(at: instant)
                if earliest[local.milliseconds] == nil { earliest[local.milliseconds] = instant }
                instant = instant + .minutes(15)
            }
            for quarter in Int64(0)..<4 * 96 {
                let date = first.adding(days: quarter / 96)
                let time = Milliseconds.minutes(quarter % 96 * 15)
                let found = zone.instant(on: date, at: time)
                if let shown = earliest[(date.midnight + time).milliseconds] {
                    #expect(found == shown, "\(name) \(date) \(time)")
                } else {
                    #expect(found == transition.at, "a gap of \(name) at \(date) \(time)")
                }
            }
        }
    }
}
