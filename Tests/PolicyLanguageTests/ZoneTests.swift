import CustomerLifecycle
import PolicyLanguage
import Testing

@Suite struct `A zone table` {
    private func offset(_ zone: String, at seconds: Int64) throws -> Int64 {
        let table = try #require(ZoneResolver.table(named: zone))
        let transition = table.transitions.last { $0.at.milliseconds <= seconds * 1_000 } ?? table.transitions[0]
        return transition.offset.count / 1_000
    }

    /// Seconds since 1970 just before and at a change, from `zdump`.
    @Test(arguments: [
        ("Europe/Paris", 1_711_846_799, 3_600), ("Europe/Paris", 1_711_846_800, 7_200),
        ("Europe/Paris", 1_729_990_799, 7_200), ("Europe/Paris", 1_729_990_800, 3_600),
        ("America/New_York", 1_710_053_999, -18_000), ("America/New_York", 1_710_054_000, -14_400),
        ("America/New_York", 1_175_411_000, -14_400),
        ("Australia/Lord_Howe", 1_712_415_599, 39_600), ("Australia/Lord_Howe", 1_712_415_600, 37_800),
        ("Asia/Kolkata", 1_711_846_800, 19_800), ("UTC", 1_711_846_800, 0),
        ("Europe/Paris", 4_086_000_000, 7_200),
    ])
    func `has the offsets that the law gives`(zone: String, seconds: Int64, expected: Int64) throws {
        #expect(try offset(zone, at: seconds) == expected)
    }

    @Test(arguments: [("Asia/Kolkata", 1), ("UTC", 1), ("Europe/Paris", 221), ("Australia/Lord_Howe", 221)])
    func `covers 1990 to 2100, ascending, without idle steps`(zone: String, count: Int) throws {
        let transitions = try #require(ZoneResolver.table(named: zone)).transitions
        #expect(transitions.count == count)
        #expect(transitions[0].at == Instant(milliseconds: 631_152_000_000))
        for (earlier, later) in zip(transitions, transitions.dropFirst()) {
            #expect(earlier.at < later.at)
            #expect(earlier.offset != later.offset)
        }
        #expect(try #require(transitions.last).at < Instant(milliseconds: 4_102_444_800_000))
    }

    @Test(arguments: ["Europe/Pari", "GMT+3", "EST5EDT", "", "/", "../etc/passwd", "europe/paris"])
    func `is not made up`(name: String) { #expect(ZoneResolver.table(named: name) == nil) }

    private let text = Array(
        "policy: t\ntime zone: Europe/Paris\nother time zones: [Asia/Kolkata]\nstages: [{a: otherwise}]".utf8)

    @Test func `is resolved for each zone that a policy names, its own first`() {
        #expect(PolicyCompiler.compile(text).zones.map(\.name) == ["Europe/Paris", "Asia/Kolkata"])
    }

    @Test func `comes from the log on replay, whatever this machine knows`() {
        let old = ["Europe/Paris", "Asia/Kolkata"].map {
            ZoneTable(name: $0, transitions: [.init(at: .distantPast, offset: .hours(9))])
        }
        let compiled = PolicyCompiler.compile(text, zones: old)
        #expect(compiled.policy != nil)
        #expect(compiled.zones == old)
        #expect(compiled.messages == [])
        #expect(
            PolicyCompiler.compile(text, zones: [old[0]]).messages == [
                "policy.yaml:3:20: error: no table of time zone \"Asia/Kolkata\" stands in the record"
            ])
    }
}
