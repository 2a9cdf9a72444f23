import CustomerLifecycle
import PolicyLanguage
import Testing

@Suite struct `Phases` {
    private static let head = "policy: t\nstages: [{a: orders >= 2}, {b: orders >= 1}, {c: otherwise}]\n"

    private func compiled(_ phases: String) -> CompiledPolicy {
        PolicyCompiler.compile(Self.head + phases, fileName: "shop.yaml")
    }

    @Test func `name groups of stages anew, in as many vocabularies as are given`() {
        let policy = compiled("phases: {short: {buyers: [a, b], others: c}, long: {one: a, two: b, three: c}}")
        #expect(policy.messages == [])
        #expect(policy.notInForce == [])
        #expect(policy.phases.map(\.name) == ["short", "long"])
        #expect(policy.phases.first?.phases == ["buyers", "others"])
        #expect(policy.phases.first?.phaseOfStage == ["a": "buyers", "b": "buyers", "c": "others"])
    }

    @Test func `may stand above the stages`() {
        let text = "policy: t\nphases: {v: {all: [a]}}\nstages: [{a: otherwise}]"
        #expect(PolicyCompiler.compile(text, fileName: "shop.yaml").messages == [])
    }

    @Test(arguments: [
        ("phases: {v: {x: [a, b]}}", #"3:10: error: no phase for stage "c""#),
        ("phases: {v: {x: [a, b], y: [b, c]}}", #"3:29: error: stage "b" is in two phases"#),
        ("phases: {v: {x: [a, b, bb], y: c}}", #"3:24: error: unknown stage "bb"; did you mean "b"?"#),
        (
            "phases: {Five Steps: {x: [a, b, c]}}",
            #"3:10: error: "Five Steps" is not a name; use small letters, digits and _"#
        ),
        ("phases: {v: {x: {a: b}}}", "3:17: error: expected stages"),
        ("phases: [v]", "3:9: error: expected phases as \"key: value\" lines"),
    ])
    func `that are wrong are told where they are`(phases: String, message: String) {
        let policy = compiled(phases)
        #expect(policy.messages.contains("shop.yaml:\(message)"), "\(policy.messages)")
        #expect(policy.policy == nil)
    }

    /// Earlier builds looked into no phases, and nobody's stage depends on them.
    @Test func `that are wrong are left out of a policy that was adopted`() throws {
        let text = Array((Self.head + "phases: {bad: {x: a}, good: {x: [a, b, c]}}").utf8)
        let adopted = PolicyCompiler.compile(text, zones: [])
        #expect(adopted.policy != nil)
        #expect(adopted.phases.map(\.name) == ["good"])
    }
}
