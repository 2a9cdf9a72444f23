import Testing

@testable import PolicyLanguage

@Suite struct `The guide to facts` {
    @Test func `has every fact that a condition may use, and no other`() {
        let phrases = FactGuide.all.map(\.phrase)
        #expect(Set(phrases).count == phrases.count)
        let more = ["consent to CHANNEL PURPOSE", "reachable by CHANNEL", "since INSTANT", "stage in STAGE, …"]
        #expect(phrases == FactWord.all.map(\.phrase) + more)
        #expect(FactGuide.all.allSatisfy { !$0.meaning.isEmpty })
    }

    @Test(arguments: FactGuide.all.map(\.example))
    func `shows lines that can be pasted into a policy`(example: String) throws {
        let guide = try #require(FactGuide.all.first { $0.example == example })
        let policy = """
            policy: t
            currency: EUR
            cycle ends after: 182 days
            assume: {gap between orders: 70 days, margin: 40 %, delivery promise: 3 days}
            referral: {hold: 14 days}
            contact: {cost: {email: 2 EUR per 1000}}
            stages: [{a: \(guide.isForSegmentsOnly ? "orders > 1}, {loyal: orders = 1}, {at_risk" : "'\(example)'}, {b"): otherwise}]
            segments: {c: '\(example)'}
            """
        #expect(PolicyCompiler.compile(policy).errors.map(\.message) == [])
        let ofStage = policy.replacing("a: orders > 1", with: "a: '\(example)'")
        #expect(PolicyCompiler.compile(ofStage).errors.isEmpty == !guide.isForSegmentsOnly)
        let word = guide.phrase.split(separator: " ").prefix { !$0.contains(where: \.isUppercase) }
            .joined(separator: " ")
        #expect(example.contains(word), "\(guide.phrase): \(example)")
    }

    @Test func `says what a policy must say itself before it may use one`() throws {
        for guide in FactGuide.all where !guide.needs.isEmpty {
            let policy = "policy: t\nstages: [{b: otherwise}]\nsegments: {a: '\(guide.example)'}"
            let messages = PolicyCompiler.compile(policy).errors.map(\.message)
            #expect(guide.needs.allSatisfy { need in messages.contains { $0.contains(need) } }, "\(guide.phrase)")
        }
    }
}
