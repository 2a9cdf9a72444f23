import CustomerLifecycle
import Testing

@Suite struct `Complaints` {
    @Test(
        arguments: [
            ([(.complaintOpened(.of("c")), 1)], [1, 1]),
            ([(.complaintOpened(.of("c")), 1), (.complaintOpened(.of("d")), 1)], [2, 2]),
            ([(.complaintOpened(.of("c")), 1), (.complaintOpened(.of("c")), 2)], [1, 1]),
            ([(.complaintOpened(.of("c")), 1), (.complaintResolved(.of("c")), 2)], [1, 0]),
            (
                [(.complaintOpened(.of("c")), 1), (.complaintResolved(.of("c")), 2), (.complaintOpened(.of("c")), 3)],
                [1, 1]
            ),
            ([(.complaintResolved(.of("c")), 2)], [0, 0]),
            ([(.markedAsSpam(.of("c")), 2)], [1, 0]),
            ([(.markedAsSpam(.of("c")), 2), (.complaintOpened(.of("d")), 1)], [2, 1]),
        ] as [([(StorefrontEvent.Kind, Int64)], [Int64])])
    func `are open by their last report, in any order of arrival`(
        events: [(StorefrontEvent.Kind, Int64)], expected: [Int64]
    ) {
        for events in permutations(events) {
            var scenario = Scenario(.reference)
            for (kind, day) in events { scenario.happens(kind, on: day) }
            #expect([Fact.complaints, .openComplaints].map { scenario.value(of: $0) } == expected)
        }
    }

    @Test func `keep the day they were first opened`() {
        var scenario = Scenario(.asking(.counted(.complaints, inLast: .days(10), .greaterOrEqual, 1)))
        scenario.happens(.complaintOpened(.of("c")), on: 5)
        scenario.happens(.complaintOpened(.of("c")), on: 0)
        scenario.timePasses(until: 100)
        #expect(scenario.moves.last == .move("yes", "no", on: 10, plus: 1))
    }
}

@Suite struct `Opinions` {
    @Test func `a later review of the same product replaces the earlier, in any order of arrival`() {
        let reviews: [(String, Int, Int64)] = [("p", 200, 1), ("p", 800, 3), ("q", 400, 2)]
        for reviews in permutations(reviews) {
            var scenario = Scenario(.reference)
            for (id, score, day) in reviews { scenario.happens(.reviewed(.of(id), .of(score)), on: day) }
            #expect([Fact.reviews, .lastReview].map { scenario.value(of: $0) } == [2, 800])
        }
    }

    @Test func `a review is dated as its first report, in any order of arrival, and the last one is its score`() {
        let policy = Policy.asking(.counted(.reviews, inLast: .days(2), .greaterOrEqual, 1))
        for days in permutations([Int64(1), 5, 9]) {
            var scenario = Scenario(policy)
            for day in days { scenario.happens(.reviewed(.of("p"), .of(100 * Int(day))), on: day) }
            scenario.happens(.seen, on: 9)
            #expect(scenario.value(of: .lastReview) == 900)
            #expect(scenario.stage() == "no")
        }
    }

    @Test func `the last survey and the last share are the newest, and unknown before`() {
        var scenario = Scenario(.reference)
        scenario.happens(.seen, on: 0)
        #expect([Fact.lastSurvey, .lastReview, .lastShare].map { scenario.value(of: $0) } == [nil, nil, nil])
        scenario.happens(.surveyAnswered(.of(900)), on: 5)
        scenario.happens(.surveyAnswered(.of(100)), on: 4)
        scenario.happens(.shared(nil), on: 5)
        scenario.happens(.shared(nil), on: 4)
        #expect(scenario.value(of: .lastSurvey) == 900)
        #expect(scenario.value(of: .lastShare) == Instant.day(5).milliseconds)
    }
}

@Suite struct `Presence` {
    @Test func `the first and the last are the extremes, and what is no sign of life moves the first alone`() {
        var scenario = Scenario(.reference)
        scenario.happens(.seen, on: 5)
        scenario.happens(.noticed, on: 9)
        scenario.happens(.seen, on: 3)
        scenario.happens(.noticed, on: 1)
        #expect(scenario.value(of: .firstSeen) == Instant.day(1).milliseconds)
        #expect(scenario.value(of: .lastSeen) == Instant.day(5).milliseconds)
    }

    @Test(
        arguments: [
            (.seen, nil), (.noticed, nil), (.shared(nil), nil), (.signedUp, 4), (.identified(Traits()), 4),
            (.completed("o"), 4), (.refunded("o", nil), nil), (.cancelled("o"), nil), (.updated("o", 1), nil),
            (.surveyAnswered(.of(1)), nil), (.unrelated, nil),
        ] as [(StorefrontEvent.Kind, Int64?)])
    func `a person is known since the first event that names one`(kind: StorefrontEvent.Kind, day: Int64?) {
        var scenario = Scenario(.reference)
        scenario.happens(kind, on: 4)
        #expect(scenario.value(of: .knownSince) == day.map { Instant.day($0).milliseconds })
    }

