import Brokers
import CustomerLifecycle
import PolicyLanguage
import Processor
import Testing
import Wire

@testable import Simulation

/// Devices that several users share, whose events come in any order, with repeats, through processes that lose turns
/// and are killed.
@Suite struct `The least link of each pair of ids` {
    private struct Visit {
        let user: String
        let anonymous: String?
        let previous: String?
        let time: Instant
        let message: String

        var json: [UInt8] {
            let ids = [("anonymousId", anonymous), ("previousId", previous)].map { name, id in
                id.map { "\"\(name)\":\"\($0)\"," } ?? ""
            }
            let type = previous == nil ? #""track","event":"Product Added""# : #""alias""#
            return Array(
                #"{"type":\#(type),"messageId":"\#(message)","userId":"\#(user)",\#(ids.joined())"#.utf8)
                + Array(#""timestamp":"\#(time.rfc3339)"}"#.utf8)
        }

        var links: [String] {
            let subjects = [anonymous.map { "a:\($0)" }, previous.map { "a:\($0)" }, previous.map { "u:\($0)" }]
            return Set(subjects.compactMap { $0 }).filter { $0 != "u:\(user)" }.map { "\($0) \(user)" }
        }

        var stamp: Stamp {
            Stamp(time: time, tieBreaker: Array(message.utf8).withUnsafeBytes { LinkRecord.tieBreaker($0) })
        }
    }

    private static let start = Instant(milliseconds: 1_767_225_600_000)  // 2026-01-01

    @Test(arguments: UInt64(1)...40)
    func `is the same with links left out and with all of them, whatever is lost meanwhile`(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let visits = Self.visits(&dice)
        var expected: [String: Stamp] = [:]
        for visit in visits {
            for link in visit.links { expected[link] = min(expected[link] ?? visit.stamp, visit.stamp) }
        }
        let sparing = try Self.routed(visits, &dice, .leavingOut)
        #expect(sparing.least == expected, "seed \(seed)")
        let full = try Self.routed(visits, &dice, .writingAll)
        #expect(full.least == expected, "seed \(seed)")
        #expect(full.leftOutCount == 0 && sparing.leftOutCount > 0, "seed \(seed)")
    }

    private static func visits(_ dice: inout Dice) -> [Visit] {
        var visits: [Visit] = []
        for number in 0..<50 {
            let user = dice.pick(["anna", "bert", "cleo"])
            let isAlias = dice.happens(percent: 15)
            // Some at the very same instant, some days apart.
            let ago = dice.happens(percent: 70) ? Milliseconds.minutes(dice.number(Int64(1)...40)) : .hours(60)
            visits.append(
                Visit(
                    user: user, anonymous: isAlias && dice.happens(percent: 50) ? nil : dice.pick(["phone", "tablet"]),
                    previous: isAlias ? dice.pick(["old", "phone", "dora"]) : nil, time: start - ago,
                    message: "m\(number)"))
        }
        for _ in 0..<10 { visits.append(dice.pick(visits)) }
        return visits.shuffled(using: &dice)
    }

    private enum Way {
        case leavingOut
        /// A process for each record writes it, so that none knows what another has written.
        case writingAll
    }

    private static func routed(
        _ visits: [Visit], _ dice: inout Dice, _ way: Way
    ) throws -> (least: [String: Stamp], leftOutCount: Int) {
        var steps: [Step] = []
        for (number, visit) in visits.enumerated() {
            let arrival = start + .minutes(Int64(number))
            steps.append(
                .arrives(Input(json: visit.json, arrival: arrival, livePartition: number % 2, words: visit.message)))
            switch way {
            case .leavingOut:
                guard dice.happens(percent: 50) else { continue }
                steps.append(.routes(instance: dice.number(0...1), .turns, fault(&dice)))
            case .writingAll:
                for instance in 0..<2 {
                    steps += [.routes(instance: instance, .turns, nil), .killed(instance: instance)]
                }
            }
        }
        let world = try World(
            History(
                seed: 0, policy: .standard, partitionCount: 2, livePartitionCount: 2, leavesMarkers: false,
                limits: TurnLimits(), clockStep: .zero, routedMax: dice.pick([1, 3, 100]), files: [], start: start,
                steps: steps))
        for step in steps { try world.take(step) }
        try world.drain()
        return (try least(world), world.inspector.leftOutLinkCount)
    }

    private static func fault(_ dice: inout Dice) -> Fault? {
        guard dice.happens(percent: 60) else { return nil }
        let shift = Fault.Shift(place: 0, turnCount: 1, comesBack: true, unsettledPollCount: 0)
        let ends: [Fault.Kind] = [.aborted, .unknownLost, .unknownCommitted, .crash, .rebalanced(shift)]
        return dice.happens(percent: 70)
            ? Fault(kind: dice.pick(ends), moment: .beforeCommit, countdown: dice.number(0...2))
            : Fault(kind: .crash, moment: dice.pick([.afterProduce, .afterCommit]), countdown: dice.number(0...2))
    }

    private static func least(_ world: World) throws -> [String: Stamp] {
        var least: [String: Stamp] = [:]
        for partition in 0..<world.history.partitionCount {
            let fold = try world.recover(partition, FaultyBroker(world.cluster, Client(name: "onlooker")))
            var (facts, said) = (Facts(), Said())
            fold.withState { state in
                state.lendEachSubject { subject in
                    subject.read(into: &facts, &said)
                    for link in facts.links {
                        let pair = [Array(subject.subject), link.user].map { String(decoding: $0, as: UTF8.self) }
                        least[pair.joined(separator: " ")] = link.first
                    }
                }
            }
        }
        return least
    }
}
