import Testing

@testable import CustomerLifecycle

extension Scenario {
    fileprivate mutating func grants(
        _ purpose: String, on day: Int64, until end: Int64? = nil, isMarketing: Bool = true
    ) {
        happens(
            .consented, on: day,
            consents: [
                ConsentChange(
                    channel: .email, purpose: .of(purpose), isMarketing: isMarketing,
                    act: .granted(validUntil: end.map { .day($0) }))
            ])
    }

    fileprivate mutating func withdraws(_ purpose: String, on day: Int64, act: ConsentChange.Act = .withdrawn) {
        happens(
            .consented, on: day,
            consents: [ConsentChange(channel: .email, purpose: .of(purpose), isMarketing: true, act: act)])
    }
}

@Suite struct `What is said of consents` {
    @Test func `is whether they stand, after the change of stage of the same record, in one sequence with it`() {
        var scenario = Scenario(.reference)
        scenario.grants("marketing", on: 1)
        scenario.withdraws("marketing", on: 2, act: .withdrawnFromChannel)
        #expect(scenario.notices.map(\.text) == ["email marketing allowed", "email marketing withdrawn"])
        #expect(scenario.published.map(\.sequence) == [1])
        #expect(scenario.notices.map(\.sequence) == [2, 3])
        #expect(scenario.notices.map(\.position) == [.init(offset: 0, ordinal: 1), .init(offset: 1, ordinal: 0)])
    }

    @Test func `is said once, however often it is granted or withdrawn`() {
        var scenario = Scenario(.reference)
        scenario.withdraws("orders", on: 1)
        scenario.withdraws("orders", on: 2)
        scenario.grants("orders", on: 3, isMarketing: false)
        scenario.grants("orders", on: 4, isMarketing: false)
        #expect(scenario.notices.map(\.text) == ["email orders withdrawn", "email orders allowed"])
    }

    @Test func `says that one ran out when it did, though no rule reads it`() {
        var scenario = Scenario(.of([("here", nil)]))
        scenario.grants("orders", on: 1, until: 5, isMarketing: false)
        scenario.timePasses(until: 9)
        scenario.timePasses(until: 12)
        #expect(scenario.notices.map(\.text) == ["email orders allowed", "email orders expired"])
        #expect(scenario.notices.map(\.time) == [.day(1), .day(5)])
    }

    @Test func `says that one ran out also where an order comes at that very instant`() {
        var scenario = Scenario(.of([("here", nil)]))
        scenario.grants("orders", on: 1, until: 5, isMarketing: false)
        scenario.orders("o", on: 5)
        scenario.timePasses(until: 9)
        #expect(scenario.notices.map(\.text) == ["email orders allowed", "email orders expired"])
    }