    @Test func `an unrelated event makes no customer`() {
        var scenario = Scenario(.reference)
        scenario.happens(.unrelated, on: 4)
        #expect(scenario.subject("u:ada") == nil)
        #expect(scenario.partition.progress.newestEvent == .day(4))
    }

    @Test func `only a user is identified`() {
        var scenario = Scenario(.asking(.identified(true)))
        scenario.happens(.seen, on: 0, of: "u:ada")
        scenario.happens(.seen, on: 0, of: "a:ada")
        #expect([scenario.stage(of: "u:ada"), scenario.stage(of: "a:ada")] == ["yes", "no"])
    }

    @Test func `the profile fills, and the birthday is the last one said`() {
        var scenario = Scenario(.asking(.all([.has(.profile, 1, true), .has(.profile, 8, false)])))
        scenario.happens(.identified(Traits(profile: [.phone], birthday: Birthday(month: 2, day: 29))), on: 2)
        #expect(scenario.stage() == "no")
        scenario.happens(.identified(Traits(profile: [.email], birthday: Birthday(month: 3, day: 1))), on: 1)
        #expect(scenario.stage() == "yes")
        #expect(scenario.value(of: .birthday) == 229)
        #expect(scenario.value(of: .profile) == 7)
    }

    @Test func `locale and time zone are those of the newest event that says them`() {
        var scenario = Scenario(.reference)
        for (day, locale) in [(Int64(2), "fr-FR"), (1, "de-DE")] {
            let event = StorefrontEvent(
                claimed: .day(day), received: .day(day), tieBreaker: 1, kind: .seen, locale: .of(locale),
                timeZone: .of("Zone/\(day)"))
            scenario.fold(.event(event, "u:ada", isBackfill: false), appended: .day(9))
        }
        let facts = scenario.subject("u:ada")?.facts
        #expect(facts?.locale?.value == .of("fr-FR"))
        #expect(facts?.timeZone?.value == .of("Zone/2"))
    }
}

/// A condition on an unknown fact does not hold, and neither does its opposite.
@Suite struct `The unknown` {
    @Test(arguments: [Policy.Comparison.less, .lessOrEqual, .equal, .notEqual, .greaterOrEqual, .greater])
    func `fails every comparison`(comparison: Policy.Comparison) {
        let unknown: [Condition] = [
            .since(.lastOrder, comparison, .days(90)), .since(.lastShare, comparison, .days(90)),
            .compare(.fact(.averageOrder), comparison, 0), .compare(.fact(.silenceBeforeLastOrder), comparison, 0),
            .compare(.fact(.lastSurvey), comparison, 0), .compare(.fact(.lastReview), comparison, 0),
            .compare(0, comparison, .fact(.usualGap)), .since(.firstSeen, comparison, .fact(.usualGap)),
            .counted(.orders, inLast: .days(1), comparison, .fact(.timeToSecondOrder)),
        ]
        var scenario = Scenario(.asking(.any(unknown)))
        scenario.happens(.seen, on: 0)
        scenario.timePasses(until: 300)
        #expect(scenario.moves == [.move(nil, "no", on: 0)])
    }

    @Test(arguments: [
        Fact.orders, .undoneOrders, .discountedOrders, .revenue, .margin, .complaints, .openComplaints, .reviews,
        .referrals, .identified, .profile, .cycle, .firstSeen,
    ])
    func `is no count, sum, set or flag`(fact: Fact) {
        var scenario = Scenario(.asking(.known(fact, true)))
        scenario.happens(.seen, on: 0)
        #expect(scenario.stage() == "yes")
    }

    @Test(arguments: [
        Fact.lastOrder, .firstOrder, .averageOrder, .silenceBeforeLastOrder, .usualGap, .timeToSecondOrder, .lastSurvey,
        .lastReview, .lastShare, .birthday, .knownSince,
    ])
    func `can be asked for`(fact: Fact) {
        var scenario = Scenario(.asking(.known(fact, false)))
        scenario.happens(.seen, on: 0)
        #expect(scenario.stage() == "yes")
    }

    @Test func `a personal cadence is bounded on both sides, towards zero`() {
        // 2.9 × usual gap, at least 40 days, at most 182 days.
        let patience = Amount.fact(
            .usualGap, .times(hundredths: 290), .atLeast(Milliseconds.days(40).count),
            .atMost(Milliseconds.days(182).count))
        for (orders, days) in [(1, Int64(182)), (2, 101), (20, 40)] {
            var scenario = Scenario(.asking(.since(.lastOrder, .greater, patience)))
            for order in 1...orders { scenario.orders("o\(order)", on: 0) }
            scenario.timePasses(until: 1_000)
            // 2.9 × 35 days are 101.5 days.
            let half: Int64 = orders == 2 ? 43_200_000 : 0
            #expect(scenario.moves.last == .move("no", "yes", on: days, plus: half + 1))
        }
    }
}
