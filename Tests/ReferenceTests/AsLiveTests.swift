import CustomerLifecycle
import Foundation
import Testing
import Wire

/// The events of the reference's customers in the order in which they happened, under the policy each begins with.
@Suite struct `A history as if it had been live` {
    private struct History {
        let id: Int
        let policy: String
        let customer: String
        let events: [(json: [UInt8], at: Instant)]
        let end: Instant

        init?(_ line: Substring) throws {
            let reference = try ActionCase(line: line)
            var events: [(json: [UInt8], at: Instant)] = []
            var end = Instant.distantPast
            for case .event(let json, let appended, _) in reference.log {
                let object = try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
                let claimed = (object["timestamp"] as? String).flatMap(TimeText.parse) ?? appended
                events.append((json, min(claimed, appended)))
                end = max(end, appended)
            }
            self.events = events.sorted { $0.at < $1.at }
            self.end = end + .days(40)
            (id, policy, customer) = (reference.id, reference.policy, reference.customer)
        }

        func asLive() throws -> [String] {
            var course = try ActionCourse(policy, customer: customer)
            for event in events { try course.followAsLive(event.json, at: event.at) }
            course.passAsLive(until: end)
            return course.outputs
        }

        /// With a tick at each review date, and a look at each instant before the next one that `besides` names.
        func ticked(besides: (Instant, Instant) -> [Instant]) throws -> [String] {
            var course = try ActionCourse(policy, customer: customer)
            // No tick goes behind what was there before it.
            var now = Instant.distantPast
            func pass(before instant: Instant, _ course: inout ActionCourse) throws {
                var looks: [Instant] = []
                while true {
                    let due = max(course.reviewAt, now)
                    if looks.isEmpty { looks = besides(min(due, instant), now).filter { $0 > now }.sorted() }
                    if let look = looks.first, look < min(due, instant) {
                        course.look(at: look)
                        looks.removeFirst()
                        now = look
                        continue
                    }
                    guard due < instant else { return }
                    looks.removeAll()
                    try course.follow(.tick(due))
                    now = due
                }
            }
            for event in events {
                try pass(before: event.at, &course)
                // Ticks are not behind, or nothing would be decided at once.
                try course.follow(.tick(event.at - Milliseconds(1)))
                try course.follow(.event(json: event.json, appended: event.at, isBackfill: false))
                now = event.at
            }
            try pass(before: end + Milliseconds(1), &course)
            return course.outputs
        }
    }

    private static let histories: [History] = {
        let lines = (try? ReferenceCase.read("actions.jsonl.gz")) ?? []
        return lines.enumerated().filter { $0.offset % 5 == 0 }.compactMap { try? History($0.element) }
    }()

    @Test func `is what ticks at each review date make of it`() throws {
        var (differing, outputCount): ([String], Int) = ([], 0)
        for history in Self.histories {
            let (ours, ticked) = (try history.asLive(), try history.ticked { _, _ in [] })
            outputCount += ours.count
            if ours != ticked {
                let place = zip(ours, ticked).map({ $0 != $1 }).firstIndex(of: true) ?? min(ours.count, ticked.count)
                differing.append(
                    "\(history.id): \(ours.dropFirst(place).prefix(1)), \(ticked.dropFirst(place).prefix(1))")
            }
        }
        #expect(Self.histories.count >= 500 && outputCount > 5_000)
        #expect(differing.isEmpty, "\(differing.count) differ:\n\(differing.prefix(10).joined(separator: "\n"))")
    }

    /// The theorem of review dates, for actions too: between them nothing changes.
    @Test func `has nothing that a look at any other instant would find`() throws {
        var random = SystemRandomNumberGenerator()
        var differing: [String] = []
        for history in Self.histories.prefix(300) {
            let often = try history.ticked { due, now in
                let near = (1...20).map { due - Milliseconds($0) } + (1...5).map { now + Milliseconds($0) }
                guard due - now > Milliseconds(100) else { return near }
                return near
                    + (0..<5).map { _ in
                        now + Milliseconds(Int64.random(in: 1..<(due - now).count, using: &random))
                    }
            }
            let ours = try history.asLive()
            if ours != often {
                let place = zip(ours, often).map({ $0 != $1 }).firstIndex(of: true) ?? min(ours.count, often.count)
                differing.append(
                    "\(history.id): \(ours.dropFirst(place).prefix(1)), \(often.dropFirst(place).prefix(1))")
            }
        }
        #expect(differing.isEmpty, "\(differing.count) differ:\n\(differing.prefix(10).joined(separator: "\n"))")
    }
}