    @Test func `says marketing for a list of it, as long as one of them stands`() {
        var scenario = Scenario(.reference)
        scenario.grants("news", on: 1)
        scenario.grants("tips", on: 2, until: 6)
        scenario.withdraws("news", on: 3)
        scenario.timePasses(until: 9)
        #expect(
            scenario.notices.map(\.text) == [
                "email marketing allowed", "email news allowed", "email tips allowed", "email news withdrawn",
                "email marketing expired", "email tips expired",
            ])
        #expect(scenario.notices.map(\.sequence) == [2, 3, 4, 5, 6, 7])
    }

    @Test func `says withdrawn when its list is one of marketing no more`() {
        var scenario = Scenario(.reference)
        scenario.grants("news", on: 1)
        scenario.grants("news", on: 2, isMarketing: false)
        #expect(
            scenario.notices.map(\.text) == [
                "email marketing allowed", "email news allowed", "email marketing neverGranted",
            ])
    }

    private func standings(_ scenario: borrowing Scenario, on day: Int64) -> [String] {
        var standings: [ConsentStanding] = []
        scenario.subject("u:ada")?.facts.listConsents(at: .day(day), into: &standings)
        return standings.map { "\($0.purpose.text) \($0.state) on \(($0.since - .day(0)).count / 86_400_000)" }
    }

    @Test func `counts since the grant that allows it, the withdrawal that counts, or its end`() {
        var scenario = Scenario(.reference)
        scenario.grants("news", on: 1)
        scenario.grants("tips", on: 2, until: 6)
        #expect(standings(scenario, on: 3) == ["marketing allowed on 1", "news allowed on 1", "tips allowed on 2"])
        #expect(standings(scenario, on: 7).last == "tips expired on 6")
        // All of the channel, the lists included, though the withdrawal names none.
        scenario.withdraws("marketing", on: 4, act: .withdrawnFromChannel)
        #expect(
            standings(scenario, on: 5) == ["marketing withdrawn on 4", "news withdrawn on 4", "tips withdrawn on 4"])
        scenario.grants("news", on: 8)
        #expect(standings(scenario, on: 9).prefix(2) == ["marketing allowed on 8", "news allowed on 8"])
    }

    @Test func `is that one is kept no longer, where it stood and more than 512 are known`() {
        var scenario = Scenario(.reference)
        scenario.grants("news", on: 1)
        scenario.withdraws("old", on: 2)
        for list in 0..<510 { scenario.grants("list \(list)", on: 3, isMarketing: false) }
        #expect(scenario.subject("u:ada")?.facts.isTruncated == false)
        let count = scenario.notices.count
        scenario.grants("last", on: 4, isMarketing: false)
        #expect(
            scenario.notices.dropFirst(count).map(\.text) == [
                "email marketing neverGranted", "email last allowed", "email news neverGranted",
            ])
        scenario.grants("more", on: 5, isMarketing: false)
        // Nobody was told that the one that went now was allowed.
        #expect(scenario.notices.last?.text == "email more allowed")
        scenario.grants("news", on: 1)
        #expect(scenario.notices.last?.text == "email more allowed")
        #expect(scenario.notices.map(\.sequence) == Array(2...UInt64(scenario.notices.count + 1)))
    }

    @Test func `is taken back with its turn`() {
        var scenario = Scenario(.reference)
        scenario.orders("o", on: 0)
        scenario.beginTurn()
        scenario.grants("marketing", on: 1)
        scenario.abandonTurns()
        scenario.grants("marketing", on: 1)
        #expect(scenario.notices.map(\.sequence) == [2])
    }
}

@Suite struct `A life` {
    @Test func `ends with being forgotten, and the next begins with a sequence and a first record of its own`() {
        var scenario = Scenario(.reference)
        scenario.happens(.visited, on: 0, of: "a:x")
        scenario.timePasses(until: 500)
        scenario.happens(.visited, on: 600, of: "a:x")
        #expect(scenario.notices.map(\.text) == ["forgotten as visitor, silent since \(Instant.day(0))"])
        #expect(scenario.notices.map(\.sequence) == [2])
        #expect(scenario.notices.map(\.life) == [0])
        #expect(scenario.published.map(\.sequence) == [1, 1])
        #expect(scenario.published.map(\.life) == [0, 2])
    }

    @Test func `ends in the record that brings the visitor back, where no tick was first`() {
        var scenario = Scenario(.reference)
        scenario.happens(.visited, on: 0, of: "a:x")
        scenario.happens(.visited, on: 600, of: "a:x")
        #expect(scenario.notices.map(\.position) == [.init(offset: 1, ordinal: 0)])
        #expect(scenario.published.map(\.life) == [0, 1])
        #expect(scenario.published.last?.position == .init(offset: 1, ordinal: 1))
    }

    @Test func `outlives changes of stage and a checkpoint`() {
        var scenario = Scenario(.reference)
        scenario.happens(.visited, on: 0)
        scenario.orders("o", on: 1)
        scenario.recoversFromCheckpoint()
        scenario.timePasses(until: 1_000)
        #expect(scenario.published.count > 2)
        #expect(scenario.published.allSatisfy { $0.life == 0 })
        #expect(scenario.published.map(\.sequence) == Array(1...UInt64(scenario.published.count)))
    }
}
