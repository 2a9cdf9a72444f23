import CustomerLifecycle
import Testing

/// What the shop decides against the policy.
@Suite struct `An override` {
    private static let policy = Policy.of([
        ("active", .compare(.fact(.orders), .greaterOrEqual, 2)), ("buyer", .compare(.fact(.orders), .equal, 1)),
        ("visitor", nil),
    ])

    @Test func `decides the stage until its end, and says that it does`() {
        var scenario = Scenario(Self.policy)
        scenario.orders("a", on: 0)
        scenario.happens(.override("active", until: 10), on: 1)
        scenario.orders("b", on: 2)
        scenario.happens(.cancelled("b"), on: 3)
        scenario.timePasses(until: 20)
        #expect(
            scenario.moves == [
                .move(nil, "buyer", on: 0), .move("buyer", "active", on: 1), .move("active", "buyer", on: 10),
            ])
        #expect(scenario.published.map(\.trigger) == [.event, .override, .override])
        #expect(scenario.published[1].description?.findings.isEmpty == true)
        #expect(scenario.published[1].description?.forecast?.at == .day(10))
    }

    @Test func `stands until it is cleared where it names no end, whichever was written last`() {
        for kinds in permutations([
            (StorefrontEvent.Kind.override("active"), Int64(1)), (.overridden(nil), 5), (.override("visitor"), 9),
        ]) {
            var scenario = Scenario(Self.policy)
            scenario.orders("a", on: 0)
            for (kind, day) in kinds { scenario.happens(kind, on: day) }
            #expect(scenario.stage() == "visitor")
            scenario.happens(.overridden(nil), on: 10)
            #expect(scenario.stage() == "buyer")
            #expect(scenario.published.last?.trigger == .override)
        }
    }

    @Test func `of a stage that the policy lacks changes nothing`() {
        var scenario = Scenario(Self.policy)
        scenario.orders("a", on: 0)
        scenario.happens(.override("platinum"), on: 1)
        #expect(scenario.moves == [.move(nil, "buyer", on: 0)])
    }

    @Test func `of a stage that the policy lacks does not end the one before it, whichever is known first`() {
        for kinds in permutations([
            (StorefrontEvent.Kind.override("active", until: 10), Int64(1)), (.override("platinum"), 2),
            (.override("gold", until: 3), 3),
        ]) {
            var scenario = Scenario(Self.policy)
            scenario.orders("a", on: 0)
            for (kind, day) in kinds { scenario.happens(kind, on: day) }
            #expect(scenario.stage() == "active")
            scenario.timePasses(until: 20)
            #expect(scenario.moves.last == .move("active", "buyer", on: 10))
        }
    }

    @Test func `that is cleared stays so, whatever stages are set that the policy lacks`() {
        for kinds in permutations([
            (StorefrontEvent.Kind.override("active"), Int64(1)), (.overridden(nil), 2), (.override("platinum"), 3),
        ]) {
            var scenario = Scenario(Self.policy)
            scenario.orders("a", on: 0)
            for (kind, day) in kinds { scenario.happens(kind, on: day) }
            #expect(scenario.stage() == "buyer")
        }
    }

    @Test func `is kept of the four stages set last, each once`() {
        var scenario = Scenario(Self.policy)
        scenario.orders("a", on: 0)
        scenario.happens(.override("active"), on: 1)
        for day in Int64(2)...10 { scenario.happens(.override("s\(day % 3)"), on: day) }
        #expect(scenario.stage() == "active")
        let kept = scenario.subject("u:ada")?.facts.overrides.map { $0.value?.stage.text }
        #expect(kept == ["active", "s2", "s0", "s1"])
        scenario.happens(.override("s3"), on: 11)
        #expect(scenario.stage() == "buyer")
        scenario.happens(.overridden(nil), on: 12)
        #expect(scenario.subject("u:ada")?.facts.overrides.count == 1)
    }

    @Test func `wins over the word of the same instant that the policy decides again`() {
        for kinds in permutations([StorefrontEvent.Kind.override("active"), .overridden(nil), .overridden(nil)]) {
            var scenario = Scenario(Self.policy)
            scenario.orders("a", on: 0)
            for kind in kinds { scenario.happens(kind, on: 1) }
            #expect(scenario.stage() == "active")
        }
    }

    @Test func `that has ended before it is known changes nothing`() {
        var scenario = Scenario(Self.policy)
        scenario.orders("a", on: 20)
        scenario.happens(.override("active", until: 10), on: 1)
        #expect(scenario.moves == [.move(nil, "buyer", on: 20)])
    }
}

extension StorefrontEvent.Kind {
    fileprivate static func override(_ stage: String, until day: Int64? = nil) -> Self {
        .overridden(StageOverride(stage: .of(stage), until: day.map { .day($0) }, actor: nil, reason: nil))
    }
}
